// Variables, members and what pointers point to, as the state names what it follows: `ret`, `domain->pgtbl_ops`, `*table`.
import type { Expression } from '../c/syntax.ts';

/** Null for what is not followed: elements of arrays. */
export const placeOf = (expression: Expression): string | null => {
  if (expression.kind === 'name') return expression.name;
  const base = expression.kind === 'field' ? placeOf(expression.base) : isPointee(expression) ? placeOf(expression.operand) : null;
  return base === null ? null : `${base}.${expression.kind === 'field' ? expression.name : '*'}`;
};

const isPointee = (expression: Expression): expression is Extract<Expression, { kind: 'unary' }> =>
  expression.kind === 'unary' && expression.operator === '*';

/** What a place becomes unknown with: the place itself and its members. */
export const isWithin = (place: string, of: string): boolean => place === of || place.startsWith(`${of}.`);
