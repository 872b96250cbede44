// Attributes that the topology leaves unknown and the run read: which default it took, and where another value would change the outcome.
import type { Value } from '../core/conditions.ts';
import type { Event } from '../core/events.ts';
import type { AttributeFacts } from '../core/rows.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Engine } from './engine.ts';
import { runScenario } from './run.ts';

export interface Assumed {
  /** `iommu/dmar0`, `device/0000:00:10.0`, `system`. */
  readonly part: string;
  readonly attribute: string;
  readonly taken: Value;
  readonly words: string;
  /** Values under which a request's result or the domains at the end differ, with what differs first. */
  readonly changes: readonly { readonly value: Value; readonly difference: string }[];
}

type Kind = 'device' | 'iommu' | 'system';

/** Paths that verdicts of a run named, with the device each spoke of. */
const readPaths = (events: readonly Event[]): Map<string, Set<string>> => {
  const found = new Map<string, Set<string>>();
  for (const event of events) {
    if (event.type !== 'CheckPassed' && event.type !== 'CheckRefused') continue;
    for (const path of Object.keys(event.values)) {
      const devices = found.get(path) ?? new Set();
      if (event.device !== null) devices.add(event.device);
      found.set(path, devices);
    }
  }
  return found;
};

const known = (scenario: Scenario, kind: Kind, id: string, attribute: string): boolean => {
  const { topology, set } = scenario;
  const part = partOf(kind, id);
  if (set[part] && attribute in set[part]) return true;
  if (kind === 'system') return attribute in topology.system;
  if (kind === 'iommu') return attribute in (topology.iommus.find((iommu) => iommu.id === id)?.attributes ?? {});
  return topology.groups.some((group) => group.devices.some((device) => device.id === id && attribute in device.attributes));
};

interface Candidate {
  readonly kind: Kind;
  readonly id: string;
  readonly attribute: string;
  readonly facts: AttributeFacts;
}

const candidates = (engine: Engine, scenario: Scenario, events: readonly Event[]): Candidate[] => {
  const found = new Map<string, Candidate>();
  const started = events[0];
  if (started?.type !== 'RunStarted') return [];
  for (const [path, devices] of readPaths(events)) {
    const [kind, attribute] = path.split('.') as [Kind, string];
    if (kind !== 'device' && kind !== 'iommu' && kind !== 'system') continue;
    for (const deviceId of devices) {
      const device = started.world.devices[deviceId];
      const facts = device && engine.model.drivers.get(device.driver)?.attributes[kind]?.[attribute];
      const id = kind === 'device' ? deviceId : kind === 'iommu' ? device?.iommu : 'system';
      if (facts && id && facts.alternatives && !known(scenario, kind, id, attribute))
        found.set(`${kind}/${id}.${attribute}`, { kind, id, attribute, facts });
    }
  }
  return [...found.values()];
};

/** Attributes that the topology leaves unknown and these events of a run read; the first event is the run's own. */
export const unknownReads = (
  engine: Engine,
  scenario: Scenario,
  events: readonly Event[],
): { part: string; attribute: string; taken: Value; values: readonly Value[]; words: string }[] =>
  candidates(engine, scenario, events).map(({ kind, id, attribute, facts }) => ({
    ...{ part: partOf(kind, id), attribute, taken: facts.default, words: facts.words },
    values: facts.alternatives ?? [],
  }));

/** Attributes that the topology leaves unknown and the scenario's plain run reads, with the other values that their drivers name. */
export const unknownsOf = (engine: Engine, scenario: Scenario): { part: string; attribute: string; values: readonly Value[] }[] => {
  const events: Event[] = [];
  runScenario(engine, { ...scenario, faults: [] }, { listen: (event) => events.push(event) });
  return candidates(engine, scenario, events).map(({ kind, id, attribute, facts }) => ({
    part: partOf(kind, id),
    attribute,
    values: facts.alternatives ?? [],
  }));
};

const partOf = (kind: Kind, id: string): string => (kind === 'system' ? 'system' : `${kind}/${id}`);

/** What a user would notice: results of requests in order, and the domains of each container. */
const outcomeOf = (engine: Engine, scenario: Scenario): string[] => {
  const results: string[] = [];
  const { world } = runScenario(engine, scenario, {
    listen: (event) => {
      if (event.type === 'RequestEnded') results.push(`${event.verb}${event.target ? ` ${event.target}` : ''}: ${event.result}`);
    },
  });
  return [...results, ...Object.values(world.containers).map((container) => `${container.id}: ${container.records.length} domains`)];
};

/** Every assumed attribute that the run read. Runs the scenario again for each other value that the driver names. */
export const assumedIn = (engine: Engine, scenario: Scenario, events: readonly Event[]): Assumed[] => {
  const found = candidates(engine, scenario, events);
  if (found.length === 0) return [];
  const plain = outcomeOf(engine, scenario);
  return found.map(({ kind, id, attribute, facts }) => {
    const part = partOf(kind, id);
    const changes = (facts.alternatives ?? []).flatMap((value) => {
      const set = { ...scenario.set, [part]: { ...scenario.set[part], [attribute]: value } };
      const other = outcomeOf(engine, { ...scenario, set });
      const index = other.findIndex((line, at) => line !== plain[at]);
      return index === -1 ? [] : [{ value, difference: `${other[index]} instead of ${plain[index] ?? 'nothing'}` }];
    });
    return { part, attribute, taken: facts.default, words: facts.words, changes };
  });
};
