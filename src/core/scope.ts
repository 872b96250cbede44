// What a path such as `domain.instances[iommu.id]` means for one step: which parts are meant, and how their fields are read.
import type { Path, Read, Value } from './conditions.ts';
import type { Kind } from './events.ts';
import { assert } from './failure.ts';
import type { World } from './world.ts';

/** The parts a step speaks of. `iommu` is the instance that serves the device unless given. */
export interface Scope {
  readonly device?: string | null;
  readonly domain?: string | null;
  readonly iommu?: string | null;
  readonly group?: string | null;
  readonly container?: string | null;
  readonly mapping?: { readonly iova: number; readonly size: number } | null;
  /** Values of the request itself, read as `user.*`. */
  readonly user?: { readonly [name: string]: Value };
}

interface ParsedPath {
  readonly root: string;
  /** Fields that lead to the part whose `field` is meant. */
  readonly way: readonly string[];
  readonly field: string;
  readonly index: Path | null;
}

const parsed = new Map<Path, ParsedPath>();

const parse = (path: Path): ParsedPath => {
  const known = parsed.get(path);
  if (known) return known;
  const match = /^([^[]+)(?:\[(.+)\])?$/.exec(path);
  assert(match, `not an attribute path: ${path}`);
  const [root, ...fields] = match[1]!.split('.');
  const result = { root: root!, way: fields.slice(0, -1), field: fields.at(-1)!, index: match[2] ?? null };
  parsed.set(path, result);
  return result;
};

/** Fields that lead to another part: `domain.parent.agaw`, `group.domain.iommu`. */
const links: Record<string, Record<string, Kind>> = {
  device: { iommu: 'iommu', domain: 'domain', group: 'group' },
  domain: { parent: 'domain' },
  group: { domain: 'domain', default: 'domain', blocking: 'domain' },
};

interface Part {
  readonly kind: Kind;
  readonly id: string;
}

const collections = { device: 'devices', domain: 'domains', iommu: 'iommus', group: 'groups', container: 'containers' } as const;

const partAt = (world: World, scope: Scope, root: string): Part | null => {
  if (root === 'system') return { kind: 'system', id: 'system' };
  const id = rootId(world, scope, root);
  return id === null || id === undefined ? null : { kind: root as Kind, id };
};

const rootId = (world: World, scope: Scope, root: string): string | null | undefined => {
  const device = scope.device ? world.devices[scope.device] : undefined;
  if (root === 'iommu') return scope.iommu ?? device?.iommu;
  if (root === 'group') return scope.group ?? device?.group;
  return scope[root as 'device' | 'domain' | 'container'];
};

/** Structural fields: lists read as their length. Anything else is an attribute. */
const fieldOf = (world: World, part: Part, field: string): Value => {
  if (part.kind === 'system') return world.system.attributes[field] ?? null;
  const found = world[collections[part.kind]][part.id] as unknown as Record<string, unknown> | undefined;
  if (!found) return null;
  if (field in found && field !== 'attributes') {
    const own = found[field];
    return Array.isArray(own) ? own.length : (own as Value);
  }
  return (found['attributes'] as Record<string, Value>)[field] ?? null;
};

/** Follows links to the part that holds the last field. */
const resolve = (world: World, scope: Scope, path: ParsedPath): Part | null => {
  let part = partAt(world, scope, path.root);
  for (const field of path.way) {
    const kind = part ? links[part.kind]?.[field] : undefined;
    const id = part ? fieldOf(world, part, field) : null;
    part = kind && typeof id === 'string' ? { kind, id } : null;
  }
  return part;
};

/** The reader of one step. An absent part or attribute reads as null. */
export const reader = (world: World, scope: Scope): Read => {
  const read: Read = (path) => {
    const shape = parse(path);
    const { root, field, index } = shape;
    if (root === 'mapping') return scope.mapping ? scope.mapping[field as 'iova' | 'size'] : null;
    if (root === 'user') return scope.user?.[field] ?? null;
    const part = resolve(world, scope, shape);
    if (!part) return null;
    const found = fieldOf(world, part, field);
    if (index === null) return found;
    const key = read(index);
    return typeof found === 'object' && found !== null ? (found[String(key)] ?? 0) : 0;
  };
  return read;
};

/** Where a change of `path` lands: part, attribute and, for counters, the name counted under. */
export const target = (world: World, scope: Scope, path: Path): { part: Kind; id: string; attribute: string; key: string | null } => {
  const shape = parse(path);
  const part = resolve(world, scope, shape);
  assert(part, `nothing to change at ${path}`);
  const key = shape.index === null ? null : String(reader(world, scope)(shape.index));
  return { part: part.kind, id: part.id, attribute: shape.field, key };
};
