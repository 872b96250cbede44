// Which driver a source belongs to, by where it stands.
import type { SourceFile } from './c/sourceFile.ts';

/** `drivers/iommu/amd/iommu.c` is amd, `drivers/iommu/omap-iommu.c` is omap, `drivers/iommu/intel/nested.c` is intel. */
export const driverOf = (path: string): string => {
  const parts = path
    .replace(/^.*drivers\/iommu\//, '')
    .replace(/\.[ch]$/, '')
    .split('/');
  const name = parts.at(-1)!;
  const folder = parts.at(-2);
  if (folder === undefined) return short(name);
  if (folder === 'arm-smmu') return name.startsWith('qcom_iommu') ? 'qcom_iommu' : 'arm-smmu';
  return folder === 'iommufd' ? `iommufd ${name}` : folder;
};

const short = (name: string): string => {
  if (name === 'virtio-iommu') return name;
  return name.replace(/[-_]iommu(?=$|_)/, '').replace(/_domain$/, '');
};

const isDriver = ({ tables }: SourceFile): boolean => tables.some(({ type }) => /\biommu_ops\b/.test(type));

/** The folder of drivers that have none of their own. */
const shared = /(?:^|\/)drivers\/iommu\/[^/]*$/;

export const driverFiles = (files: readonly SourceFile[]): ReadonlySet<string> => {
  const own = files.filter(isDriver).map(({ path }) => path);
  const drivers = new Set(own.filter((path) => !shared.test(path)).map(driverOf));
  const beside = files.map(({ path }) => path).filter((path) => !shared.test(path) && drivers.has(driverOf(path)));
  return new Set([...own, ...beside]);
};
