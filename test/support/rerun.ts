// Runs a recorded phase in the model, call after call, and puts what the model made of each beside what was recorded.
import type { Event } from '../../src/core/events.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { Fault, Request, Scenario, TaskScript } from '../../src/core/scenario.ts';
import type { Topology } from '../../src/core/topology.ts';
import type { World } from '../../src/core/world.ts';
import { audit } from '../../src/detect/audit.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { probeOf } from '../../src/engine/probe.ts';
import { openRun } from '../../src/engine/run.ts';
import { watchAttaches } from './attaches.ts';
import { engineFor, eventsOf, recorded, scenario } from './runs.ts';
import type { AttachOutcome, Call, Phase } from './sequence.ts';
import type { Placed } from './sequenceParts.ts';
import { requestsOf, type TranslatedCall } from './sequenceRequests.ts';

/** A call that the model performed. */
export interface Rerun {
  readonly call: Call;
  readonly results: readonly string[];
  readonly attaches: readonly AttachOutcome[];
  /** The planned failure was reached. */
  readonly hit: boolean;
  /** The page table of each group that is on one afterwards. */
  readonly tables: ReadonlyMap<string, string>;
}

export interface Rerunning {
  readonly reruns: readonly Rerun[];
  readonly skipped: readonly string[];
  /** Calls whose recorded failure has a cause that no request says: a planned failure stands in. */
  readonly standIns: readonly string[];
  readonly findings: readonly Finding[];
}

/** Recordings on the machine of another one; all others have a snapshot of their own. */
const machines: Record<string, string> = {
  '6.1-arm64-smmuv3x3-memory': '6.1-arm64-smmuv3x3-basic',
  '6.1-x86_64-intel-memory': '6.1-x86_64-intel-basic',
  '6.12-arm64-smmuv3x3-memory': '6.12-arm64-smmuv3x3-basic',
  '6.12-x86_64-intel-memory': '6.12-x86_64-intel-basic',
  '6.12custom-x86_64-intel-failnth_fd': '6.12custom-x86_64-intel-failnth',
  '6.12custom-x86_64-intel-iommufd': '6.12custom-x86_64-intel-failnth',
};

const machineOf = ({ recording, calls }: Phase): Topology => {
  const topology = recorded(machines[recording] ?? recording);
  const types = new Map(calls.flatMap(({ op, group, argument }) => (op === 'default_domain_type' ? [[group!, argument!]] : [])));
  return { ...topology, groups: topology.groups.map((group) => ({ ...group, type: types.get(group.id) ?? group.type })) };
};

const engines = new Map<string, Engine>();
const engineOf = (kernel: string, caller: string): Engine => {
  const known = engines.get(`${kernel} ${caller}`) ?? engineFor({ kernel, caller });
  engines.set(`${kernel} ${caller}`, known);
  return known;
};

const callerOf = ({ calls }: Phase): string => {
  if (!calls.some(({ op }) => op === 'open_iommufd')) return 'vfio-type1';
  return calls.some(({ op }) => op === 'IOMMU_HWPT_ALLOC') ? 'iommufd-hwpt' : 'iommufd-auto';
};

const scriptsOf = (placed: readonly Placed[]): TaskScript[] => {
  const scripts = new Map<string, { first: Placed; requests: Request[] }>();
  for (const one of placed) {
    const script = scripts.get(one.task) ?? { first: one, requests: [] };
    script.requests.push(one.request);
    scripts.set(one.task, script);
  }
  return [...scripts].map(([id, { first, requests }]) => {
    const { container, context } = first;
    return { id, caller: null, container, ...(context ? { context } : {}), requests };
  });
};

/** Pages of page tables are charged to the caller's control group in 6.12, not in 6.1: over its limit, no call gets one. */
const charged = ['pfn_to_dma_pte', '__arm_lpae_map'];

/** The limit of locked memory: the call's first allocation fails in its place. */
const overLimit = ({ phase, errno }: Call): boolean => phase.endsWith('memlock') && errno === 'ENOMEM';

const faultsOf = (call: Call, task: string, request: number, kernel: string): Fault[] => {
  const of = { task, request } as const;
  if (call.nth !== undefined) return [{ kind: 'nth', ...of, nth: call.nth, call: call.op }];
  if (call.squeezed) return kernel === '6.12.y' ? charged.map((site) => ({ kind: 'site', site, ...of, nth: 1, sticky: true })) : [];
  return overLimit(call) ? [{ kind: 'nth', ...of, nth: 1, call: call.op }] : [];
};

const standInOf = (call: Call): string[] => {
  if (overLimit(call)) return [`${call.op} over the limit of locked memory`];
  return call.squeezed && call.errno ? [`${call.op} over the limit of the control group`] : [];
};

const placedOf = ({ translated }: TranslatedCall): readonly Placed[] => ('requests' in translated ? translated.requests : []);

const scenarioOf = (phase: Phase, translated: readonly TranslatedCall[], kernel: string): Scenario => {
  const counts = new Map<string, number>();
  const faults = translated.flatMap((one) =>
    placedOf(one).flatMap(({ task }) => {
      const index = counts.get(task) ?? 0;
      counts.set(task, index + 1);
      return faultsOf(one.call, task, index, kernel);
    }),
  );
  const allowUnsafeInterrupts = phase.calls.some(({ op, argument }) => op === 'allow_unsafe_interrupts' && argument === '1');
  const tasks = scriptsOf(translated.flatMap(placedOf));
  return scenario(machineOf(phase), tasks, { kernel, caller: callerOf(phase), faults, set: { system: { allowUnsafeInterrupts } } });
};

const tablesOf = ({ groups }: World): Map<string, string> =>
  new Map(Object.values(groups).flatMap(({ id, pageTable }) => (pageTable === null ? [] : [[id, pageTable]])));

const performed = (engine: Engine, given: Scenario, translated: readonly TranslatedCall[]): { reruns: Rerun[]; events: Event[] } => {
  const events: Event[] = [];
  const attaches = watchAttaches();
  let world: World | null = null;
  const { session } = openRun(engine, given, {
    listen: (event) => {
      events.push(event);
      // The event that starts the run comes before there is a session.
      if (world) attaches.listen(event, world);
    },
  });
  world = session.world;
  const reruns = translated.flatMap((one): Rerun[] => {
    const placed = placedOf(one);
    if (placed.length === 0) return [];
    const from = events.length;
    for (const { task, request } of placed) session.submit(task, request);
    session.drive();
    const since = events.slice(from);
    const tasks = placed.map(({ task }) => task);
    const results = eventsOf(since, 'RequestEnded').flatMap(({ task, result }) => (tasks.includes(task) ? [result] : []));
    const hit = eventsOf(since, 'AllocationFailed').length > 0;
    return [{ call: one.call, results, attaches: attaches.taken(), hit, tables: tablesOf(session.world) }];
  });
  session.finish();
  return { reruns, events };
};

export const rerun = (phase: Phase): Rerunning => {
  const kernel = phase.recording.startsWith('6.1-') ? '6.1.y' : '6.12.y';
  const engine = engineOf(kernel, callerOf(phase));
  const translated = requestsOf(phase);
  const given = scenarioOf(phase, translated, kernel);
  const { reruns, events } = performed(engine, given, translated);
  const standIns = reruns.flatMap(({ call }) => standInOf(call));
  const skipped = translated.flatMap((one) => ('skipped' in one.translated ? [one.translated.skipped] : []));
  return { reruns, skipped, standIns, findings: audit(events, probeOf(engine)).filter(({ level }) => level === 'bug') };
};
