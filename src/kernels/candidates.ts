// Values worth trying for an attribute path: what is declared for it, what conditions compare it with, and neighbours of both.
import type { Condition, Operand, Path, Value } from '../core/conditions.ts';
import type { Known } from './solve.ts';

type Comparison = readonly [Operand, Operand];

const comparisons = (condition: Condition): Comparison[] => {
  if ('all' in condition) return condition.all.flatMap(comparisons);
  if ('any' in condition) return condition.any.flatMap(comparisons);
  if ('not' in condition) return comparisons(condition.not);
  if ('equal' in condition) return [condition.equal];
  if ('differ' in condition) return [condition.differ];
  return 'below' in condition ? [condition.below] : [];
};

/** Values that plain functions give as examples, by path. */
const exampleValues = (condition: Condition, path: Path): Value[] => {
  if ('all' in condition) return condition.all.flatMap((part) => exampleValues(part, path));
  if ('any' in condition) return condition.any.flatMap((part) => exampleValues(part, path));
  if ('not' in condition) return exampleValues(condition.not, path);
  if (!('plain' in condition)) return [];
  const { example, counterExample } = condition.plain;
  return [example, counterExample].flatMap((values) => (values && path in values ? [values[path]!] : []));
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
const anything: readonly Value[] = [null, true, 'something', 1, 2];
const counts: readonly Value[] = [0, 1, 2];

const key = (found: Value): string => JSON.stringify(found);
const distinct = (values: readonly Value[]): Value[] => [...new Map(values.map((found) => [key(found), found])).values()];

/** The kind of value is that of the default; null says nothing. */
const suits = (fallback: Value, found: Value): boolean =>
  fallback === null || found === null || typeof fallback === typeof found || typeof fallback === 'object';

const ownValues = (path: Path, known: Known): Value[] => {
  const fallback = known.default(path);
  const declared = [fallback, ...(known.alternatives?.(path) ?? [])];
  if (path.endsWith(']')) return [...declared, ...counts];
  if (fallback === null) return [...declared, ...anything];
  if (typeof fallback === 'number') return [...declared, ...declared.flatMap(around), ...counts];
  return [...declared, ...declared.flatMap(around)];
};

const otherSide = (path: Path, [left, right]: Comparison): Operand[] => [
  ...(left === path ? [right] : []),
  ...(right === path ? [left] : []),
];

/** Candidates per path, in the order in which they are tried. */
export const candidatesIn = (conditions: readonly Condition[], known: Known): ((path: Path) => readonly Value[]) => {
  const compared = conditions.flatMap(comparisons);
  const found = new Map<Path, readonly Value[]>();
  const work = (path: Path): readonly Value[] => {
    const others = compared.flatMap((comparison) => otherSide(path, comparison));
    const constants = others.filter((other) => !isPath(other)).flatMap((other) => around(constantOf(other)));
    const paths = others.filter(isPath).flatMap((other) => ownValues(other, known));
    const examples = conditions.flatMap((condition) => exampleValues(condition, path)).flatMap(around);
    const fallback = known.default(path);
    return distinct([...ownValues(path, known), ...constants, ...examples, ...paths].filter((value) => suits(fallback, value)));
  };
  return (path) => {
    const cached = found.get(path) ?? work(path);
    found.set(path, cached);
    return cached;
  };
};
