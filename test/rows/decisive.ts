// Cases in which one leaf of a condition decides alone: for each leaf a true and a false one, the rest held so that only it counts.
// A condition that is negated, has an operator swapped or a part dropped answers one of them differently.
import { type Condition, equal } from '../../src/core/conditions.ts';
import { fails, type Goal, wants } from '../../src/kernels/solve.ts';

export interface Decisive {
  readonly goals: readonly Goal[];
  /** What the whole condition answers. */
  readonly result: boolean;
}

type Leaf = Exclude<Condition, { all: unknown } | { any: unknown } | { not: unknown }>;

interface Place {
  readonly leaf: Leaf;
  /** Whether the whole follows the leaf or its opposite. */
  readonly positive: boolean;
  /** The whole condition with something else at the leaf's place. */
  readonly replaced: (other: Condition) => Condition;
}

const always: Condition = { all: [] };
const never: Condition = { any: [] };

const placesIn = (condition: Condition, positive: boolean, around: (inner: Condition) => Condition): Place[] => {
  if ('not' in condition) return placesIn(condition.not, !positive, (inner) => around({ not: inner }));
  if ('all' in condition)
    return condition.all.flatMap((part, index) => placesIn(part, positive, (inner) => around({ all: condition.all.with(index, inner) })));
  if ('any' in condition)
    return condition.any.flatMap((part, index) => placesIn(part, positive, (inner) => around({ any: condition.any.with(index, inner) })));
  return [{ leaf: condition, positive, replaced: around }];
};

/** Numbers that are equal are the edge of a comparison. */
const edge = (leaf: Leaf): Goal[] => ('below' in leaf ? [wants(equal(...leaf.below))] : []);

export const decisive = (condition: Condition): Decisive[] =>
  placesIn(condition, true, (inner) => inner).flatMap(({ leaf, positive, replaced }) => {
    const alone = positive ? [wants(replaced(always)), fails(replaced(never))] : [fails(replaced(always)), wants(replaced(never))];
    const holding = { goals: [...alone, wants(leaf)], result: positive };
    const failing = { goals: [...alone, fails(leaf)], result: !positive };
    const atEdge = edge(leaf).map((goal) => ({ goals: [...failing.goals, goal], result: failing.result }));
    return [holding, failing, ...atEdge];
  });
