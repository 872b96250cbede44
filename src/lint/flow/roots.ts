// Where what an expression reads comes from: the domain that is attached, the device, or neither; and what a comparison of them says.
import type { Expression } from '../c/syntax.ts';
import { placeOf } from './places.ts';
import { constantName } from './refine.ts';
import type { State } from './state.ts';
import { roots, type Term } from './values.ts';

export const rootsOf = (state: State, expression: Expression): number => {
  switch (expression.kind) {
    case 'name':
      return (
        state.roots.get(expression.name) ?? (constantName(expression) === null && !state.values.has(expression.name) ? roots.global : 0)
      );
    case 'field':
    case 'index':
      return rootsOf(state, expression.base);
    case 'call':
      return union(state, expression.arguments);
    case 'unary':
      return rootsOf(state, expression.operand);
    case 'binary':
      return union(state, [expression.left, expression.right]);
    case 'assign':
      return rootsOf(state, expression.value);
    case 'either':
      return union(state, [expression.test, ...(expression.yes ? [expression.yes] : []), expression.no]);
    case 'list':
      return union(state, expression.items);
    default:
      return 0;
  }
};

const union = (state: State, expressions: readonly Expression[]): number =>
  expressions.reduce((bits, expression) => bits | rootsOf(state, expression), 0);

/** The tests that `&&` and `||` join, through `!` and warnings. */
const atoms = (test: Expression): Expression[] => {
  if (test.kind === 'unary' && test.operator === '!') return atoms(test.operand);
  if (test.kind === 'binary' && /^(?:&&|\|\|)$/.test(test.operator)) return [...atoms(test.left), ...atoms(test.right)];
  const [first] =
    test.kind === 'call' && test.callee.kind === 'name' && /^(?:(?:un)?likely|WARN_ON(?:_ONCE)?)$/.test(test.callee.name)
      ? test.arguments
      : [];
  return first === undefined ? [test] : atoms(first);
};

const isMember = (expression: Expression): boolean =>
  expression.kind === 'field' && !settledLater.test(expression.name) && placeOf(expression) !== null;

const isConstant = (expression: Expression): boolean => expression.kind === 'number' || constantName(expression) !== null;

export const termsOf = (state: State, test: Expression): Term[] =>
  atoms(test).map((atom) => {
    const compares = atom.kind === 'binary' && /^[=!]=$/.test(atom.operator) && isConstant(atom.right);
    return { roots: rootsOf(state, atom), isDirect: isMember(compares ? atom.left : atom) };
  });

/** Numbers of things, which say nothing of what the domain is. */
const settledLater = /^num_|^nr_/;

/** One side speaks of the domain, the other of the device alone or of what the driver has only one of. */
const opposed = (left: number, right: number): boolean =>
  ((left & roots.domain) !== 0 && (right & roots.domain) === 0 && right !== 0) ||
  ((right & roots.domain) !== 0 && (left & roots.domain) === 0 && left !== 0);

/** On which branch of the test the domain and the device disagree; null when the test is about something else. */
export const disagreement = (state: State, test: Expression): boolean | null => {
  if (test.kind !== 'binary' || !/^(?:[!=]=|[<>]=?)$/.test(test.operator)) return null;
  if (!opposed(rootsOf(state, test.left), rootsOf(state, test.right))) return null;
  return test.operator !== '==';
};

const settings = /^num_|^nr_|type|flags?$|stage|dirty|bypass|identity|force|coheren|^use_|^has_|nested|bitmap|geometry|max_addr|width/;

/** A member of the domain that is set when it first serves a device; not one that this function has just set. */
const isUse = (state: State, expression: Expression): boolean =>
  expression.kind === 'field' &&
  rootsOf(state, expression) === roots.domain &&
  !settings.test(expression.name) &&
  !state.values.has(placeOf(expression) ?? '');

/** What it says of the domain that `expression` is not zero. */
export const domainWhenSet = (state: State, expression: Expression): 'fresh' | 'used' | null => {
  if (isUse(state, expression)) return 'used';
  const [first] = expression.kind === 'call' ? expression.arguments : [];
  const empty = expression.kind === 'call' && expression.callee.kind === 'name' && expression.callee.name === 'list_empty';
  return empty && first?.kind === 'unary' && isUse(state, first.operand) ? 'fresh' : null;
};
