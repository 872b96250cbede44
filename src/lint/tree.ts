// The sources of a kernel as everything in lint sees them: a list of paths and their texts, wherever they come from.
import type { Unread } from '../core/returnSites.ts';

/** A folder, a revision in git, or one of them under a patch. Paths are from the kernel's root: `drivers/iommu/intel/iommu.c`. */
export interface KernelTree {
  /** How reports call it. */
  readonly name: string;
  /** C sources and headers below drivers/iommu, sorted by UTF-16 code unit. */
  readonly files: readonly string[];
  /** The text of any file of the tree, with LF at line ends; null where the tree has no such file, or it could not be read. */
  readonly read: (path: string) => string | null;
  /** What could not be read so far, or not as it stands: each named once, in the order met. */
  readonly unread: () => readonly Unread[];
}
