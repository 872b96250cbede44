// What a test says of the values it tests: each value is kept on the branch that it can take.
import type { Expression } from '../c/syntax.ts';
import { good, index, type Value, zero } from './values.ts';

/** How a test looks at one expression: `below`: less than zero; `error`: an errno in a pointer; `is`: equal to a constant. */
export type Look =
  | { readonly how: 'nonzero' | 'below' | 'above' | 'error' | 'errorOrNull' }
  | { readonly how: 'is'; readonly names: readonly string[]; readonly kind: 'errno' | 'named' };

export interface Tested {
  readonly what: Expression;
  readonly look: Look;
  /** The test holds where the look does not. */
  readonly not: boolean;
}

const strip = (expression: Expression): Expression => {
  if (expression.kind !== 'call' || expression.callee.kind !== 'name') return expression;
  const [first] = expression.arguments;
  return first !== undefined && ['likely', 'unlikely', 'READ_ONCE'].includes(expression.callee.name) ? strip(first) : expression;
};

const pointerTests: { readonly [name: string]: Look['how'] & ('error' | 'errorOrNull') } = {
  IS_ERR: 'error',
  IS_ERR_VALUE: 'error',
  xa_is_err: 'error',
  IS_ERR_OR_NULL: 'errorOrNull',
};

/** `-ENOMEM`: its name. */
export const errnoName = (expression: Expression): string | null => {
  if (expression.kind !== 'unary' || expression.operator !== '-' || expression.operand.kind !== 'name') return null;
  return /^E[A-Z0-9]{2,}$/.test(expression.operand.name) ? expression.operand.name : null;
};

/** A constant by the kernel's habit: capitals. */
export const constantName = (expression: Expression): string | null =>
  expression.kind === 'name' && /^[A-Z][A-Z0-9_]{2,}$/.test(expression.name) ? expression.name : null;

const isZero = (expression: Expression): boolean =>
  (expression.kind === 'number' && expression.value === 0) || (expression.kind === 'name' && expression.name === 'NULL');

const comparisons: { readonly [operator: string]: { readonly how: 'nonzero' | 'below' | 'above'; readonly not: boolean } } = {
  '==': { how: 'nonzero', not: true },
  '!=': { how: 'nonzero', not: false },
  '<': { how: 'below', not: false },
  '>=': { how: 'below', not: true },
  '>': { how: 'above', not: false },
  '<=': { how: 'above', not: true },
};

const compared = (operator: string, left: Expression, right: Expression): Tested | null => {
  const how = comparisons[operator];
  if (how === undefined) return null;
  if (isZero(right)) return { what: strip(left), look: { how: how.how }, not: how.not };
  if (operator !== '==' && operator !== '!=') return null;
  const not = operator === '!=';
  const code = errnoName(right);
  if (code !== null) return { what: strip(left), look: { how: 'is', kind: 'errno', names: [code] }, not };
  const constant = constantName(right);
  return constant === null ? null : { what: strip(left), look: { how: 'is', kind: 'named', names: [constant] }, not };
};

/** What a test without `&&`, `||` and `!` looks at; itself, for zero, where it is no comparison that is understood. */
export const testedBy = (test: Expression): Tested => {
  const bare = strip(test);
  if (bare.kind === 'binary') {
    const found = compared(bare.operator, bare.left, bare.right);
    if (found !== null) return found;
  }
  if (bare.kind === 'call' && bare.callee.kind === 'name') {
    const how = pointerTests[bare.callee.name];
    if (how !== undefined && bare.arguments[0]) return { what: strip(bare.arguments[0]), look: { how }, not: false };
  }
  return { what: bare, look: { how: 'nonzero' }, not: false };
};

type Answer = readonly Value[];
const both = (value: Value): { yes: Answer; no: Answer } => ({ yes: [value], no: [value] });
const only = (yes: boolean, value: Value): { yes: Answer; no: Answer } => (yes ? { yes: [value], no: [] } : { yes: [], no: [value] });

/** An unknown errno: less than zero, or an error in a pointer. */
const unnamed = (value: Value): Value => ({ ...value, kind: 'errno', names: [] });
const either = (yes: Value, no: Value): { yes: Answer; no: Answer } => ({ yes: [yes], no: [no] });

const splits: { readonly [how in Exclude<Look['how'], 'is'>]: (value: Value) => { yes: Answer; no: Answer } } = {
  nonzero: (value) => (['unknown', 'named', 'index'].includes(value.kind) ? either(value, zero) : only(value.kind !== 'zero', value)),
  below: (value) => (value.kind === 'unknown' ? either(unnamed(value), index) : only(value.kind === 'errno', value)),
  above: (value) => {
    if (value.kind === 'unknown') return either(good, value);
    return value.kind === 'named' || value.kind === 'index' ? both(value) : only(value.kind === 'good', value);
  },
  error: (value) => (value.kind === 'unknown' ? either(unnamed(value), good) : only(value.kind === 'errno', value)),
  errorOrNull: (value) =>
    value.kind === 'unknown' ? either(unnamed(value), good) : only(value.kind === 'errno' || value.kind === 'zero', value),
};

const splitNames = (value: Value, names: readonly string[], kind: 'errno' | 'named'): { yes: Answer; no: Answer } => {
  if (value.kind === 'unknown' || value.kind === 'index') return both(value);
  if (value.kind !== kind) return kind === 'named' ? both(value) : only(false, value);
  if (kind === 'errno' && value.names.length === 0) return both(value);
  const inside = value.names.filter((name) => names.includes(name));
  const outside = value.names.filter((name) => !names.includes(name));
  const part = (left: readonly string[]): Answer => (left.length === 0 ? [] : [{ ...value, names: left }]);
  return { yes: part(inside), no: part(outside) };
};

/** The values of `values` that take the branch on which the test holds, and those that take the other. */
export const split = (values: readonly Value[], { look, not }: Tested): { yes: Answer; no: Answer } => {
  const parts = values.map((value) => (look.how === 'is' ? splitNames(value, look.names, look.kind) : splits[look.how](value)));
  const yes = parts.flatMap((part) => part.yes);
  const no = parts.flatMap((part) => part.no);
  return not ? { yes: no, no: yes } : { yes, no };
};
