// What entering a branch, leaving it and jumping out of it mean for constants: which check they belong to, and when success is none.
import type { Statement } from '../c/syntax.ts';
import type { Frame } from './frame.ts';
import type { State } from './state.ts';
import { bound, type Guard, type Value } from './values.ts';

export const tagged = (value: Value, refusal: Guard | null, guards: readonly Guard[]): Value =>
  refusal !== null && value.kind === 'zero' && value.origin === null ? { ...value, silent: refusal, guards, check: refusal } : value;

/** Constants belong to the newest check from here on; success that a refusal of a mismatch leads to is no success. */
export const settle = (state: State): void => {
  const { refusal, guards } = state;
  state.each((value, all) => {
    const silent = refusal !== null && all.every(({ kind }) => kind === 'zero') ? tagged(value, refusal, guards) : value;
    return bound(silent, guards);
  });
};

const quiet = (statement: Statement): boolean => statement.kind === 'expression' && statement.expression.kind === 'call';

/** A branch that only prints, unlocks and leaves. */
const isShort = (body: readonly Statement[]): boolean => {
  const flat = body.length === 1 && body[0]!.kind === 'block' ? body[0]!.body : body;
  const last = flat.at(-1);
  return (last?.kind === 'goto' || last?.kind === 'return') && flat.slice(0, -1).every(quiet);
};

export const enter = (state: State | null, body: readonly Statement[]): State | null => {
  const guard = state?.guards.at(-1);
  if (state && guard?.mismatch && isShort(body)) state.refusal = guard;
  return state;
};

/** Null pointers that stand for the failures that led to them. */
export const nullsFor = (guard: Guard | null | undefined): readonly Value[] =>
  (guard?.causes ?? []).filter(({ origin }) => origin !== null).map((cause) => ({ ...cause, kind: 'zero', names: [] }));

const isNull = (values: readonly Value[]): boolean => values.length === 1 && values[0]!.kind === 'zero' && values[0]!.origin === null;

/** Behind a branch: its constants are bound, and a pointer that stayed null because a call failed stands for that failure. */
export const leaveBranch = (frame: Frame, state: State | null, depth: number): State | null => {
  if (state === null) return null;
  const nulls = frame.of.returns.includes('*') ? nullsFor(state.guards[depth]) : [];
  if (nulls.length > 0) for (const [name, values] of state.values) if (isNull(values)) state.values.set(name, nulls);
  state.each((value) => (value.check === undefined && value.guards.length > depth ? bound(value, value.guards) : value));
  return state;
};

/** The guard at `depth` holds only because the other branch left. */
export const afterwards = (state: State | null, depth: number): State | null => {
  if (state) state.guards = state.guards.map((guard, index) => (index === depth && !guard.after ? { ...guard, after: true } : guard));
  return state;
};
