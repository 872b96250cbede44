// What an expression can be, and what it does to the state: assignments, calls, branches within it.
import type { Expression } from '../c/syntax.ts';
import { call } from './call.ts';
import { executeBlock } from './execute.ts';
import type { Frame } from './frame.ts';
import { placeOf } from './places.ts';
import { constantName, errnoName } from './refine.ts';
import { rootsOf } from './roots.ts';
import { meet, type State } from './state.ts';
import { taken } from './test.ts';
import { bound, errno, functionNamed, good, index, joined, named, unknown, type Value, zero } from './values.ts';

type Kind = Expression['kind'];
type Of<K extends Kind> = Extract<Expression, { kind: K }>;
type Evaluate<K extends Kind> = (frame: Frame, state: State, expression: Of<K>) => readonly Value[];

export const flag: readonly Value[] = [zero, good];

/** An errno that the source names here. */
const constantErrno = (frame: Frame, state: State, at: Expression, name: string): Value => ({
  ...errno([name], { ...frame.at(at), text: frame.text(at), how: 'constant', api: null, class: null }),
  guards: state.guards,
  locks: state.locks,
  prints: state.prints,
});

const effects = (frame: Frame, state: State, ...expressions: readonly Expression[]): void => {
  for (const expression of expressions) evaluate(frame, state, expression);
};

/** Sets a variable or a member of one; anything else that is assigned to is not followed. */
export const assign = (frame: Frame, state: State, target: Expression, values: readonly Value[], bits: number): void => {
  const place = placeOf(target);
  if (place === null) effects(frame, state, ...(target.kind === 'unary' ? [target.operand] : []));
  else {
    state.forget(place);
    state.values.set(place, values);
    if (target.kind === 'name') state.roots.set(place, bits);
  }
};

const whether = (frame: Frame, state: State, expression: Expression): readonly Value[] => {
  const { yes, no } = taken(frame, state.clone(), expression);
  const after = meet(yes, no);
  if (after) state.become(Object.assign(after, { guards: state.guards, prints: state.prints }));
  return [...(yes ? [good] : []), ...(no ? [zero] : [])];
};

const negative: Evaluate<'unary'> = (frame, state, expression) => {
  const name = errnoName(expression);
  if (name !== null) return [constantErrno(frame, state, expression, name)];
  if (expression.operand.kind === 'number' && expression.operand.value === 1) return [constantErrno(frame, state, expression, 'EPERM')];
  effects(frame, state, expression.operand);
  return [unknown(frame.text(expression))];
};

const unary: Evaluate<'unary'> = (frame, state, expression) => {
  if (expression.operator === '-') return negative(frame, state, expression);
  if (expression.operator === '!') return whether(frame, state, expression);
  const operand = evaluate(frame, state, expression.operand);
  if (expression.operator === '&' && operand[0]?.kind === 'function') return operand;
  const changes = expression.operator === '++' || expression.operator === '--';
  if (changes && expression.operand.kind === 'name') state.values.set(expression.operand.name, [index]);
  if (expression.operator === '*') return state.values.get(placeOf(expression) ?? '') ?? [unknown(frame.text(expression))];
  return [expression.operator === '&' ? good : index];
};

const binary: Evaluate<'binary'> = (frame, state, expression) => {
  if (/^(?:&&|\|\||[=!]=|[<>]=?)$/.test(expression.operator)) return whether(frame, state, expression);
  return arithmetic(frame, expression, [evaluate(frame, state, expression.left), evaluate(frame, state, expression.right)]);
};

/** A number that nobody knows, unless errnos went into it; `0 & mask` is zero. */
const arithmetic = (frame: Frame, expression: Of<'binary' | 'assign'>, sides: readonly (readonly Value[])[]): readonly Value[] => {
  const isZero = (values: readonly Value[]): boolean =>
    values.length > 0 && values.every(({ kind, origin }) => kind === 'zero' && origin === null);
  if (expression.operator === '&' && sides.some(isZero)) return [zero];
  const doubtful = sides.flat().some(({ kind, unresolved }) => kind === 'errno' || (kind === 'unknown' && unresolved?.endsWith('()')));
  return [doubtful ? unknown(frame.text(expression)) : index];
};

const either: Evaluate<'either'> = (frame, state, expression) => {
  const { yes, no } = taken(frame, state, expression.test);
  const within = (way: State | null, value: Expression): readonly Value[] =>
    way === null ? [] : evaluate(frame, way, value).map((one) => bound(one, way.guards));
  const first = within(yes, expression.yes ?? expression.test).filter(({ kind }) => expression.yes !== null || kind !== 'zero');
  const second = within(no, expression.no);
  const { guards, prints } = state;
  const after = meet(yes, no);
  if (after) state.become(Object.assign(after, { guards, prints }));
  return joined(first, second);
};

const name: Evaluate<'name'> = (frame, state, expression) => {
  if (expression.name === 'NULL') return [zero];
  const values = state.values.get(expression.name);
  if (values !== undefined) return values;
  if (constantName(expression) !== null) return [named(expression.name)];
  return [frame.program.named(expression.name, frame.of.file).length > 0 ? functionNamed(expression.name) : unknown(expression.name)];
};

const evaluators: { readonly [K in Kind]: Evaluate<K> } = {
  name,
  unary,
  binary,
  either,
  call,
  number: (_, __, { value }) => [value === 0 ? zero : good],
  string: () => [good],
  field: (frame, state, expression) => {
    effects(frame, state, expression.base);
    return state.values.get(placeOf(expression) ?? '') ?? [unknown(frame.text(expression))];
  },
  index: (frame, state, expression) => {
    effects(frame, state, expression.base, expression.index);
    return [unknown(frame.text(expression))];
  },
  assign: (frame, state, expression) => {
    const bits = rootsOf(state, expression.value);
    const values = evaluate(frame, state, expression.value);
    const plain = expression.operator === '=';
    const result = plain ? values : arithmetic(frame, expression, [evaluate(frame, state, expression.target), values]);
    assign(frame, state, expression.target, result, plain ? bits : bits | rootsOf(state, expression.target));
    return result;
  },
  list: (frame, state, { items }) => items.map((item) => evaluate(frame, state, item)).at(-1) ?? [],
  block: (frame, state, { body }) => {
    const last = body.at(-1);
    const after = executeBlock(frame, state.clone(), last?.kind === 'expression' ? body.slice(0, -1) : body);
    if (after) state.become(after);
    return last?.kind === 'expression' ? evaluate(frame, state, last.expression) : [];
  },
  initialiser: (frame, state, { fields }) => {
    effects(frame, state, ...fields.map(({ value }) => value));
    return [good];
  },
  opaque: () => [index],
  damaged: () => [unknown('source that the parser could not read')],
};

export const evaluate = (frame: Frame, state: State, expression: Expression): readonly Value[] =>
  (evaluators[expression.kind] as Evaluate<Kind>)(frame, state, expression as never);
