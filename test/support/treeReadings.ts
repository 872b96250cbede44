// Readings of kernel trees made by hand: a test names what matters to it, the rest is an ordinary mismatch check of one driver.
import type { IgnoredFailure, Print, ReturnSite, TreeReading } from '../../src/core/returnSites.ts';

const file = 'drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c';

/** `smmu_domain->smmu != smmu` returning EINVAL in silence, certain. */
export const siteOf = (changes: Partial<ReturnSite> = {}): ReturnSite => {
  const base: ReturnSite = {
    driver: 'arm-smmu-v3',
    op: 'attach_dev',
    table: 'arm_smmu_ops',
    entry: 'arm_smmu_attach_dev',
    file,
    line: 2431,
    function: 'arm_smmu_attach_dev',
    errnos: ['EINVAL'],
    origin: 'constant',
    api: null,
    condition: 'smmu_domain->smmu != smmu',
    class: 'incompatible',
    confidence: 'high',
    reason: 'compares domain with device',
    certainty: 'certain',
    unresolved: null,
    domain: 'used',
    prints: [],
    locks: ['mutex smmu_domain->init_mutex'],
    witness: [],
    replaced: [],
    ...changes,
  };
  const here = { file: base.file, function: base.function };
  return changes.witness
    ? base
    : {
        ...base,
        witness: [
          { ...here, line: base.line - 1, text: `if (${base.condition})` },
          { ...here, line: base.line, text: `ret = -${base.errnos[0] ?? 'E'};` },
        ],
      };
};

export const printOf = (level = 'dev_err', text = 'cannot attach to SMMU %s\\n'): Print => ({ file, line: 2429, level, text });

export const ignoredOf = (changes: Partial<IgnoredFailure> = {}): IgnoredFailure => ({
  driver: 'intel',
  op: 'attach_dev',
  table: 'intel_iommu_ops',
  entry: 'intel_iommu_attach_device',
  file: 'drivers/iommu/intel/iommu.c',
  line: 1400,
  function: 'iommu_enable_pci_caps',
  callee: 'pci_enable_pasid',
  ...changes,
});

/** Operations are those that the sites name. */
export const readingOf = (sites: readonly ReturnSite[], changes: Partial<TreeReading> = {}): TreeReading => {
  const places = [...sites, ...(changes.ignored ?? [])];
  const operations = new Map(
    places.map(({ driver, op, table, entry }) => [`${driver} ${op} ${table} ${entry}`, { driver, op, table, entry }] as const),
  );
  return {
    tree: 'linux-6.12',
    operations: [...operations.values()],
    sites,
    allocations: [],
    ignored: [],
    files: 40,
    functions: 900,
    damaged: [],
    unread: [],
    ...changes,
  };
};
