// What a call can return: an errno that is only wrapped, a message, a lock, a kernel function that is known, or a function of the tree.
import type { KernelApi } from '../apis/api.ts';
import type { Expression, FunctionSource } from '../c/syntax.ts';
import { apiResults } from './callApi.ts';
import { handedOut, lock, printed, unlock } from './effects.ts';
import { evaluate, flag } from './evaluate.ts';
import type { Frame } from './frame.ts';
import { guardKind, isPrinter, printsIf, releases, takes } from './messages.ts';
import type { Argument, Summary } from './program.ts';
import { rootsOf } from './roots.ts';
import type { State } from './state.ts';
import { joined, roots, unknown, type Value, zero } from './values.ts';

export type Call = Extract<Expression, { kind: 'call' }>;
type Arguments = readonly (readonly Value[])[];

const first = (values: Arguments): readonly Value[] => values[0] ?? [];

/** Macros and functions that hand on what they are given. */
const wrappers: { readonly [name: string]: (values: Arguments) => readonly Value[] } = {
  ERR_PTR: first,
  PTR_ERR: first,
  ERR_CAST: first,
  READ_ONCE: first,
  likely: first,
  unlikely: first,
  no_free_ptr: first,
  return_ptr: first,
  PTR_ERR_OR_ZERO: (values) =>
    joined(
      first(values).map((value) => (value.kind === 'good' ? zero : value)),
      [],
    ),
  xa_err: (values) =>
    joined(
      first(values).map((value) => (value.kind === 'errno' || value.kind === 'unknown' ? value : zero)),
      [],
    ),
};

const flags = /^(?:IS_ERR|IS_ERR_OR_NULL|IS_ENABLED|WARN|WARN_ON|WARN_ONCE|WARN_ON_ONCE|BUG_ON)$/;

const plain = (value: Value): boolean => value.origin === null && value.silent === null && value.unresolved === null;

/** What a function of the tree gave, as its caller sees it. */
const within = (
  frame: Frame,
  state: State,
  expression: Call,
  { values, allocations, ignored }: Summary,
  through: string | null,
): readonly Value[] => {
  const step = frame.step(expression);
  for (const [index, found] of allocations.entries()) {
    const outer = { ...found, guards: [...state.guards, ...found.guards], steps: [step, ...found.steps] };
    frame.allocations.set(`${step.file}:${expression.from}:${index}:${through === null ? '' : found.function}`, outer);
  }
  for (const found of ignored) frame.ignored.set(`${found.file}:${found.line}:${found.callee}`, found);
  return values.map((value) => {
    if (plain(value)) return value;
    return {
      ...value,
      check: value.check ?? null,
      guards: [...state.guards, ...value.guards],
      locks: [...state.locks, ...value.locks],
      steps: [step, ...value.steps],
      unresolved: value.unresolved ?? through,
    };
  });
};

const argumentsOf = (state: State, expression: Call, values: Arguments): Argument[] =>
  expression.arguments.map((argument, index) => ({ values: values[index] ?? [], roots: rootsOf(state, argument) }));

/** What nobody knows of a call, with its place. */
const unknownCall = (frame: Frame, state: State, expression: Call, name: string): Value => ({
  ...unknown(`${name}()`),
  origin: { ...frame.at(expression), text: frame.text(expression), how: 'api', api: name, class: null },
  guards: state.guards,
  locks: state.locks,
  check: null,
});

const named = (values: readonly Value[], frame: Frame): FunctionSource[] =>
  values.flatMap(({ kind, names }) => (kind === 'function' ? names.flatMap((name) => frame.program.named(name, frame.of.file)) : []));

/** A function that is handed in is called with whatever was handed in beside it. */
const callback = (frame: Frame, state: State, expression: Call, name: string, given: readonly Value[]): readonly Value[] => {
  const functions = named(given, frame);
  if (functions.length === 0) return [unknownCall(frame, state, expression, name)];
  const bits = expression.arguments.reduce((all, argument) => all | (rootsOf(state, argument) & (roots.domain | roots.device)), 0);
  const results = functions.map((of) =>
    frame.program.summary(
      of,
      of.parameters.map(() => ({ values: [], roots: bits })),
    ),
  );
  return results.map((summary) => within(frame, state, expression, summary, null)).reduce(joined, [zero]);
};

const fromApi = (frame: Frame, state: State, expression: Call, name: string, api: KernelApi, values: Arguments): readonly Value[] => {
  if (api.returns === 'argument') return values[api.argument ?? 0] ?? [];
  if (api.returns === 'callback') return callback(frame, state, expression, name, values[api.argument ?? 0] ?? []);
  return apiResults(frame, state, expression, name, api);
};

/** A variable that holds functions. */
const callHeld = (
  frame: Frame,
  state: State,
  expression: Call,
  name: string,
  held: readonly Value[],
  values: Arguments,
): readonly Value[] => {
  const functions = named(held, frame);
  if (functions.length === 0) return [unknownCall(frame, state, expression, name)];
  const all = held.every(({ kind }) => kind === 'function');
  return throughAny(frame, state, expression, functions, all ? null : `called through ${name}`, values);
};

const callNamed = (frame: Frame, state: State, expression: Call, name: string, values: Arguments): readonly Value[] => {
  const held = state.values.get(name);
  if (held !== undefined) return callHeld(frame, state, expression, name, held, values);
  const callee = frame.program.callee(name, frame.of);
  if (callee.kind === 'api') return fromApi(frame, state, expression, name, callee.api, values);
  state.forgetMembers();
  if (callee.kind === 'unknown') return [unknownCall(frame, state, expression, name)];
  const functions: readonly FunctionSource[] = callee.kind === 'function' ? [callee.of] : callee.of;
  return throughAny(frame, state, expression, functions, callee.kind === 'any' ? callee.through : null, values);
};

const throughAny = (
  frame: Frame,
  state: State,
  expression: Call,
  functions: readonly FunctionSource[],
  through: string | null,
  values: Arguments,
): readonly Value[] =>
  functions
    .map((of) => within(frame, state, expression, frame.program.summary(of, argumentsOf(state, expression, values)), through))
    .reduce((all, some) => joined(all, some), []);

const callMember = (frame: Frame, state: State, expression: Call, member: string, values: Arguments): readonly Value[] => {
  const through = frame.text(expression.callee);
  state.forgetMembers();
  const functions = frame.program.members(member, frame.of);
  if (functions.length === 0) return [unknownCall(frame, state, expression, through)];
  return throughAny(frame, state, expression, functions, `called through ${through}`, values);
};

export const call = (frame: Frame, state: State, expression: Call): readonly Value[] => {
  const { callee, arguments: args } = expression;
  if (callee.kind === 'call' && callee.callee.kind === 'name' && callee.callee.name === 'guard') {
    const [kind] = callee.arguments;
    lock(frame, state, guardKind(kind?.kind === 'name' ? kind.name : ''), args);
    return [];
  }
  const values = args.map((argument) => evaluate(frame, state, argument));
  if (callee.kind !== 'name') {
    const result =
      callee.kind === 'field'
        ? callMember(frame, state, expression, callee.name, values)
        : [unknownCall(frame, state, expression, frame.text(callee))];
    handedOut(frame, state, args);
    return result;
  }
  if (isPrinter(callee.name) && !printsIf(callee.name)) printed(frame, state, expression, callee.name);
  const wrapper = wrappers[callee.name];
  if (wrapper) return wrapper(values);
  if (flags.test(callee.name)) return flag;
  const kind = takes(callee.name);
  if (kind !== null) lock(frame, state, kind, args);
  if (releases(callee.name)) unlock(frame, state, args);
  const result = callNamed(frame, state, expression, callee.name, values);
  handedOut(frame, state, args);
  return result;
};
