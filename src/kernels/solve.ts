// Finds attribute values under which conditions hold or fail: a small backtracking search over the combinators, lazily, the values
// nearest to the declared defaults first. Incomplete where a plain function needs values that neither its hints nor the tables name.
import { type Condition, holds, type Path, type Plain, type Read, readsOf, type Value } from '../core/conditions.ts';
import { candidatesIn } from './candidates.ts';

export type Assignment = Readonly<Record<Path, Value>>;

export interface Goal {
  readonly condition: Condition;
  readonly holds: boolean;
}

/** What the solver knows of an attribute path before it looks at any condition. */
export interface Known {
  /** The value that the path has unless it is set. */
  readonly default: (path: Path) => Value;
  /** Further values worth trying, most sensible first. */
  readonly alternatives?: (path: Path) => readonly Value[];
}

export const wants = (condition: Condition): Goal => ({ condition, holds: true });
export const fails = (condition: Condition): Goal => ({ condition, holds: false });

interface Search {
  readonly known: Known;
  readonly candidates: (path: Path) => readonly Value[];
  /** Trials left; a search that needs more gives up. */
  left: number;
}

/** Every row of the model needs less; without it a goal that cannot be met tries all combinations. */
const mostTrials = 5_000;

/**
 * Assignments that meet the goals and that the candidates allow; each names every path that a goal needed. `turn` begins every path's
 * candidates that much later than at the default, for a solution of another kind.
 */
export function* solutions(goals: readonly Goal[], known: Known, turn = 0): Generator<Assignment> {
  const conditions = goals.map((goal) => goal.condition);
  const candidates = candidatesIn(conditions, known);
  const open = narrowed(goals, [], {});
  yield* meet(open ?? [], {}, { known, candidates: (path) => turned(candidates(path), turn), left: mostTrials });
}

const turned = (values: readonly Value[], turn: number): readonly Value[] => {
  const start = turn % values.length;
  return start === 0 ? values : [...values.slice(start), ...values.slice(0, start)];
};

/** Every assignment of the conditions' paths that differs from the defaults in at most two, whether it meets the goals or not. */
export const variations = (goals: readonly Goal[], known: Known): Generator<Assignment> => {
  const conditions = goals.map((goal) => goal.condition);
  const paths = [...new Set(conditions.flatMap(readsOf))];
  return varied(paths, { known, candidates: candidatesIn(conditions, known), left: mostTrials });
};

/** The first assignment that meets the goals; null when the search finds none. */
export const solve = (goals: readonly Goal[], known: Known): Assignment | null => solutions(goals, known).next().value ?? null;

/** Takes the goal with the fewest open paths next, so that what cannot be met shows early. */
function* meet(goals: readonly Goal[], assigned: Assignment, search: Search): Generator<Assignment> {
  if (search.left <= 0) return;
  const [next, ...rest] = goals
    .map((goal) => ({ goal, open: openPaths(goal, assigned).length }))
    .sort((a, b) => a.open - b.open)
    .map(({ goal }) => goal);
  if (next) yield* branch(next, rest, assigned, search);
  else yield assigned;
}

const readPaths = new WeakMap<Condition, readonly Path[]>();

/** What a condition reads, worked out once. */
const pathsOf = (condition: Condition): readonly Path[] => {
  const found = readPaths.get(condition) ?? readsOf(condition);
  readPaths.set(condition, found);
  return found;
};

const openPaths = (goal: Goal, assigned: Assignment): Path[] => pathsOf(goal.condition).filter((path) => !(path in assigned));

/** What is left of a condition once some paths are assigned; a boolean where nothing is. */
const residual = (condition: Condition, assigned: Assignment): Condition | boolean => {
  if ('not' in condition) {
    const inner = residual(condition.not, assigned);
    return typeof inner === 'boolean' ? !inner : { not: inner };
  }
  if ('all' in condition || 'any' in condition) {
    const decides = 'any' in condition;
    const parts = (decides ? condition.any : condition.all).map((part) => residual(part, assigned));
    if (parts.includes(decides)) return decides;
    const open = parts.filter((part): part is Condition => typeof part !== 'boolean');
    return open.length === 0 ? !decides : decides ? { any: open } : { all: open };
  }
  return pathsOf(condition).every((path) => path in assigned) ? holds(condition, (path) => assigned[path]!) : condition;
};

/** The goals that are still open once `paths` are assigned; null when one of them cannot be met any more. */
const narrowed = (goals: readonly Goal[], paths: readonly Path[], assigned: Assignment): Goal[] | null => {
  const open: Goal[] = [];
  for (const goal of goals) {
    const left = pathsOf(goal.condition).some((path) => paths.includes(path)) ? residual(goal.condition, assigned) : goal.condition;
    if (typeof left !== 'boolean') open.push(left === goal.condition ? goal : { condition: left, holds: goal.holds });
    else if (left !== goal.holds) return null;
  }
  return open;
};

function* branch(goal: Goal, rest: readonly Goal[], assigned: Assignment, search: Search): Generator<Assignment> {
  const { condition, holds: wanted } = goal;
  if ('not' in condition) return yield* meet([{ condition: condition.not, holds: !wanted }, ...rest], assigned, search);
  const parts = 'all' in condition ? condition.all : 'any' in condition ? condition.any : null;
  if (parts === null) return yield* leaf(goal, rest, assigned, search);
  const goals = parts.map((part) => ({ condition: part, holds: wanted }));
  if ('all' in condition === wanted) return yield* meet([...goals, ...rest], assigned, search);
  for (const part of goals) yield* meet([part, ...rest], assigned, search);
}

/** A comparison, a test for emptiness or a plain function: tries values for what it reads and is not assigned yet. */
function* leaf(goal: Goal, rest: readonly Goal[], assigned: Assignment, search: Search): Generator<Assignment> {
  for (const values of trials(goal.condition, openPaths(goal, assigned), assigned, search)) {
    search.left -= 1;
    if (search.left <= 0) return;
    const next = { ...assigned, ...values };
    if (holds(goal.condition, readerOf(next, search.known)) !== goal.holds) continue;
    const open = narrowed(rest, Object.keys(values), next);
    if (open) yield* meet(open, next, search);
  }
}

export const readerOf =
  (assigned: Assignment, known: Known): Read =>
  (path) =>
    path in assigned ? assigned[path]! : known.default(path);

/** Values for the open paths: a plain function's own examples first, then every combination while there are few. */
function* trials(condition: Condition, open: readonly Path[], assigned: Assignment, search: Search): Generator<Assignment> {
  if ('plain' in condition) yield* examples(condition.plain, assigned);
  if (open.length <= 2) yield* combinations(open, search);
  else yield* varied(open, search);
}

/** An example says all it needs; it counts only where it agrees with what is assigned. */
function* examples({ example, counterExample }: Plain, assigned: Assignment): Generator<Assignment> {
  for (const found of [example, counterExample]) {
    if (found && Object.entries(found).every(([path, value]) => !(path in assigned) || assigned[path] === value)) yield found;
  }
}

function* combinations(open: readonly Path[], search: Search): Generator<Assignment> {
  const [path, ...rest] = open;
  if (path === undefined) return yield {};
  for (const value of search.candidates(path)) for (const others of combinations(rest, search)) yield { [path]: value, ...others };
}

/** Many paths: the defaults, then one or two of them changed. */
function* varied(open: readonly Path[], search: Search): Generator<Assignment> {
  const start = Object.fromEntries(open.map((path) => [path, search.known.default(path)]));
  yield start;
  for (const path of open) for (const value of search.candidates(path)) yield { ...start, [path]: value };
  for (const [index, path] of open.entries())
    for (const other of open.slice(index + 1)) for (const values of combinations([path, other], search)) yield { ...start, ...values };
}
