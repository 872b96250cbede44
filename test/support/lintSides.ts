// A tree before and after a patch in the manner of the seed series, cut to what tests need: three drivers, each change once.
import type { ReturnSite, TreeReading } from '../../src/core/returnSites.ts';
import { printOf, readingOf, siteOf } from './treeReadings.ts';

const omap = {
  driver: 'omap',
  table: 'omap_iommu_ops',
  entry: 'omap_iommu_attach_dev',
  file: 'drivers/iommu/omap-iommu.c',
  function: 'omap_iommu_attach_dev',
  condition: 'omap_domain->dev',
  line: 1472,
} as const;

const sprd = {
  driver: 'sprd',
  table: 'sprd_iommu_ops',
  entry: 'sprd_iommu_attach_device',
  file: 'drivers/iommu/sprd-iommu.c',
  function: 'sprd_iommu_attach_device',
  condition: '!dom->pgt_va',
  line: 246,
  class: 'transient-memory',
  origin: 'memory',
  errnos: ['ENOMEM'],
  domain: 'fresh',
} as const;

const smmu = (changes: Partial<ReturnSite>): ReturnSite[] => [siteOf(changes), siteOf({ ...changes, table: 'arm_smmu_nested_ops' })];

/** What the patch leaves alone is the same on both sides, some lines further down. */
export const seedSides = (): [TreeReading, TreeReading] => [
  readingOf(
    [
      ...smmu({ errnos: ['ENXIO'], prints: [printOf()] }),
      siteOf({ condition: 'master->ssid_bits != smmu_domain->s1_cfg.s1cdmax', line: 2440 }),
      siteOf({ condition: '!master', class: 'device', errnos: ['EPERM'], line: 2400 }),
      siteOf({ ...omap, errnos: ['EBUSY'] }),
      siteOf(sprd),
    ],
    { tree: 'linux-6.1' },
  ),
  readingOf(
    [
      ...smmu({ errnos: ['EMEDIUMTYPE'], line: 2441 }),
      siteOf({ condition: 'smmu_domain->s1_cfg.s1cdmax!=master->ssid_bits', errnos: ['EMEDIUMTYPE'], line: 2450 }),
      siteOf({ condition: '!master', class: 'device', errnos: ['EPERM'], line: 2410 }),
      siteOf({ ...omap, errnos: ['EMEDIUMTYPE'] }),
      siteOf(sprd),
    ],
    { tree: 'linux-6.1 under the patch' },
  ),
];
