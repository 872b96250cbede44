// What a recording does not say of its machine and a call's outcome depends on: solved for, one attribute at a time, and counted.
import type { Value } from '../core/conditions.ts';
import type { Event } from '../core/events.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Topology, TopologyDevice } from '../core/topology.ts';
import { unknownReads } from '../engine/assumed.ts';
import type { Engine } from '../engine/engine.ts';
import type { ProgramCall } from '../recordings/kernel/programCalls.ts';
import { injected } from './causes.ts';
import type { ObservedCall } from './sessions.ts';

export interface Assumption {
  /** `system`, `device/0000:00:10.0`, `iommu/dmar0`. */
  readonly part: string;
  readonly attribute: string;
  readonly value: Value;
  /** Why nothing that was read says it. */
  readonly why: string;
  /** An allocation that failed in a call, and nobody says that it was made to. */
  readonly failed?: { readonly call: ProgramCall; readonly nth: number };
}

/** So many allocations of a call are tried: no recorded one made more than 30. */
const MOST_ALLOCATIONS = 60;

function* failures(call: ProgramCall): Generator<Assumption> {
  for (let nth = 1; nth <= MOST_ALLOCATIONS; nth++) {
    const why = 'a step inside the call gave ENOMEM, and no log says why';
    yield { part: `${call.op} at line ${call.line}`, attribute: 'failed allocation', value: nth, why, failed: { call, nth } };
  }
}

const unsafeInterrupts = (value: boolean): Assumption => ({
  ...{ part: 'system', attribute: 'allowUnsafeInterrupts', value },
  why: 'a parameter of the module that can be written at any time',
});

/** A kernel driver that took a device of the group: binding is no call of the recorded program. */
const drivers = ({ group }: ProgramCall, { topology }: Scenario): Assumption[] =>
  (topology.groups.find(({ id }) => id === group)?.devices ?? []).map(({ id }) => ({
    ...{ part: `device/${id}`, attribute: 'boundDriver', value: 'its own driver' },
    why: 'who is bound to it may have changed since the snapshot',
  }));

/** Candidates for the call at which a run and a recording part, the likely first. `events` are the run's, up to and with the call. */
export function* assumptionsFor(
  engine: Engine,
  scenario: Scenario,
  { call, observations }: Pick<ObservedCall, 'call' | 'observations'>,
  events: readonly Event[],
): Generator<Assumption> {
  const taken = scenario.set['system']?.['allowUnsafeInterrupts'];
  yield unsafeInterrupts(taken !== true);
  if (call.op === 'VFIO_GROUP_SET_CONTAINER' || call.op === 'VFIO_DEVICE_BIND_IOMMUFD') yield* drivers(call, scenario).reverse();
  if (injected(call) === null && observations.some(({ result }) => result === 'ENOMEM')) yield* failures(call);
  for (const { part, attribute, taken: now, values, words } of unknownReads(engine, scenario, events))
    for (const value of values) if (value !== now) yield { part, attribute, value, why: words };
}

const ofDevice = (part: string): string | null => (part.startsWith('device/') ? part.slice('device/'.length) : null);

/** What boot depends on has to be there before it: a device's attributes go into the topology. */
export const topologyAssuming = (topology: Topology, assumed: readonly Assumption[]): Topology => {
  const device = (found: TopologyDevice): TopologyDevice => {
    const own = assumed.filter(({ part }) => ofDevice(part) === found.id).map(({ attribute, value }) => [attribute, value]);
    return own.length === 0 ? found : { ...found, attributes: { ...found.attributes, ...Object.fromEntries(own) } };
  };
  return { ...topology, groups: topology.groups.map((group) => ({ ...group, devices: group.devices.map(device) })) };
};

export const settingsAssuming = (assumed: readonly Assumption[]): Scenario['set'] => {
  const set: Record<string, Record<string, Value>> = {};
  for (const { part, attribute, value, failed } of assumed)
    if (!failed && ofDevice(part) === null) set[part] = { ...set[part], [attribute]: value };
  return set;
};

export const failuresAssumed = (assumed: readonly Assumption[]): Map<ProgramCall, number> =>
  new Map(assumed.flatMap(({ failed }) => (failed ? [[failed.call, failed.nth]] : [])));
