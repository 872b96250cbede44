// A scratch world for one request: one device, instance, group and domain with the attributes given, everything else as declared.
import type { Value } from '../core/conditions.ts';
import { Failure } from '../core/failure.ts';
import type { AttributeTable, Driver } from '../core/rows.ts';
import { type Attributes, type Device, type Domain, emptyWorld, type Iommu, newGroup, type World } from '../core/world.ts';

/** Fields and attributes of a part by name; a field that links to a domain may hold that domain's own values. */
export interface PartValues {
  readonly [name: string]: Value | PartValues;
}

export interface ScratchParts {
  readonly device?: PartValues;
  readonly iommu?: PartValues;
  readonly domain?: PartValues;
  readonly group?: PartValues;
  readonly system?: PartValues;
}

/** What the parts of a scratch world are called unless the request names them. */
export const scratchIds = { device: 'device', iommu: 'iommu', domain: 'domain', group: 'group' } as const;

/** Gives the driver of a name; nested domains are a driver of their own, over the parent's. */
export type DriverOf = (name: string) => Driver;

const defaults = (table: AttributeTable | undefined): Attributes =>
  Object.fromEntries(Object.entries(table ?? {}).map(([name, facts]) => [name, facts.default]));

const links = ['parent', 'domain', 'default', 'blocking'];
const isLinked = (name: string, given: Value | PartValues): given is PartValues =>
  links.includes(name) && typeof given === 'object' && given !== null;

/** Sets fields that the part has by structure, and attributes for all other names; its id is a name, or stays. */
const fill = (part: { attributes: Attributes }, values: Iterable<[string, Value]>): void => {
  const fields = part as unknown as Record<string, Value>;
  for (const [name, given] of values) {
    if (name === 'id') fields.id = given === null ? fields.id! : String(given);
    else if (name in part && name !== 'attributes') fields[name] = given;
    else part.attributes[name] = given;
  }
};

/** Lists are said by their length: `mappings: 2`. */
const mappingsOf = (count: Value | undefined): Domain['mappings'] =>
  Array.from({ length: Number(count ?? 0) }, (_, index) => ({ iova: index * 4096, size: 4096 }));

export const baseName = (driver: string): string => driver.replace(/-nested$/, '');

/** A nested domain always has a parent. */
const withParent = (driver: Driver, given: PartValues): PartValues =>
  driver.name === baseName(driver.name) ? given : { type: 'nested', parent: {}, ...given };

const addDomain = (world: World, driver: Driver, id: string, given: PartValues, driverOf: DriverOf): string => {
  const { mappings, ...rest } = withParent(driver, given);
  const domain: Domain = {
    id: String(given.id ?? id),
    driver: driver.name,
    type: 'unmanaged',
    static: false,
    phase: 'allocated',
    parent: null,
    mappings: mappingsOf(mappings as Value),
    attributes: defaults(driver.attributes.domain),
  };
  fill(domain, resolved(world, rest, domain.id, driverOf(baseName(driver.name)), driverOf));
  world.domains[domain.id] = domain;
  return domain.id;
};

/** Values with linked domains made, and named by their ids. */
const resolved = (world: World, values: PartValues, prefix: string, driver: Driver, driverOf: DriverOf): [string, Value][] =>
  Object.entries(values).map(([name, given]) => {
    if (!isLinked(name, given)) return [name, given as Value];
    const id = String(given.id ?? `${prefix}.${name}`);
    // The request's own domain may be named by a link: it keeps what it has.
    if (id in world.domains) fill(world.domains[id]!, Object.entries(given) as [string, Value][]);
    else addDomain(world, driver, id, given, driverOf);
    return [name, id];
  });

/** A device that the request puts on a domain is there already when the path starts. */
const devicePhase = (world: World, device: Device): string => {
  if (device.domain === null) return 'idle';
  return world.domains[device.domain]?.type === 'blocking' ? 'blocked' : 'translating';
};

const newDevice = (driver: string): Device => ({
  id: scratchIds.device,
  group: scratchIds.group,
  iommu: scratchIds.iommu,
  driver,
  phase: 'idle',
  domain: null,
  regions: [],
  attributes: {},
});

/** The instance that serves the device, under the name that either of them gives it. */
const addInstance = (world: World, driver: Driver, given: PartValues, served: Value | PartValues): void => {
  const named = given.id ?? served;
  if (served !== null && served !== named)
    throw new Failure('bad-usage', `the device is served by ${String(served)}, but the instance is called ${String(named)}`);
  const id = String(named ?? scratchIds.iommu);
  const iommu: Iommu = { id, driver: driver.name, phase: 'ready', attributes: defaults(driver.attributes.iommu) };
  fill(iommu, Object.entries({ ...given, id }) as [string, Value][]);
  world.iommus[iommu.id] = iommu;
};

const addDevice = (world: World, driver: Driver, parts: ScratchParts, driverOf: DriverOf): void => {
  const device = newDevice(driver.name);
  device.attributes = defaults(driver.attributes.device);
  fill(device, resolved(world, parts.device ?? {}, 'device', driver, driverOf));
  if (parts.device?.iommu === undefined) device.iommu = Object.keys(world.iommus)[0]!;
  device.phase = devicePhase(world, device);
  if (device.domain !== null && world.domains[device.domain]) world.domains[device.domain]!.phase = 'used';
  world.devices[device.id] = device;
  const group = newGroup(scratchIds.group, []);
  group.id = device.group;
  group.devices.push(device.id);
  fill(group, resolved(world, parts.group ?? {}, 'group', driver, driverOf));
  world.groups[group.id] = group;
};

/** The world in which a request is tried: its domain, then instance, device and group. */
export const scratchWorld = (driver: Driver, parts: ScratchParts, driverOf: DriverOf): World => {
  const world = emptyWorld();
  world.system.attributes = { pageSize: 4096, ...defaults(driver.attributes.system), ...(parts.system as Attributes) };
  addInstance(world, driver, parts.iommu ?? {}, parts.device?.iommu ?? null);
  addDomain(world, driver, scratchIds.domain, parts.domain ?? {}, driverOf);
  addDevice(world, driver, parts, driverOf);
  return world;
};
