// Loops, run until a round brings nothing new, and switches, whose cases are branches of one test.
import type { Expression, Statement } from '../c/syntax.ts';
import { afterwards, leaveBranch } from './branches.ts';
import { evaluate } from './evaluate.ts';
import { execute, executeBlock } from './execute.ts';
import type { Frame } from './frame.ts';
import { constantName } from './refine.ts';
import { rootsOf, termsOf } from './roots.ts';
import { meet, type State, sameValues } from './state.ts';
import { taken } from './test.ts';
import { unknown, type Value } from './values.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** An iterating macro sets its first variable, and others that hold nothing yet, from what it walks over. */
const iterated = (state: State, test: Expression): void => {
  const items = flat(test);
  const bits = items.reduce((all, item) => all | (item.kind === 'name' ? 0 : rootsOf(state, item)), 0);
  for (const [index, item] of items.entries()) {
    const held = item.kind === 'name' && constantName(item) === null ? state.values.get(item.name) : undefined;
    if (item.kind !== 'name' || held === undefined || (index > 0 && held.length > 0)) continue;
    state.values.set(item.name, [unknown(item.name)]);
    state.roots.set(item.name, bits);
  }
};

export const flat = (test: Expression): Expression[] => (test.kind === 'list' ? test.items.flatMap(flat) : [test]);

/** One round from `state`; the state that goes on to the next one. */
const round = (frame: Frame, state: State, { test, step, body, each }: Of<'loop'>, leaves: boolean): State | null => {
  const depth = state.guards.length;
  if (each && test) iterated(state, test);
  const { yes, no } = !test || each ? { yes: state, no: null } : taken(frame, state, test);
  if (leaves) frame.leave(afterwards(no, depth));
  frame.continuing.push(null);
  const end = executeBlock(frame, yes, body);
  const next = leaveBranch(frame, meet(end, frame.continuing.pop() ?? null), depth);
  if (next && step) evaluate(frame, next, step);
  if (next) next.guards = next.guards.slice(0, depth);
  return next;
};

/** What a round brings comes to an end by itself; so many are enough for whatever passes through three variables. */
const rounds = 4;

export const loop = (frame: Frame, state: State, statement: Of<'loop'>): State | null => {
  frame.leaving.push(null);
  let before: State | null = state;
  if (statement.each) frame.leave(state.clone());
  for (let count = 0; before !== null && count < rounds; count++) {
    const after: State | null = round(frame, before.clone(), statement, !statement.first || count > 0);
    if (statement.each) frame.leave(after?.clone() ?? null);
    const next: State | null = meet(before.clone(), after);
    if (after === null || (next !== null && sameValues(next, before) && count > 0)) break;
    before = next;
  }
  return frame.leaving.pop() ?? null;
};

/** Labels that share their statements are one branch; with `default` among them it is everything that no other label names. */
const caseText = (frame: Frame, on: Expression, labels: readonly Of<'case'>[]): string =>
  labels.some(({ value }) => value === null)
    ? `default of switch (${frame.text(on)})`
    : labels.map(({ value }) => `${frame.text(on)} == ${frame.text(value!)}`).join(' || ');

const caseGuard = (frame: Frame, state: State, on: Expression, labels: readonly Of<'case'>[]): State =>
  state.clone().guarded({
    ...frame.at(labels[0]!),
    text: caseText(frame, on, labels),
    holds: true,
    roots: rootsOf(state, on),
    terms: termsOf(state, on),
    mismatch: false,
    domain: null,
    after: false,
    causes: [],
  });

const caseName = (statement: Statement): string | null =>
  statement.kind === 'case' && statement.value !== null ? constantName(statement.value) : null;

/** Whether a value that is known goes to this label, `default` among the others. */
const isChosen = (label: Of<'case'>, values: readonly Value[], all: readonly Statement[]): boolean => {
  const known = values.length === 1 && values[0]!.kind === 'named' ? values[0]!.names[0]! : null;
  if (known === null) return true;
  const name = caseName(label);
  return label.value === null ? !all.some((other) => caseName(other) === known) : name === null || name === known;
};

export const choose = (frame: Frame, state: State, { value, body }: Of<'switch'>): State | null => {
  const depth = state.guards.length;
  const values = evaluate(frame, state, value);
  const statements = body.length === 1 && body[0]!.kind === 'block' ? body[0]!.body : body;
  frame.leaving.push(null);
  let current: State | null = null;
  let labels: Of<'case'>[] = [];
  const enterCase = (): void => {
    const chosen = labels.filter((label) => isChosen(label, values, statements));
    if (labels.length > 0)
      current = meet(leaveBranch(frame, current, depth), chosen.length > 0 ? caseGuard(frame, state, value, chosen) : null);
    labels = [];
  };
  for (const statement of statements) {
    if (statement.kind === 'case') labels.push(statement);
    else {
      enterCase();
      current = execute(frame, current, statement);
    }
  }
  enterCase();
  frame.leave(leaveBranch(frame, current, depth));
  if (!statements.some((statement) => statement.kind === 'case' && statement.value === null)) frame.leave(state.clone());
  return leaveBranch(frame, frame.leaving.pop() ?? null, depth);
};
