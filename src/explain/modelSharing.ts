// Asks the model how a machine's groups share page tables when one container attaches them one after the other and nothing fails.
import type { Event } from '../core/events.ts';
import type { Scenario } from '../core/scenario.ts';
import type { SharingObstacle } from '../core/sharing.ts';
import type { Topology } from '../core/topology.ts';
import { perform } from '../engine/recipe.ts';

export interface ModelSharing {
  /** Groups by domain, in the order in which the domains were made. */
  readonly classes: readonly (readonly string[])[];
  readonly obstacles: readonly SharingObstacle[];
}

const scenarioOf = (topology: Topology, kernel: string, caller: string, groups: readonly string[]): Scenario => {
  const requests = groups.map((target) => ({ verb: 'attach' as const, target }));
  const tasks = [{ id: 't0', caller: null, container: 'c0', requests }];
  return { name: 'sharing', title: 'one container', topology, kernel, caller, tasks, faults: [], set: {}, claims: [], expect: [] };
};

/** Groups that stay off whatever they are tried on (an attach that fails) are in no class. */
export const sharingIn = (topology: Topology, kernel: string, caller: string, groups: readonly string[]): ModelSharing => {
  const scenario = scenarioOf(topology, kernel, caller, groups);
  const { run, events } = perform({ scenario, kernel, caller, decisions: [] });
  const classes = new Map<string, string[]>();
  for (const id of groups) {
    const domain = run.world.groups[id]?.domain;
    if (!domain || run.world.domains[domain]?.type === 'blocked') continue;
    classes.set(domain, [...(classes.get(domain) ?? []), id]);
  }
  return { classes: [...classes.values()], obstacles: obstaclesIn(events, classes) };
};

/** Refusals of a domain that another group is on, and domains that the search passed over. */
const obstaclesIn = (events: readonly Event[], classes: ReadonlyMap<string, readonly string[]>): SharingObstacle[] => {
  const found = new Map<string, SharingObstacle>();
  let group = '';
  for (const event of events) {
    if (event.type === 'RequestStarted') group = event.target ?? '';
    const domain = event.type === 'CheckRefused' || event.type === 'CandidateConsidered' ? event.domain : null;
    const [from] = domain === null ? [] : (classes.get(domain) ?? []);
    if (from === undefined || from === group) continue;
    const key = `${group} ${from}`;
    if (event.type === 'CheckRefused' && event.errno !== '0')
      found.set(key, { group, from, row: event.row, because: `${event.row} gives -${event.errno}` });
    if (event.type === 'CandidateConsidered' && !event.tried) found.set(key, { group, from, row: null, because: event.because });
  }
  return [...found.values()];
};
