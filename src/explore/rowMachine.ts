// A machine of one driver with two groups, and a script whose last attach meets one row: on a fresh domain, or on the first group's.
import type { Value } from '../core/conditions.ts';
import type { Driver } from '../core/rows.ts';
import type { Fault, Request, Scenario } from '../core/scenario.ts';
import type { Attributes } from '../core/world.ts';

/** Attributes by the part that keeps them. */
export interface PartAttributes {
  readonly device: Attributes;
  readonly iommu: Attributes;
}

/** What is mapped before the second group attaches; `unmapped`: and taken away again. */
export interface MappedBefore {
  readonly iova: number;
  readonly unmapped: boolean;
}

export interface RowMachine {
  readonly driver: Driver;
  readonly first: PartAttributes;
  /** Null: the first group is alone. */
  readonly second: PartAttributes | null;
  /** Both groups are behind one instance, with the second's attributes. */
  readonly sameInstance: boolean;
  readonly system: Attributes;
  readonly mapped: MappedBefore | null;
}

const defaults: PartAttributes = { device: {}, iommu: {} };

/** One group, everything as declared. */
export const plainMachine = (driver: Driver): RowMachine => ({
  driver,
  first: defaults,
  second: null,
  sameInstance: true,
  system: {},
  mapped: null,
});

/** The container that every script attaches to, and the domain that its first group is on. */
const container = 'c0';
export const firstDomain = `${container}.d0`;

/** The first request of every script, in words. */
export const firstAttach = 'attach 1';

const mappedSize = 65536;

const attachOf = (group: string): Request => ({ verb: 'attach', target: group });

/** The last request is the attach that is meant to meet the row. */
export const scriptOf = ({ second, mapped }: RowMachine): Request[] => {
  if (second === null) return [attachOf('1')];
  const range = mapped === null ? null : { target: null, iova: mapped.iova, size: mappedSize };
  const map: Request[] = range === null ? [] : [{ verb: 'map', ...range }];
  const unmap: Request[] = range !== null && mapped!.unmapped ? [{ verb: 'unmap', ...range }] : [];
  return [attachOf('1'), ...map, ...unmap, attachOf('2')];
};

const groupOf = (number: number, iommu: string, attributes: Attributes) => ({
  id: String(number),
  type: 'DMA',
  regions: [],
  devices: [{ id: `device${number}`, iommu, attributes }],
});

const topologyOf = ({ driver, first, second, sameInstance, system }: RowMachine): Scenario['topology'] => {
  const shared = second === null || sameInstance;
  const instance = (id: string, attributes: Attributes) => ({ id, driver: driver.name, attributes });
  const own = second !== null && sameInstance ? second.iommu : first.iommu;
  return {
    name: `${driver.name}-row`,
    source: 'made for the row',
    system: { isolatedMsi: true, ...system },
    iommus: [instance('iommu1', own), ...(shared ? [] : [instance('iommu2', second.iommu)])],
    groups: [groupOf(1, 'iommu1', first.device), ...(second === null ? [] : [groupOf(2, shared ? 'iommu1' : 'iommu2', second.device)])],
  };
};

/** The instance that serves the last group. */
export const servingOf = ({ second, sameInstance }: RowMachine): string => (second === null || sameInstance ? 'iommu1' : 'iommu2');

export const scenarioOf = (
  name: string,
  machine: RowMachine,
  faults: readonly Fault[],
  set: Record<string, Record<string, Value>>,
): Scenario => ({
  name,
  title: '',
  topology: topologyOf(machine),
  kernel: '',
  caller: '',
  tasks: [{ id: 't0', caller: null, container, requests: scriptOf(machine) }],
  faults,
  set,
  claims: [],
  expect: [],
});
