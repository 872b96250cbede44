// What a solver may assume of a scratch world: the value of every attribute path when a request says nothing, and others worth trying.
import { type Condition, equal, type Path, type Read, type Value } from '../core/conditions.ts';
import type { AttributeFacts, Driver } from '../core/rows.ts';
import { reader } from '../core/scope.ts';
import type { Known } from '../kernels/solve.ts';
import { baseName, type DriverOf, type ScratchParts, scratchIds, scratchWorld } from './scratch.ts';

/** Every link leads somewhere: for paths through a link. */
const linked: ScratchParts = {
  domain: { parent: {} },
  device: { domain: { id: 'old' } },
  group: { domain: { id: 'old' }, default: { type: 'dma' }, blocking: { type: 'blocking' } },
};

const types: readonly Value[] = ['unmanaged', 'identity', 'dma', 'nested', 'blocking'];

/** Fields that parts have by structure, with what else they may hold. */
const structural: Readonly<Record<Path, readonly Value[]>> = {
  'domain.type': types,
  'domain.static': [true],
  'domain.mappings': [1],
  'domain.parent': ['domain.parent'],
  'device.iommu': [null],
  'iommu.id': [null],
  'device.domain': ['old', scratchIds.domain],
  'device.domain.type': types,
  'group.domain': ['old', scratchIds.domain],
  'group.domain.type': types,
  'group.default': ['group.default'],
  'group.default.type': types,
  'mapping.iova': [0x1000000, 0x40000000, 2 ** 47],
  'mapping.size': [4096, 0x200000, 0x40000000],
};

/** A page in the middle of nowhere: what map and unmap paths work on. */
export const someMapping = { iova: 0x1000000, size: 4096 } as const;

/** What holds in every scratch world: goals for a solver beside its own. */
export const invariants: readonly Condition[] = [equal('device.iommu', 'iommu.id')];

const tableOf = (driver: Driver, path: Path, driverOf: DriverOf): AttributeFacts | undefined => {
  const [root, ...fields] = path.replace(/\[.+\]$/, '').split('.') as [string, ...string[]];
  const part = fields.length > 1 ? 'domain' : (root as 'device' | 'iommu' | 'domain' | 'system');
  const owner = fields.length > 1 ? driverOf(baseName(driver.name)) : driver;
  return owner.attributes[part]?.[fields.at(-1)!];
};

const readIn = (driver: Driver, driverOf: DriverOf, parts: ScratchParts): Read =>
  reader(scratchWorld(driver, parts, driverOf), { ...scratchIds, mapping: someMapping });

/** Defaults and alternatives of every path that rows of the driver may read. */
export const knownOf = (driver: Driver, driverOf: DriverOf): Known => {
  const plainly = readIn(driver, driverOf, {});
  const throughLinks = readIn(driver, driverOf, linked);
  const isLinked = (path: Path): boolean => path.split('[')[0]!.split('.').length > 2;
  return {
    default: (path) => (isLinked(path) ? throughLinks(path) : plainly(path)),
    alternatives: (path) => structural[path] ?? tableOf(driver, path, driverOf)?.alternatives ?? [],
  };
};
