// A kernel tree as rows of the model are looked up in it: functions by name and file, each with its places, drivers and callers alike.
import type { SourceFile } from '../c/sourceFile.ts';
import type { FunctionSource } from '../c/syntax.ts';
import type { TreeReader } from '../reader.ts';
import type { KernelTree } from '../tree.ts';
import { LocalAnalysis } from './localAnalysis.ts';
import { type LocatedPlace, placesOf } from './places.ts';

/** Files outside drivers/iommu that rows cite, in any of the kernels. */
const outside: readonly string[] = [
  'drivers/vfio/vfio_iommu_type1.c',
  'drivers/vfio/container.c',
  'drivers/vfio/group.c',
  'drivers/vfio/vfio_main.c',
  'drivers/vfio/device_cdev.c',
  'drivers/vfio/iommufd.c',
  'drivers/vhost/vdpa.c',
  'drivers/virtio/virtio_ring.c',
  'drivers/firmware/qcom_scm.c',
  'drivers/firmware/qcom_scm-legacy.c',
  'drivers/firmware/qcom_scm.h',
  'drivers/firmware/qcom/qcom_scm.c',
  'drivers/firmware/qcom/qcom_scm-legacy.c',
  'drivers/firmware/qcom/qcom_scm.h',
  'arch/s390/pci/pci_dma.c',
];

export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

const isOutside = (path: string): boolean => !path.startsWith('drivers/iommu/');

export class ModelTree {
  readonly name: string;
  readonly makefile: string | null;
  private readonly analysis: LocalAnalysis;
  private readonly byName: ReadonlyMap<string, readonly FunctionSource[]>;
  private readonly places = new Map<FunctionSource, readonly LocatedPlace[]>();

  constructor(tree: KernelTree, reader: TreeReader) {
    this.name = tree.name;
    this.makefile = tree.read('Makefile');
    const { files } = reader.sources(tree, outside);
    this.analysis = new LocalAnalysis(files);
    this.byName = Map.groupBy(
      files.flatMap(({ functions }) => functions),
      ({ name }) => name,
    );
  }

  functionsNamed(name: string): readonly FunctionSource[] {
    return this.byName.get(name) ?? [];
  }

  placesOf(of: FunctionSource): readonly LocatedPlace[] {
    const known = this.places.get(of) ?? placesOf(this.analysis, of);
    this.places.set(of, known);
    return known;
  }

  file(of: FunctionSource): SourceFile {
    return this.analysis.file(of);
  }

  hasFile(path: string): boolean {
    return this.analysis.files.some((file) => file.path === path);
  }

  /** Functions of the same file, then of the same folder; in drivers/iommu itself every file is another driver. */
  neighbours(path: string): FunctionSource[] {
    const folder = folderOf(path);
    const near = this.analysis.files.filter((file) => file.path !== path && folder !== 'drivers/iommu' && folderOf(file.path) === folder);
    return [...this.analysis.files.filter((file) => file.path === path), ...near].flatMap(({ functions }) => functions);
  }

  namesIn(path: string): string[] {
    return this.analysis.files.filter((file) => file.path === path).flatMap(({ functions }) => functions.map(({ name }) => name));
  }

  /** The part of the kernel that is not there at all: `drivers/vfio`; null where it is, or is drivers/iommu. */
  missingPart(path: string): string | null {
    if (!isOutside(path)) return null;
    const part = path.split('/').slice(0, 2).join('/');
    return this.analysis.files.some((file) => file.path.startsWith(`${part}/`)) ? null : part;
  }
}
