// Which renamings map a scenario onto itself: tasks change places, and with them containers, groups, devices and instances. Computed by
// pairing two tasks' scripts word by word, then checked on the whole booted world, the scripts and the claims.
import { canonical } from '../core/canonical.ts';
import type { Scenario, TaskScript } from '../core/scenario.ts';
import type { World } from '../core/world.ts';
import { mapsClaims } from './mirrors.ts';
import { type Renaming, renamed } from './renaming.ts';

/** More tasks than this are not permuted: the group grows as their factorial. */
const MOST_TASKS = 4;

const permutations = (items: readonly number[]): number[][] =>
  items.length === 0 ? [[]] : items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));

/** Adds a pair; false when it contradicts what is there. */
const pair = (renaming: Map<string, string>, from: string, to: string): boolean => {
  const known = renaming.get(from);
  if (known !== undefined) return known === to;
  renaming.set(from, to);
  return true;
};

const pairGroups = (renaming: Map<string, string>, { groups, devices }: World, from: string, to: string): boolean => {
  const [left, right] = [groups[from], groups[to]];
  if (!left || !right || left.devices.length !== right.devices.length) return false;
  return left.devices.every((device, index) => {
    const other = right.devices[index]!;
    const [iommu, otherIommu] = [devices[device]!.iommu, devices[other]!.iommu];
    if (iommu === null || otherIommu === null) return iommu === otherIommu && pair(renaming, device, other);
    return pair(renaming, device, other) && pair(renaming, iommu, otherIommu);
  });
};

const pairTargets = (renaming: Map<string, string>, world: World, from: string | null, to: string | null): boolean => {
  if (from === null || to === null) return from === to;
  if (!(from in world.groups)) return !(to in world.groups) && pair(renaming, from, to);
  return pair(renaming, from, to) && pairGroups(renaming, world, from, to);
};

const pairTasks = (renaming: Map<string, string>, world: World, from: TaskScript, to: TaskScript): boolean => {
  if (from.requests.length !== to.requests.length || from.caller !== to.caller) return false;
  if (!pair(renaming, from.id, to.id) || !pair(renaming, from.container, to.container)) return false;
  // A context closes its address spaces in the order of their names.
  if (from.container !== to.container && from.context && from.context === to.context) return false;
  if (!pair(renaming, from.context ?? from.container, to.context ?? to.container)) return false;
  return from.requests.every(({ verb, target, container, ...rest }, index) => {
    const other = to.requests[index]!;
    if (verb !== other.verb || !pairTargets(renaming, world, target, other.target)) return false;
    if ((container === undefined) !== (other.container === undefined)) return false;
    if (container !== undefined && !pair(renaming, container, other.container!)) return false;
    const plain = (request: object): string => canonical({ ...request, place: undefined, verb: '', target: '', container: '' });
    return plain(rest) === plain(other);
  });
};

const isBijection = (renaming: Renaming): boolean => {
  const from = [...renaming.keys()].sort();
  return canonical(from) === canonical([...renaming.values()].sort());
};

const mapsOntoItself = ({ claims }: Scenario, world: World, renaming: Renaming): boolean =>
  canonical(renamed(JSON.parse(canonical(world)), renaming)) === canonical(world) && mapsClaims(claims, renaming);

const renamingFor = (scenario: Scenario, world: World, order: readonly number[]): Renaming | null => {
  const renaming = new Map<string, string>();
  const pairs = order.every((to, from) => pairTasks(renaming, world, scenario.tasks[from]!, scenario.tasks[to]!));
  return pairs && isBijection(renaming) && mapsOntoItself(scenario, world, renaming) ? renaming : null;
};

/** Every renaming but the one that changes nothing; empty: nothing is interchangeable. */
export const interchangeable = (scenario: Scenario, world: World): Renaming[] => {
  const { tasks } = scenario;
  if (tasks.length < 2 || tasks.length > MOST_TASKS) return [];
  const all = permutations(tasks.map((_, index) => index)).filter((order) => order.some((to, from) => to !== from));
  return all.flatMap((order) => renamingFor(scenario, world, order) ?? []);
};

/** `t0 and t1, with c0 and c1, 5 and 11`: what one renaming exchanges. */
export const renamingWords = (renaming: Renaming): string =>
  [...renaming]
    .filter(([from, to]) => from < to)
    .map(([from, to]) => `${from} and ${to}`)
    .join(', ');
