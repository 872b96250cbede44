// Variables and members of variables, as the state names what it follows: `ret`, `domain->pgtbl_ops`.
import type { Expression } from '../c/syntax.ts';

/** Null for what is not followed: elements of arrays, what pointers point to. */
export const placeOf = (expression: Expression): string | null => {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind !== 'field') return null;
  const base = placeOf(expression.base);
  return base === null ? null : `${base}.${expression.name}`;
};

/** What a place becomes unknown with: the place itself and its members. */
export const isWithin = (place: string, of: string): boolean => place === of || place.startsWith(`${of}.`);
