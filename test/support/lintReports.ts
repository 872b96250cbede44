// Audits of readings made by hand: what the command line puts together from rules, contract and baseline.
import type { BaselineEntry, LintContract, LintReport } from '../../src/core/lintReport.ts';
import type { TreeReading } from '../../src/core/returnSites.ts';
import { againstBaseline } from '../../src/lint/baseline.ts';
import { namedContracts } from '../../src/lint/contracts/named.ts';
import { findingsOf } from '../../src/lint/judge.ts';
import { rules } from '../../src/lint/registry.ts';
import { ignoredOf, printOf, readingOf, siteOf } from './treeReadings.ts';

export const contractOf = (name = 'einval-soft'): LintContract => ({
  ...namedContracts.find((found) => found.name === name)!,
  standing: 'asked',
});

export const today = '2027-01-31';

export const lintReportOf = (reading: TreeReading, baseline: readonly BaselineEntry[] | null = null, name?: string): LintReport => {
  const contract = contractOf(name);
  return { reading, contract, why: 'asked for by name', rules, ...againstBaseline(findingsOf(reading, contract), baseline, today) };
};

const pm = {
  driver: 'omap',
  table: 'omap_iommu_ops',
  entry: 'omap_iommu_attach_dev',
  file: 'drivers/iommu/omap-iommu.c',
  function: 'iommu_enable',
  line: 225,
  origin: 'api',
  api: 'pm_runtime_get_sync',
  condition: 'pm_runtime_get_sync(obj->dev)',
  class: 'device',
  reason: 'runtime PM',
  errnos: ['EINVAL', 'EACCES'],
  domain: 'any',
} as const;

/** Two drivers: a misfit told in two tables, aloud; a leak; a cost; a maybe; a dropped result; what was not read. */
export const mixedReading = (): TreeReading =>
  readingOf(
    [
      siteOf({ errnos: ['ENXIO'], prints: [printOf()] }),
      siteOf({ errnos: ['ENXIO'], prints: [printOf()], table: 'arm_smmu_v1_ops' }),
      siteOf({ line: 2450, errnos: ['EXDEV'], condition: 'foo(domain)', certainty: 'maybe', unresolved: 'foo() is not in the tree' }),
      siteOf({ line: 2460, errnos: ['EPERM'], condition: '!master', class: 'device' }),
      siteOf(pm as Partial<ReturnType<typeof siteOf>>),
    ],
    {
      ignored: [ignoredOf()],
      damaged: [
        { file: 'drivers/iommu/omap-iommu.c', line: 7, function: 'omap_odd', reached: true },
        { file: 'drivers/iommu/exynos-iommu.c', line: 9, function: 'exynos_odd', reached: false },
      ],
      unread: [{ where: 'drivers/iommu/loop', why: 'symbolic links in a circle' }],
    },
  );
