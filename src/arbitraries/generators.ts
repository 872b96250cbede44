// Machines, scripts and planned failures by chance: small ones that boot, in which every request is one that all callers know.
import type * as fastCheck from 'fast-check';
import type { Fault, Request, Scenario, TaskScript } from '../core/scenario.ts';
import type { Topology, TopologyDevice, TopologyGroup } from '../core/topology.ts';
import type { Attributes } from '../core/world.ts';
import { attachingVerbs } from '../explore/guest.ts';

export type FastCheck = typeof fastCheck;
type Arbitrary<T> = fastCheck.Arbitrary<T>;

export interface ScenarioOptions {
  /** Default: 6.12.y. */
  readonly kernel?: string;
  /** Default: vfio-type1. */
  readonly caller?: string;
  /** Tasks at most, each with a container of its own; default 1. */
  readonly tasks?: number;
  /** Planned failures at most; default 1. */
  readonly faults?: number;
}

export interface Arbitraries {
  /** One or two IOMMU instances of one driver, one to four groups of one to three devices. */
  readonly topology: () => Arbitrary<Topology>;
  /** One to six requests of a task on the groups of a machine: attach, detach, map, unmap, and perhaps a last close. */
  readonly script: (topology: Topology) => Arbitrary<readonly Request[]>;
  /** Up to so many n-th allocations, each of a request that attaches. */
  readonly faults: (scenario: Pick<Scenario, 'tasks'>, atMost?: number) => Arbitrary<readonly Fault[]>;
  readonly scenario: (options?: ScenarioOptions) => Arbitrary<Scenario>;
}

/** What an instance of a driver differs in from another: at most one attribute, so that some pairs share a domain and some do not. */
const drivers: readonly { readonly driver: string; readonly attributes: (index: number, differs: boolean) => Attributes }[] = [
  { driver: 'intel', attributes: (index, differs) => ({ index, agaw: 48, mgaw: 48, snoopControl: differs }) },
  { driver: 'amd', attributes: (index) => ({ index }) },
  { driver: 'arm-smmu-v3', attributes: (index) => ({ index, stage1: true }) },
  { driver: 'virtio-iommu', attributes: (index) => ({ index, inputEnd: 2 ** 39 - 1, pgsize: 4096 }) },
];

const MOST_INSTANCES = 2;
const MOST_GROUPS = 4;
const MOST_DEVICES = 3;
const MOST_REQUESTS = 6;
/** A call of the drivers above makes fewer allocations. */
const MOST_ALLOCATIONS = 60;
const KILO = 1024;

const deviceOf = (iommu: string, group: number, slot: number): TopologyDevice => ({
  id: `0000:0${group}:00.${slot}`,
  iommu,
  attributes: { isPci: true },
});

const topologyWith = (fc: FastCheck): Arbitrary<Topology> => {
  const instances = fc.array(fc.boolean(), { minLength: 1, maxLength: MOST_INSTANCES });
  const group = fc.record({ iommu: fc.nat({ max: MOST_INSTANCES - 1 }), size: fc.integer({ min: 1, max: MOST_DEVICES }) });
  const groups = fc.array(group, { minLength: 1, maxLength: MOST_GROUPS });
  return fc.tuple(fc.constantFrom(...drivers), instances, groups).map(([{ driver, attributes }, differing, members]) => ({
    name: 'by-chance',
    source: 'by chance',
    system: { pageSize: 4096, allowUnsafeInterrupts: true },
    iommus: differing.map((differs, index) => ({ id: `iommu${index}`, driver, attributes: attributes(index, differs) })),
    groups: members.map(({ iommu, size }, index): TopologyGroup => {
      const id = `iommu${iommu % differing.length}`;
      const devices = Array.from({ length: size }, (_, slot) => deviceOf(id, index + 1, slot));
      return { id: String(index + 1), type: 'DMA', devices, regions: [] };
    }),
  }));
};

const scriptWith = (fc: FastCheck, { groups }: Topology): Arbitrary<readonly Request[]> => {
  const range = fc.record({
    iova: fc.integer({ min: 16, max: 19 }).map((place) => place * KILO * KILO),
    size: fc.constantFrom(4 * KILO, 64 * KILO),
  });
  const onGroup = fc.record({ verb: fc.constantFrom('attach', 'detach'), target: fc.constantFrom(...groups.map(({ id }) => id)) });
  const attach = onGroup.map((request): Request => ({ ...request, verb: 'attach' }));
  const onRange = fc.record({ verb: fc.constantFrom('map', 'unmap'), range });
  const request: Arbitrary<Request> = fc.oneof(
    { weight: 3, arbitrary: attach },
    { weight: 1, arbitrary: onGroup },
    { weight: 2, arbitrary: onRange.map(({ verb, range: place }): Request => ({ verb, target: null, ...place })) },
  );
  const close: Request = { verb: 'close', target: null };
  return fc
    .tuple(fc.array(request, { minLength: 1, maxLength: MOST_REQUESTS - 1 }), fc.boolean())
    .map(([requests, closes]) => (closes ? [...requests, close] : requests));
};

const faultsWith = (fc: FastCheck, { tasks }: Pick<Scenario, 'tasks'>, atMost: number): Arbitrary<readonly Fault[]> => {
  const places = tasks.flatMap(({ id, requests }) =>
    requests.flatMap(({ verb }, request) => (attachingVerbs.has(verb) ? [{ task: id, request }] : [])),
  );
  if (places.length === 0) return fc.constant([]);
  const fault = fc
    .record({ place: fc.constantFrom(...places), nth: fc.integer({ min: 1, max: MOST_ALLOCATIONS }) })
    .map(({ place, nth }): Fault => ({ kind: 'nth', ...place, nth }));
  return fc.uniqueArray(fault, { maxLength: atMost, selector: (given) => JSON.stringify(given) });
};

const taskOf = (requests: readonly Request[], index: number): TaskScript => ({
  id: `t${index}`,
  caller: null,
  container: `c${index}`,
  requests,
});

/** `fc` is the whole of fast-check 4, as `import * as fc from 'fast-check'` gives it. */
export const arbitraries = (fc: FastCheck): Arbitraries => {
  const script: Arbitraries['script'] = (topology) => scriptWith(fc, topology);
  const faults: Arbitraries['faults'] = (scenario, atMost = 1) => faultsWith(fc, scenario, atMost);
  const topology: Arbitraries['topology'] = () => topologyWith(fc);
  const scenario: Arbitraries['scenario'] = ({ kernel = '6.12.y', caller = 'vfio-type1', tasks: most = 1, faults: atMost = 1 } = {}) =>
    topology().chain((machine) =>
      fc.array(script(machine), { minLength: 1, maxLength: most }).chain((scripts) => {
        const tasks = scripts.map(taskOf);
        const plain = { name: 'by-chance', title: 'by chance', topology: machine, kernel, caller, tasks, set: {}, claims: [], expect: [] };
        return faults({ tasks }, atMost).map((planned): Scenario => ({ ...plain, faults: planned }));
      }),
    );
  return { topology, script, faults, scenario };
};
