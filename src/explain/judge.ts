// Decides a condition where only some of what it reads is known: true, false, or undefined for "cannot be told".
import { type Condition, holds, type Operand, operandValue, type Path, readsOf, type Value } from '../core/conditions.ts';

/** Undefined: not known. Null is a value: known to be absent. */
export type KnownRead = (path: Path) => Value | undefined;

const operand = (given: Operand, read: KnownRead): Value | undefined =>
  typeof given === 'string' ? read(given) : operandValue(given, () => null);

const compared = (pair: readonly [Operand, Operand], read: KnownRead, test: (a: Value, b: Value) => boolean): boolean | undefined => {
  const [left, right] = pair.map((given) => operand(given, read));
  return left === undefined || right === undefined ? undefined : test(left, right);
};

/** `decided` settles it at once, whatever is unknown beside it. */
const folded = (parts: readonly (boolean | undefined)[], decided: boolean): boolean | undefined =>
  parts.includes(decided) ? decided : parts.includes(undefined) ? undefined : !decided;

const allKnown = (condition: Condition, read: KnownRead): boolean | undefined =>
  readsOf(condition).some((path) => read(path) === undefined) ? undefined : holds(condition, (path) => read(path) ?? null);

export const judge = (condition: Condition, read: KnownRead): boolean | undefined => {
  if ('all' in condition)
    return folded(
      condition.all.map((part) => judge(part, read)),
      false,
    );
  if ('any' in condition)
    return folded(
      condition.any.map((part) => judge(part, read)),
      true,
    );
  if ('not' in condition) {
    const found = judge(condition.not, read);
    return found === undefined ? undefined : !found;
  }
  if ('equal' in condition) return compared(condition.equal, read, (a, b) => a === b);
  if ('differ' in condition) return compared(condition.differ, read, (a, b) => a !== b);
  if ('below' in condition) return compared(condition.below, read, (a, b) => Number(a) < Number(b));
  return allKnown(condition, read);
};

/** The reads that the verdict hangs on: known, and another value of each alone would leave it open. */
export const decisive = (condition: Condition, read: KnownRead): Path[] => {
  const verdict = judge(condition, read);
  const known = readsOf(condition).filter((path) => read(path) !== undefined);
  const alone = known.filter((path) => judge(condition, (other) => (other === path ? undefined : read(other))) !== verdict);
  return alone.length > 0 ? alone : known;
};
