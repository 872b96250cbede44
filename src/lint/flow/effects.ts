// What a call does besides returning: it prints, takes or releases a lock, or changes what is passed by address.
import type { Expression } from '../c/syntax.ts';
import type { Frame } from './frame.ts';
import { messageOf } from './messages.ts';
import { rootsOf } from './roots.ts';
import type { State } from './state.ts';
import { roots, unknown } from './values.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** A message belongs to every variable that can hold nothing but a failure by now. */
export const printed = (frame: Frame, state: State, expression: Call, name: string): void => {
  const print = frame.print(expression, name, messageOf(expression.arguments));
  state.prints = [...state.prints, print];
  state.each((value, all) =>
    all.every(({ kind, origin }) => kind === 'errno' || kind === 'unknown' || origin !== null)
      ? { ...value, prints: [...value.prints, print] }
      : value,
  );
};

export const lock = (frame: Frame, state: State, kind: string, args: readonly Expression[]): void => {
  const what = args[0] ? frame.text(args[0]).replace(/^&/, '') : '';
  state.locks = [...state.locks, `${kind} ${what}`.trim()];
};

export const unlock = (frame: Frame, state: State, args: readonly Expression[]): void => {
  const what = args[0] ? frame.text(args[0]).replace(/^&/, '') : '';
  state.locks = state.locks.filter((held) => !held.endsWith(` ${what}`));
};

/** What is passed by address may be something else afterwards. */
export const handedOut = (frame: Frame, state: State, args: readonly Expression[]): void => {
  const bits = args.reduce((all, argument) => all | rootsOf(state, argument), 0);
  for (const argument of args) {
    if (argument.kind !== 'unary' || argument.operator !== '&' || argument.operand.kind !== 'name') continue;
    const { name } = argument.operand;
    if (!state.values.has(name)) continue;
    state.values.set(name, [unknown(frame.text(argument))]);
    state.roots.set(name, bits & (roots.domain | roots.device));
  }
};
