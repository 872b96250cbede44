// Diff: aligns two runs request by request, names the first event where they part and the row that differed, then the effect on state.
import { canonical } from '../core/canonical.ts';
import { controlFlow, type Event, type EventType } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import { emptyWorld, type World } from '../core/world.ts';

export interface Numbered {
  readonly at: number;
  readonly event: Event;
}

/** One request of a task, with the events between its start and its end. */
interface Section {
  readonly key: string;
  readonly events: Numbered[];
}

export interface RequestDifference {
  readonly request: string;
  readonly expected: string | null;
  readonly actual: string | null;
}

export interface StateDifference {
  readonly part: string;
  readonly expected: string;
  readonly actual: string;
}

export interface RunDifference {
  readonly equal: boolean;
  /** The first event that differs in both; null on a side that has ended. */
  readonly first: { readonly request: string; readonly expected: Numbered | null; readonly actual: Numbered | null } | null;
  /** Row of the first verdict that differs, on either side. */
  readonly row: { readonly expected: string | null; readonly actual: string | null } | null;
  readonly requests: readonly RequestDifference[];
  readonly state: readonly StateDifference[];
  readonly events: { readonly expected: number; readonly actual: number };
}

/** These differ between callers that do the same, or between any two runs. */
const leftOut: ReadonlySet<EventType> = new Set([...controlFlow, 'RunStarted']);

/** What an event says, without where it stands or whether a fault plan counted; equal words are the same fact. */
const words = (event: Event): string => {
  if (event.type === 'MemoryAllocated' || event.type === 'AllocationFailed')
    return canonical({ ...event, n: null, site: functionOf(event.site) });
  if (event.type === 'CallStarted') return canonical({ ...event, counts: false });
  if (event.type === 'CallEnded') return canonical({ ...event, allocations: null });
  return canonical(event);
};

const functionOf = (site: string): string => site.replace(/:\d+/, '');

interface Reading {
  readonly sections: Section[];
  readonly world: World;
  readonly results: Map<string, string>;
  readonly count: number;
}

const read = (events: Iterable<Event>): Reading => {
  const world = emptyWorld();
  const results = new Map<string, string>();
  const sections: Section[] = [{ key: 'boot', events: [] }];
  let at = 0;
  for (const event of events) {
    evolve(world, event);
    at += 1;
    if (event.type === 'RequestStarted') sections.push({ key: requestKey(event), events: [] });
    if (event.type === 'RequestEnded') results.set(requestKey(event), event.result);
    if (!leftOut.has(event.type)) sections.at(-1)!.events.push({ at, event });
  }
  return { sections, world, results, count: at };
};

const requestKey = (event: { task: string; request: number; verb: string; target: string | null }): string =>
  `${event.task} request ${event.request + 1}: ${event.verb}${event.target === null ? '' : ` ${event.target}`}`;

/** The first place where two lists of events part. */
const parting = (left: readonly Numbered[], right: readonly Numbered[]): number | null => {
  const shorter = Math.min(left.length, right.length);
  for (let index = 0; index < shorter; index++) {
    const [a, b] = [left[index]!.event, right[index]!.event];
    if (a.type !== b.type || words(a) !== words(b)) return index;
  }
  return left.length === right.length ? null : shorter;
};

const rowOf = (events: readonly Numbered[], from: number): string | null => {
  for (const { event } of events.slice(from)) {
    if (event.type === 'CheckRefused' || event.type === 'AllocationFailed' || event.type === 'ApiFailed') return event.row;
  }
  return null;
};

const firstParting = (left: Reading, right: Reading) => {
  const count = Math.max(left.sections.length, right.sections.length);
  for (let index = 0; index < count; index++) {
    const [a, b] = [left.sections[index], right.sections[index]];
    const [before, now] = [a?.events ?? [], b?.events ?? []];
    const at = parting(before, now);
    if (at === null && a && b) continue;
    const from = at ?? 0;
    const first = { request: (a ?? b)!.key, expected: before[from] ?? null, actual: now[from] ?? null };
    return { first, row: { expected: rowOf(before, from), actual: rowOf(now, from) } };
  }
  return { first: null, row: null };
};

const requestDifferences = (left: Reading, right: Reading): RequestDifference[] => {
  const keys = [...new Set([...left.results.keys(), ...right.results.keys()])];
  return keys.flatMap((request) => {
    const [expected, actual] = [left.results.get(request) ?? null, right.results.get(request) ?? null];
    return expected === actual ? [] : [{ request, expected, actual }];
  });
};

/** Parts of the end state that a user cares for: containers, groups, devices, domains, instances. */
const stateDifferences = (left: World, right: World): StateDifference[] =>
  (['containers', 'groups', 'devices', 'domains', 'iommus'] as const).flatMap((kind) => {
    const ids = [...new Set([...Object.keys(left[kind]), ...Object.keys(right[kind])])].sort();
    return ids.flatMap((id) => fieldDifferences(`${kind.slice(0, -1)} ${id}`, left[kind][id], right[kind][id]));
  });

/** Values by path, down to what is no object; list members that have an id go by it. */
const leaves = (value: unknown, path: string, found = new Map<string, string>()): Map<string, string> => {
  if (typeof value !== 'object' || value === null) return found.set(path, canonical(value ?? null));
  const named = Array.isArray(value) ? value.every((item) => typeof item?.id === 'string') : true;
  if (!named) return found.set(path, canonical(value));
  const entries = Array.isArray(value) ? value.map((item) => [item.id, item] as const) : Object.entries(value);
  for (const [name, inner] of entries) leaves(inner, `${path}.${name}`, found);
  return found;
};

const fieldDifferences = (part: string, left: object | undefined, right: object | undefined): StateDifference[] => {
  if (!left || !right) return [{ part, expected: left ? 'exists' : 'does not exist', actual: right ? 'exists' : 'does not exist' }];
  const [a, b] = [leaves(left, part), leaves(right, part)];
  const differing = [...new Set([...a.keys(), ...b.keys()])].sort().filter((path) => a.get(path) !== b.get(path));
  const whole = differing.filter((path) => path.endsWith('.id')).map((path) => path.slice(0, -'.id'.length));
  const inner = differing.filter((path) => !whole.some((owner) => path.startsWith(`${owner}.`)));
  const members = whole.map((path) => ({ part: path, expected: exists(a, path), actual: exists(b, path) }));
  return [...members, ...inner.map((path) => ({ part: path, expected: a.get(path) ?? 'nothing', actual: b.get(path) ?? 'nothing' }))];
};

const exists = (found: ReadonlyMap<string, string>, path: string): string => (found.has(`${path}.id`) ? 'exists' : 'does not exist');

/** Compares two histories, also of different kernels or callers. */
export const diffRuns = (expected: Iterable<Event>, actual: Iterable<Event>): RunDifference => {
  const [left, right] = [read(expected), read(actual)];
  const { first, row } = firstParting(left, right);
  const requests = requestDifferences(left, right);
  const state = stateDifferences(left.world, right.world);
  return {
    equal: first === null && state.length === 0,
    first,
    row,
    requests,
    state,
    events: { expected: left.count, actual: right.count },
  };
};
