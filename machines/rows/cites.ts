// Which files rows of callers cite.
import { both, in612 } from '../../src/core/rowBuilders.ts';
import type { PerColumn } from '../../src/core/rows.ts';

export const type1 = (old: string, recent: string): PerColumn<string> =>
  both(`vfio_iommu_type1.c: ${old}`, `vfio_iommu_type1.c: ${recent}`);
/** Lines of type1's attach function. */
export const type1Attach = (old: string, recent: string): PerColumn<string> =>
  type1(`vfio_iommu_type1_attach_group:${old}`, `vfio_iommu_type1_attach_group:${recent}`);

/** iommufd came after 6.1: it has one column. */
export const device = (lines: string): PerColumn<string> => in612(`device.c: ${lines}`);
export const pageTable = (lines: string): PerColumn<string> => in612(`hw_pagetable.c: ${lines}`);
export const space = (lines: string): PerColumn<string> => in612(`io_pagetable.c: ${lines}`);
