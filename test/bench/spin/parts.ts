// What a path such as `domain.instances[iommu.id]` means: which variable, of which part. And what happens to parts as a whole.
import type { Value } from '../../../src/core/conditions.ts';
import type { Kind } from '../../../src/core/events.ts';
import type { Scope } from '../../../src/core/scope.ts';
import { type PhaseKind, phaseAfter } from './phases.ts';
import { Impossible, type Transition } from './variables.ts';

const collections = {
  device: 'devices',
  group: 'groups',
  domain: 'domains',
  iommu: 'iommus',
  container: 'containers',
  system: 'system',
} as const;

/** Fields of their own; everything else is an attribute. */
const fields: Readonly<Record<Kind, readonly string[]>> = {
  device: ['group', 'iommu', 'driver', 'phase', 'domain', 'regions'],
  group: [
    'phase',
    'devices',
    'domain',
    'default',
    'blocking',
    'owner',
    'ownerCount',
    'container',
    'pageTable',
    'attachedDevices',
    'handle',
  ],
  domain: ['driver', 'type', 'static', 'phase', 'parent', 'mappings'],
  iommu: ['driver', 'phase'],
  container: ['phase', 'kind', 'context', 'backend', 'groups', 'records', 'mappings', 'valid', 'reserved'],
  system: [],
};

/** Fields that lead to another part. */
const links: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  device: { iommu: 'iommu', domain: 'domain', group: 'group' },
  domain: { parent: 'domain' },
  group: { domain: 'domain', default: 'domain', blocking: 'domain' },
};

export const partOf = (kind: Kind, id: string): string => (kind === 'system' ? 'system' : `${collections[kind]}/${id}`);

export const fieldOf = (kind: Kind, id: string, field: string): string =>
  fields[kind].includes(field) ? `${partOf(kind, id)}.${field}` : `${partOf(kind, id)}.attributes.${field}`;

/** A variable, or a fixed value; with an index, the counter of that name in it. */
export interface Target {
  readonly variable: string | null;
  readonly fixed: Value;
  readonly key: string | null;
}

type Part = readonly [kind: Kind, id: string];

const rootOf = (world: Transition, scope: Scope, root: string): Part | null => {
  const of = (kind: Kind, id: unknown): Part | null => (id === null || id === undefined ? null : [kind, String(id)]);
  if (root === 'system') return ['system', 'system'];
  const ofDevice = (field: string): unknown => (scope.device ? world.read(fieldOf('device', scope.device, field)) : null);
  if (root === 'iommu') return of('iommu', scope.iommu ?? ofDevice('iommu'));
  if (root === 'group') return of('group', scope.group ?? ofDevice('group'));
  return of(root as Kind, scope[root as 'device' | 'domain' | 'container']);
};

const fixed = (found: unknown): Target => ({ variable: null, fixed: (found ?? null) as Value, key: null });

/** The variable that a path means in a scope. */
export const targetOf = (world: Transition, scope: Scope, path: string): Target => {
  const [, plain, index] = /^([^[]+)(?:\[(.+)\])?$/.exec(path)!;
  const [root, ...way] = plain!.split('.');
  const last = way.pop()!;
  if (root === 'mapping') return fixed(scope.mapping?.[last as 'iova' | 'size']);
  if (root === 'user') return fixed(scope.user?.[last]);
  let part = rootOf(world, scope, root!);
  for (const field of way) {
    const kind = part === null ? undefined : links[part[0]]?.[field];
    const id = part === null ? null : world.read(fieldOf(part[0], part[1], field));
    part = kind && typeof id === 'string' ? [kind, id] : null;
  }
  if (part === null) return fixed(null);
  if (last === 'id') return fixed(isThere(world, part) ? part[1] : null);
  const key = index === undefined ? null : String(readPath(world, scope, index));
  return { variable: fieldOf(part[0], part[1], last), fixed: null, key };
};

const isThere = (world: Transition, [kind, id]: Part): boolean =>
  kind !== 'domain' || world.ask(`domains/${id}.phase`, (phase) => phase !== undefined);

const valueAt = (found: unknown, key: string | null): Value => {
  if (Array.isArray(found)) return found.length;
  if (key === null) return (found ?? null) as Value;
  return ((found ?? {}) as Record<string, number>)[key] ?? 0;
};

/** What a question makes of the value at a path; values that answer alike stay together. */
export const askPath = <Answer>(world: Transition, scope: Scope, path: string, answer: (value: Value) => Answer): Answer => {
  const { variable, fixed: constant, key } = targetOf(world, scope, path);
  return variable === null ? answer(constant) : world.ask(variable, (found) => answer(valueAt(found, key)));
};

export const readPath = (world: Transition, scope: Scope, path: string): Value => askPath(world, scope, path, (value) => value);

const withKey = (counters: unknown, key: string, count: number): Value => {
  const { [key]: _, ...others } = (counters ?? {}) as Record<string, number>;
  return count === 0 ? others : { ...others, [key]: count };
};

/** No counter of users is below zero or above this in the scenarios of the benchmark; the model asserts it. */
const MOST_USERS = 4;

export const setPath = (world: Transition, scope: Scope, path: string, value: Value): void => {
  const { variable, key } = targetOf(world, scope, path);
  if (variable === null || key !== null) throw new Impossible(`nothing to set at ${path}`);
  world.set(variable, value);
};

export const addTo = (world: Transition, scope: Scope, path: string, by: number): void => {
  const { variable, key } = targetOf(world, scope, path);
  if (variable === null) throw new Impossible(`nothing to count at ${path}`);
  world.change(variable, (found) => {
    const count = Number(valueAt(found, key)) + by;
    if (count < 0 || count > MOST_USERS) throw new Impossible(`${path} becomes ${count}`);
    return key === null ? count : withKey(found, key, count);
  });
};

/** A pool is never short of more than so many ids in the scenarios of the benchmark; the model asserts it. */
const MOST_IDS = 8;

/** Takes an id out of a pool or puts it back; the instance's phase follows. */
export const changePool = (world: Transition, scope: Scope, path: string, by: 1 | -1, most: (variable: string) => number): void => {
  const { variable } = targetOf(world, scope, path);
  if (variable === null) throw new Impossible(`no pool at ${path}`);
  const isLast = by < 0 && world.ask(variable, (left) => left === 1);
  const iommu = /^iommus\/(.*)\.attributes\./.exec(variable)?.[1];
  if (iommu !== undefined) enter(world, 'iommu', iommu, by > 0 ? 'ID_GIVEN' : isLast ? 'LAST_ID_TAKEN' : 'ID_TAKEN');
  const full = most(variable);
  world.change(variable, (left) => {
    const next = Number(left) + by;
    if (next > full || next < full - MOST_IDS || next < 0) throw new Impossible(`${path} becomes ${next}`);
    return next;
  });
};

/** The part enters the phase that its machine says. */
export const enter = (world: Transition, kind: PhaseKind, id: string, trigger: string): void =>
  world.change(`${partOf(kind, id)}.phase`, (phase) => phaseAfter(kind, phase, trigger));
