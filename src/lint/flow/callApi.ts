// A call of a kernel function that the table knows: its results, and the memory or id that it takes.
import type { Class } from '../../core/rows.ts';
import type { KernelApi } from '../apis/api.ts';
import type { Expression } from '../c/syntax.ts';
import type { Frame } from './frame.ts';
import type { State } from './state.ts';
import { errno, good, index, type Origin, type Value, zero } from './values.ts';

type Call = Extract<Expression, { kind: 'call' }>;

const allocation = (frame: Frame, state: State, expression: Call, name: string, api: KernelApi): void => {
  const flags = typeof api.gfp === 'number' ? expression.arguments[api.gfp] : undefined;
  const gfp = typeof api.gfp === 'string' ? api.gfp : flags === undefined ? null : frame.text(flags);
  const at = frame.at(expression);
  frame.allocations.set(`${at.file}:${expression.from}`, {
    ...{ ...at, callee: name, gfp, class: api.class ?? 'transient-memory', guards: state.guards, steps: [] },
  });
};

/** Errnos by what they mean, in the order of the table. */
const groups = ({ errnos = [], class: common, classes = {} }: KernelApi): (readonly [Class | null, readonly string[]])[] => {
  const meaning = (name: string): Class | null => classes[name] ?? common ?? null;
  const meanings = [...new Set(errnos.map(meaning))];
  return meanings.map((one) => [one, errnos.filter((name) => meaning(name) === one)]);
};

/** Memory that could not be had, and nothing else of what such a function can say. */
const howOf = ({ takes }: KernelApi, meaning: Class | null): Origin['how'] =>
  takes === 'memory' && meaning === 'transient-memory' ? 'memory' : 'api';

const failures = (api: KernelApi, name: string, origin: Origin, here: Partial<Value>): Value[] => {
  const known = groups(api).map(([meaning, names]): Value => {
    return { ...errno(names, { ...origin, class: meaning, how: howOf(api, meaning) }), ...here };
  });
  const others: Value[] =
    known.length > 0 && !api.andOthers ? [] : [{ ...errno([], origin), ...here, unresolved: `errno that ${name}() hands on` }];
  return [...known, ...others];
};

export const apiResults = (frame: Frame, state: State, expression: Call, name: string, api: KernelApi): readonly Value[] => {
  if (api.takes !== undefined) allocation(frame, state, expression, name, api);
  const origin: Origin = {
    ...frame.at(expression),
    text: frame.text(expression),
    how: howOf(api, api.class ?? null),
    api: name,
    class: api.class ?? null,
  };
  const here = { check: null, guards: state.guards, locks: state.locks };
  const told = api.class === undefined ? here : { ...here, origin };
  switch (api.returns) {
    case 'errno':
      return [zero, ...(api.counts ? [index] : []), ...failures(api, name, origin, here)];
    case 'errorPointer':
      return [good, ...failures(api, name, origin, here)];
    case 'entry':
      return [zero, good, ...failures(api, name, origin, here)];
    case 'pointer':
      return [good, { ...zero, ...here, origin }];
    case 'index':
      return [{ ...index, ...told }];
    case 'flag':
      return [zero, { ...good, ...told }];
    case 'status':
      return [zero, { ...index, ...told }];
    default:
      return [index];
  }
};
