// Conditions over attribute paths: one value that decides, names what it reads, prints itself with the values it saw,
// and can be changed by overlays and mutated by tests.

/** What an attribute may hold: a scalar, or counters by name (e.g. attached devices by IOMMU instance). */
export type Value = string | number | boolean | null | { readonly [name: string]: number };

/** `domain.iommu`, or with an index that is a path itself: `domain.instances[iommu.id]`. */
export type Path = string;

/** A string is a path; other scalars are themselves; a string constant is written `{ value: 'identity' }`. */
export type Operand = Path | number | boolean | null | { readonly value: Value };

export type Condition =
  | { readonly equal: readonly [Operand, Operand] }
  | { readonly differ: readonly [Operand, Operand] }
  | { readonly below: readonly [Operand, Operand] }
  | { readonly lacks: Path }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly plain: Plain };

/** The exception: a function, with its reads and words beside it. */
export interface Plain {
  readonly words: string;
  readonly reads: readonly Path[];
  readonly holds: (read: Read) => boolean;
  /** Values under which it holds, for what solves conditions; where the declared alternatives do not say. */
  readonly example?: Readonly<Record<Path, Value>>;
  /** And values under which it does not. */
  readonly counterExample?: Readonly<Record<Path, Value>>;
}

/** A value worked out from others: for what no combinator can say, e.g. the smaller of two widths. */
export interface Computed {
  readonly words: string;
  readonly reads: readonly Path[];
  readonly compute: (read: Read) => Value;
}

/** Gives the value at a path; never undefined (an absent attribute is null). */
export type Read = (path: Path) => Value;

export const value = (constant: Value): Operand => ({ value: constant });
export const equal = (left: Operand, right: Operand): Condition => ({ equal: [left, right] });
export const differ = (left: Operand, right: Operand): Condition => ({ differ: [left, right] });
export const below = (left: Operand, right: Operand): Condition => ({ below: [left, right] });
/** The attribute is null, false, zero or empty. */
export const lacks = (path: Path): Condition => ({ lacks: path });
export const has = (path: Path): Condition => ({ not: { lacks: path } });
export const all = (...conditions: Condition[]): Condition => ({ all: conditions });
export const any = (...conditions: Condition[]): Condition => ({ any: conditions });
export const not = (condition: Condition): Condition => ({ not: condition });
export const plain = (
  words: string,
  reads: readonly Path[],
  holds: (read: Read) => boolean,
  hints: Pick<Plain, 'example' | 'counterExample'> = {},
): Condition => ({ plain: { words, reads, holds, ...hints } });

export const computed = (words: string, reads: readonly Path[], compute: (read: Read) => Value): Computed => ({ words, reads, compute });

export const computedValue = (source: Operand | Computed, read: Read): Value =>
  typeof source === 'object' && source !== null && 'compute' in source ? source.compute(read) : operandValue(source, read);

export const operandValue = (operand: Operand, read: Read): Value => {
  if (typeof operand === 'string') return read(operand);
  return typeof operand === 'object' && operand !== null && 'value' in operand ? (operand.value as Value) : (operand as Value);
};

const empty = (found: Value): boolean =>
  found === null || found === false || found === 0 || found === '' || (typeof found === 'object' && Object.keys(found).length === 0);

/** Whether the condition holds for what `read` gives. Plain loops: this is the innermost function of every run. */
export const holds = (condition: Condition, read: Read): boolean => {
  if ('all' in condition) {
    for (const part of condition.all) if (!holds(part, read)) return false;
    return true;
  }
  if ('any' in condition) {
    for (const part of condition.any) if (holds(part, read)) return true;
    return false;
  }
  if ('not' in condition) return !holds(condition.not, read);
  if ('lacks' in condition) return empty(read(condition.lacks));
  if ('plain' in condition) return condition.plain.holds(read);
  if ('equal' in condition) return operandValue(condition.equal[0], read) === operandValue(condition.equal[1], read);
  if ('differ' in condition) return operandValue(condition.differ[0], read) !== operandValue(condition.differ[1], read);
  return Number(operandValue(condition.below[0], read)) < Number(operandValue(condition.below[1], read));
};

const operandPaths = (operand: Operand): Path[] => (typeof operand === 'string' ? withIndex(operand) : []);

/** `a.b[c.d]` reads both itself and `c.d`. */
const withIndex = (path: Path): Path[] => {
  const index = /\[(.+)\]/.exec(path)?.[1];
  return index ? [path, index] : [path];
};

/** Conditions are values: what one reads is found once, since every verdict of every run asks for it. */
const knownReads = new WeakMap<Condition, readonly Path[]>();

/** Every path the condition can read, in order of first mention. */
export const readsOf = (condition: Condition): readonly Path[] => {
  let reads = knownReads.get(condition);
  if (reads === undefined) {
    reads = [...new Set(pathsIn(condition))];
    knownReads.set(condition, reads);
  }
  return reads;
};

const pathsIn = (condition: Condition): Path[] => {
  if ('all' in condition) return condition.all.flatMap(pathsIn);
  if ('any' in condition) return condition.any.flatMap(pathsIn);
  if ('not' in condition) return pathsIn(condition.not);
  if ('lacks' in condition) return withIndex(condition.lacks);
  if ('plain' in condition) return [...condition.plain.reads];
  const operands = 'equal' in condition ? condition.equal : 'differ' in condition ? condition.differ : condition.below;
  return operands.flatMap(operandPaths);
};

const operandWords = (operand: Operand): string => (typeof operand === 'string' ? operand : printValue(operandValue(operand, () => null)));

export const printValue = (found: Value): string =>
  found === null ? 'none' : typeof found === 'object' ? JSON.stringify(found) : String(found);

/** The condition as text, in C's notation. */
export const wordsOf = (condition: Condition): string => {
  if ('all' in condition) return condition.all.map(wrapped).join(' && ');
  if ('any' in condition) return condition.any.map(wrapped).join(' || ');
  if ('not' in condition) return 'lacks' in condition.not ? condition.not.lacks : `!(${wordsOf(condition.not)})`;
  if ('lacks' in condition) return `!${condition.lacks}`;
  if ('plain' in condition) return condition.plain.words;
  if ('equal' in condition) return condition.equal.map(operandWords).join(' == ');
  if ('differ' in condition) return condition.differ.map(operandWords).join(' != ');
  return condition.below.map(operandWords).join(' < ');
};

const wrapped = (condition: Condition): string =>
  'all' in condition || 'any' in condition ? `(${wordsOf(condition)})` : wordsOf(condition);

/** The values that the condition's paths had, by path: what a verdict carries as its reason. */
export const valuesOf = (condition: Condition, read: Read): Record<Path, Value> => {
  const values: Record<Path, Value> = {};
  for (const path of readsOf(condition)) values[path] = read(path);
  return values;
};
