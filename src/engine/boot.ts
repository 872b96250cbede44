// The world after boot: the parts of a topology, each group on its default domain through its driver's own paths.

import type { Kind } from '../core/events.ts';
import { attributesOf } from '../core/evolve/rows.ts';
import { Failure } from '../core/failure.ts';
import { pathFrame } from '../core/paths.ts';
import type { AttributeTable, Driver } from '../core/rows.ts';
import type { Scenario, TaskScript } from '../core/scenario.ts';
import type { Topology, TopologyDevice, TopologyGroup } from '../core/topology.ts';
import { type Attributes, emptyWorld, newGroup, newTask, type World } from '../core/world.ts';
import { missingDriver } from '../kernels/build.ts';
import { type Engine, phaseOf } from './engine.ts';
import { advance, type Stepper } from './step.ts';

const withDefaults = (table: AttributeTable | undefined, known: Attributes): Attributes => {
  const attributes: Attributes = {};
  for (const [name, facts] of Object.entries(table ?? {})) attributes[name] = facts.default;
  return { ...attributes, ...known };
};

const driverName = (topology: Topology, device: TopologyDevice): string =>
  topology.iommus.find((iommu) => iommu.id === device.iommu)?.driver ?? 'none';

const addGroup = (world: World, engine: Engine, topology: Topology, group: TopologyGroup): void => {
  world.groups[group.id] = newGroup(
    group.id,
    group.devices.map((device) => device.id),
  );
  for (const device of group.devices) {
    const driver = driverName(topology, device);
    const table = driver === 'none' ? undefined : engine.operationModel.driver(driver).attributes.device;
    const regions = [...(device.regions ?? group.regions)];
    const attributes = withDefaults(table, { ...device.attributes });
    world.devices[device.id] = {
      id: device.id,
      group: group.id,
      iommu: device.iommu,
      driver,
      phase: 'idle',
      domain: null,
      regions,
      attributes,
    };
  }
};

const addInstances = (world: World, engine: Engine, topology: Topology): void => {
  const system: Attributes = { pageSize: 4096 };
  for (const iommu of topology.iommus) {
    const driver: Driver = engine.operationModel.driver(iommu.driver);
    Object.assign(system, withDefaults(driver.attributes.system, {}));
    const attributes = withDefaults(driver.attributes.iommu, iommu.attributes);
    world.iommus[iommu.id] = { id: iommu.id, driver: iommu.driver, phase: 'ready', attributes };
  }
  world.system.attributes = { ...system, ...topology.system };
};

/** Walks one path to its end without interference; false when a row refused. */
const walkPath = (stepper: Stepper, driver: string, path: string, registers: Record<string, string | null>): boolean => {
  const task = stepper.world.tasks['boot']!;
  const frame = pathFrame(driver, path, registers);
  task.stack.push(frame);
  while (task.stack.length > 0) advance(stepper, 'boot');
  return frame.refusal === null;
};

const allocateDefault = (
  stepper: Stepper,
  driver: Driver,
  registers: { readonly device: string; readonly domain: string; readonly group: string },
  type: string,
): boolean => {
  const { domains } = stepper.world;
  const { domain } = registers;
  const attributes = withDefaults(driver.attributes.domain, {});
  const made = { id: domain, driver: driver.name, type, static: false, phase: 'allocated', parent: null, mappings: [], attributes };
  domains[domain] = made;
  if (walkPath(stepper, driver.name, 'allocate', registers)) return true;
  delete domains[domain];
  return false;
};

/** The group's default domain, made and attached as the kernel does when its devices are probed. */
const attachDefault = (stepper: Stepper, group: TopologyGroup): void => {
  const { world, engine } = stepper;
  const first = world.devices[group.devices[0]?.id ?? ''];
  if (!first || first.iommu === null) return;
  const driver = engine.operationModel.driver(first.driver);
  const type = group.type.startsWith('identity') ? 'identity' : 'dma';
  const isShared = type === 'identity' && driver.sharedIdentity?.includes(engine.model.column) === true;
  const domain = isShared ? `${driver.name}.identity` : `g${group.id}.default`;
  // omap, s390 and tegra-gart of 6.1 make no default domain: the group has none.
  if (!world.domains[domain] && !allocateDefault(stepper, driver, { device: first.id, domain, group: group.id }, type)) return;
  world.groups[group.id]!.default = domain;
  world.groups[group.id]!.domain = domain;
  const path = type === 'identity' && driver.paths['attachIdentity']?.[engine.model.column] ? 'attachIdentity' : 'attach';
  for (const device of group.devices) walkPath(stepper, driver.name, path, { device: device.id, domain, group: group.id });
};

/** Drivers that manage DMA themselves (driver_managed_dma): binding them takes no use of the default domain (teardown 3.3). */
const selfManaging = new Set(['vfio-pci', 'pci-stub', 'pcieport', 'vfio-platform', 'vfio-fsl-mc', 'fsl_mc_dprc']);

/** A bound kernel driver holds its group, as iommu_device_use_default_domain() counted it at probe. */
const countDrivers = (engine: Engine, world: World, group: TopologyGroup): void => {
  for (const { id } of group.devices) {
    const bound = world.devices[id]!.attributes['boundDriver'];
    if (typeof bound !== 'string' || selfManaging.has(bound)) continue;
    const part = world.groups[group.id]!;
    part.ownerCount += 1;
    part.phase = phaseOf(engine, world, 'group', group.id, 'DRIVER_BOUND');
  }
};

/** `iommu/dmar0`, `device/0000:00:10.0`, `group/5`, `system`. */
const applySettings = (world: World, settings: Scenario['set']): void => {
  for (const [part, attributes] of Object.entries(settings)) {
    const [kind, id] = part.split('/') as [Kind, string | undefined];
    const known = kind === 'system' || (kind === 'iommu' ? world.iommus[id!] : kind === 'device' ? world.devices[id!] : world.groups[id!]);
    if (!known) throw new Failure('bad-scenario', `set: ${part} is not in the topology`);
    Object.assign(attributesOf(world, kind, id ?? 'system'), attributes);
  }
};

/** Groups that the scenario speaks of, all when it has no script yet; the others stay out of the run and of its first event. */
const groupsIn = (scenario: Scenario): readonly TopologyGroup[] => {
  if (scenario.tasks.length === 0) return scenario.topology.groups;
  const named = new Set(scenario.tasks.flatMap((task) => task.requests.map((request) => request.target)));
  return scenario.topology.groups.filter((group) => named.has(group.id) || group.devices.some((device) => named.has(device.id)));
};

/** Whoever comes first in the world steps first where several could. */
const inOrder = ({ tasks, order = [] }: Scenario): readonly TaskScript[] => [
  ...order.flatMap((id) => tasks.filter((task) => task.id === id)),
  ...tasks.filter((task) => !order.includes(task.id)),
];

const otherKernel = 'Name another kernel with --kernel, or another machine.';

/** The world after boot. Attributes given by the scenario hold from before boot, pools are set after it. */
export const boot = (engine: Engine, scenario: Scenario): World => {
  const { drivers, column, kernel } = engine.model;
  const missing = missingDriver(drivers, column, scenario.topology);
  if (missing !== null)
    throw new Failure('bad-topology', `${scenario.topology.name} on ${kernel}: n/a, ${missing}`, undefined, otherKernel);
  const world = emptyWorld();
  addInstances(world, engine, scenario.topology);
  world.tasks['boot'] = newTask('boot', '', '');
  const stepper: Stepper = { engine, world, choose: () => 0, listen: () => {}, files: {}, counts: () => false };
  const groups = groupsIn(scenario);
  for (const group of groups) addGroup(world, engine, scenario.topology, group);
  for (const group of groups) attachDefault(stepper, group);
  for (const group of groups) countDrivers(engine, world, group);
  delete world.tasks['boot'];
  applySettings(world, scenario.set);
  for (const { id, caller, container, context } of inOrder(scenario)) {
    world.tasks[id] = newTask(id, caller ?? engine.model.caller.name, container, context ?? container);
  }
  for (const lock of Object.keys(world.locks)) delete world.locks[lock];
  const used = new Set(Object.values(world.devices).map((device) => device.iommu));
  for (const id of Object.keys(world.iommus)) if (!used.has(id)) delete world.iommus[id];
  return world;
};
