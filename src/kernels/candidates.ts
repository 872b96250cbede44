// Values worth trying for an attribute path: what is declared for it, what conditions compare it with, and neighbours of both.
import { type Condition, type Operand, type Path, readsOf, type Value } from '../core/conditions.ts';
import type { Known } from './solve.ts';

type Leaf = Exclude<Condition, { all: unknown } | { any: unknown } | { not: unknown }>;
type Comparison = readonly [Operand, Operand];

const leavesOf = (condition: Condition): Leaf[] => {
  if ('all' in condition) return condition.all.flatMap(leavesOf);
  if ('any' in condition) return condition.any.flatMap(leavesOf);
  return 'not' in condition ? leavesOf(condition.not) : [condition];
};

const comparisonOf = (leaf: Leaf): Comparison[] => {
  if ('equal' in leaf) return [leaf.equal];
  if ('differ' in leaf) return [leaf.differ];
  return 'below' in leaf ? [leaf.below] : [];
};

/** Values that a plain function gives as examples for the path. */
const exampleValues = (leaf: Leaf, path: Path): Value[] => {
  if (!('plain' in leaf)) return [];
  const { example, counterExample } = leaf.plain;
  return [example, counterExample].flatMap((values) => (values && path in values ? [values[path]!] : []));
};

/** How conditions look at a path: a plain function or a count of tables expects sensible values, a comparison takes any. */
interface Looks {
  readonly compared: boolean;
  readonly tested: boolean;
}

const looksAt = (leaves: readonly Leaf[], path: Path): Looks => {
  const looking = leaves.filter((leaf) => readsOf(leaf).includes(path));
  return { compared: looking.some((leaf) => comparisonOf(leaf).length > 0), tested: looking.some((leaf) => 'lacks' in leaf) };
};

const isPath = (operand: Operand): operand is Path => typeof operand === 'string';
const constantOf = (operand: Operand): Value =>
  typeof operand === 'object' && operand !== null && 'value' in operand ? (operand.value as Value) : (operand as Value);

/** The value itself, and what lies beside it. */
const around = (found: Value): Value[] => {
  switch (typeof found) {
    case 'boolean':
      return [found, !found];
    case 'number':
      return [found, found + 1, found - 1];
    case 'string':
      return [found, `other ${found}`];
    default:
      return [found];
  }
};

/** What a path may hold when nothing is known of it: an empty value, then values that are not. */
const anything: readonly Value[] = [null, 'something', true, 1, 2];
const counts: readonly Value[] = [0, 1, 2];

const key = (found: Value): string => JSON.stringify(found);
const distinct = (values: readonly Value[]): Value[] => [...new Map(values.map((found) => [key(found), found])).values()];

/** The kind of value is that of the default; null says nothing. */
const suits = (fallback: Value, found: Value): boolean =>
  fallback === null || found === null || typeof fallback === typeof found || typeof fallback === 'object';

const declaredFor = (path: Path, known: Known): Value[] => [known.default(path), ...(known.alternatives?.(path) ?? [])];

const ownValues = (path: Path, known: Known, { compared, tested }: Looks): Value[] => {
  const declared = declaredFor(path, known);
  if (!compared && !tested) return declared;
  if (path.endsWith(']')) return [...declared, ...counts];
  if (declared[0] === null) return [...declared, ...anything];
  if (typeof declared[0] !== 'number') return [...declared, ...declared.flatMap(around)];
  return [...declared, ...(compared ? declared.flatMap(around) : []), ...(tested ? counts : [])];
};

const otherSide = (path: Path, [left, right]: Comparison): Operand[] => [
  ...(left === path ? [right] : []),
  ...(right === path ? [left] : []),
];

/** Candidates per path, in the order in which they are tried. */
export const candidatesIn = (conditions: readonly Condition[], known: Known): ((path: Path) => readonly Value[]) => {
  const leaves = conditions.flatMap(leavesOf);
  const compared = leaves.flatMap(comparisonOf);
  const found = new Map<Path, readonly Value[]>();
  const work = (path: Path): readonly Value[] => {
    const others = compared.flatMap((comparison) => otherSide(path, comparison));
    const constants = others.filter((other) => !isPath(other)).flatMap((other) => around(constantOf(other)));
    const paths = others.filter(isPath).flatMap((other) => ownValues(other, known, looksAt(leaves, other)));
    const examples = leaves.flatMap((leaf) => exampleValues(leaf, path)).flatMap(around);
    const own = ownValues(path, known, looksAt(leaves, path));
    const fallback = known.default(path);
    return distinct([...own, ...constants, ...examples, ...paths].filter((value) => suits(fallback, value)));
  };
  return (path) => {
    const cached = found.get(path) ?? work(path);
    found.set(path, cached);
    return cached;
  };
};
