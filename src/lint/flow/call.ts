// What a call can return: an errno that is only wrapped, a message, a lock, a kernel function that is known, or a function of the tree.
import type { KernelApi } from '../apis/api.ts';
import type { Expression, FunctionSource } from '../c/syntax.ts';
import { apiResults } from './callApi.ts';
import { handedOut, lock, printed, unlock } from './effects.ts';
import { evaluate, flag } from './evaluate.ts';
import type { Frame } from './frame.ts';
import { guardKind, isPrinter, printsIf, releases, takes } from './messages.ts';
import type { Summary } from './program.ts';
import { rootsOf } from './roots.ts';
import type { State } from './state.ts';
import { joined, roots, unknown, type Value, zero } from './values.ts';

export type Call = Extract<Expression, { kind: 'call' }>;
type Values = readonly Value[];

/** A call with its arguments evaluated. */
interface Site {
  readonly frame: Frame;
  readonly state: State;
  readonly call: Call;
  readonly values: readonly Values[];
}

const first = ([values = []]: readonly Values[]): Values => values;
const each = (values: Values, change: (value: Value) => Value): Values => joined(values.map(change), []);

/** Macros and functions that hand on what they are given. */
const wrappers: { readonly [name: string]: (values: readonly Values[]) => Values } = {
  ERR_PTR: first,
  PTR_ERR: first,
  ERR_CAST: first,
  READ_ONCE: first,
  likely: first,
  unlikely: first,
  no_free_ptr: first,
  return_ptr: first,
  PTR_ERR_OR_ZERO: (values) => each(first(values), (value) => (value.kind === 'good' ? zero : value)),
  xa_err: (values) => each(first(values), (value) => (value.kind === 'errno' || value.kind === 'unknown' ? value : zero)),
};

const flags = /^(?:IS_ERR|IS_ERR_OR_NULL|IS_ENABLED|WARN|WARN_ON|WARN_ONCE|WARN_ON_ONCE|BUG_ON)$/;

const plain = (value: Value): boolean => value.origin === null && value.silent === null && value.unresolved === null;

/** What a function of the tree gave, as its caller sees it. `through`: why it may be another function. */
const within = ({ frame, state, call }: Site, { values, allocations, ignored }: Summary, through: string | null): Values => {
  const step = frame.step(call);
  for (const [index, found] of allocations.entries()) {
    const outer = { ...found, guards: [...state.guards, ...found.guards], steps: [step, ...found.steps] };
    frame.allocations.set(`${step.file}:${call.from}:${index}:${through === null ? '' : found.function}`, outer);
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

/** Any of the functions. */
const throughAny = (site: Site, functions: readonly FunctionSource[], through: string | null): Values => {
  const { frame, state, call, values } = site;
  const args = call.arguments.map((argument, index) => ({ values: values[index] ?? [], roots: rootsOf(state, argument) }));
  return functions.map((of) => within(site, frame.program.summary(of, args), through)).reduce((all, some) => joined(all, some), []);
};

/** What nobody knows of a call, with its place. */
const unknownCall = ({ frame, state, call }: Site, name: string): Values => [
  {
    ...unknown(`${name}()`),
    origin: { ...frame.at(call), text: frame.text(call), how: 'api', api: name, class: null },
    guards: state.guards,
    locks: state.locks,
    check: null,
  },
];

const functionsIn = ({ frame }: Site, values: Values): FunctionSource[] =>
  values.flatMap(({ kind, names }) => (kind === 'function' ? names.flatMap((name) => frame.program.named(name, frame.of.file)) : []));

/** A function that is handed in is called with whatever was handed in beside it. */
const callback = (site: Site, name: string, given: Values): Values => {
  const { frame, state, call } = site;
  const functions = functionsIn(site, given);
  if (functions.length === 0) return unknownCall(site, name);
  const bits = call.arguments.reduce((all, argument) => all | (rootsOf(state, argument) & (roots.domain | roots.device)), 0);
  const summaryOf = (of: FunctionSource): Summary => {
    const args = of.parameters.map(() => ({ values: [], roots: bits }));
    return frame.program.summary(of, args);
  };
  return functions.map((of) => within(site, summaryOf(of), null)).reduce(joined, [zero]);
};

const fromApi = (site: Site, name: string, api: KernelApi): Values => {
  const given = site.values[api.argument ?? 0] ?? [];
  if (api.returns === 'argument') return given;
  if (api.returns === 'callback') return callback(site, name, given);
  return apiResults(site.frame, site.state, site.call, name, api);
};

/** A variable that holds functions. */
const callHeld = (site: Site, name: string, held: Values): Values => {
  const functions = functionsIn(site, held);
  if (functions.length === 0) return unknownCall(site, name);
  const isSure = held.every(({ kind }) => kind === 'function');
  return throughAny(site, functions, isSure ? null : `called through ${name}`);
};

const callFunction = (site: Site, name: string): Values => {
  const { frame, state } = site;
  const held = state.values.get(name);
  if (held !== undefined) return callHeld(site, name, held);
  const callee = frame.program.callee(name, frame.of);
  if (callee.kind === 'api') return fromApi(site, name, callee.api);
  state.forgetMembers();
  if (callee.kind === 'unknown') return unknownCall(site, name);
  return callee.kind === 'function' ? throughAny(site, [callee.of], null) : throughAny(site, callee.of, callee.through);
};

/** Locks and messages are known by their names; they may be functions of the tree all the same. */
const callNamed = (site: Site, name: string): Values => {
  const { frame, state, call, values } = site;
  if (isPrinter(name) && !printsIf(name)) printed(frame, state, call, name);
  const wrapper = wrappers[name];
  if (wrapper) return wrapper(values);
  if (flags.test(name)) return flag;
  const kind = takes(name);
  if (kind !== null) lock(frame, state, kind, call.arguments);
  if (releases(name)) unlock(frame, state, call.arguments);
  return callFunction(site, name);
};

const callMember = (site: Site, member: string): Values => {
  const { frame, state, call } = site;
  const through = frame.text(call.callee);
  state.forgetMembers();
  const functions = frame.program.members(member, frame.of);
  return functions.length === 0 ? unknownCall(site, through) : throughAny(site, functions, `called through ${through}`);
};

const callAny = (site: Site): Values => {
  const { callee } = site.call;
  if (callee.kind === 'name') return callNamed(site, callee.name);
  return callee.kind === 'field' ? callMember(site, callee.name) : unknownCall(site, site.frame.text(callee));
};

/** `guard(mutex)(&lock)`: its class; null for any other call. */
const guardClass = ({ callee }: Call): string | null => {
  if (callee.kind !== 'call' || callee.callee.kind !== 'name' || callee.callee.name !== 'guard') return null;
  const [kind] = callee.arguments;
  return guardKind(kind?.kind === 'name' ? kind.name : '');
};

export const call = (frame: Frame, state: State, expression: Call): Values => {
  const guard = guardClass(expression);
  if (guard !== null) {
    lock(frame, state, guard, expression.arguments);
    return [];
  }
  const values = expression.arguments.map((argument) => evaluate(frame, state, argument));
  const result = callAny({ frame, state, call: expression, values });
  handedOut(frame, state, expression.arguments);
  return result;
};
