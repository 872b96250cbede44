// Which combinations a recording of a real kernel shows: what a table cell or finding may call `recorded`.

export interface RecordedEvidence {
  readonly kernel: string;
  readonly caller: string;
  /** IOMMU driver of the recorded machine. */
  readonly driver: string;
  /** With the kernel's fault injection, or without any failure but natural ones. */
  readonly faults: boolean;
  readonly recording: string;
}

export const evidence: readonly RecordedEvidence[] = [
  { kernel: '6.12.y', caller: 'vfio-type1', driver: 'intel', faults: true, recording: '6.12custom-x86_64-intel-failnth' },
  { kernel: '6.12.y', caller: 'iommufd-auto', driver: 'intel', faults: true, recording: '6.12custom-x86_64-intel-failnth_fd' },
  { kernel: '6.12.y', caller: 'vfio-type1', driver: 'arm-smmu-v3', faults: true, recording: '6.12custom-arm64-smmuv3x3-failnth_conc' },
  { kernel: '6.12.y', caller: 'vfio-type1', driver: 'intel', faults: false, recording: '6.12-x86_64-intel-basic' },
  { kernel: '6.12.y', caller: 'iommufd-auto', driver: 'intel', faults: false, recording: '6.12custom-x86_64-intel-iommufd' },
  { kernel: '6.12.y', caller: 'vfio-type1', driver: 'arm-smmu-v3', faults: false, recording: '6.12-arm64-smmuv3x3-basic' },
  { kernel: '6.12.y', caller: 'vfio-type1', driver: 'virtio-iommu', faults: false, recording: '6.12-x86_64-virtio-basic' },
  { kernel: '6.1.y', caller: 'vfio-type1', driver: 'intel', faults: false, recording: '6.1-x86_64-intel-basic' },
  { kernel: '6.1.y', caller: 'vfio-type1', driver: 'arm-smmu-v3', faults: false, recording: '6.1-arm64-smmuv3x3-basic' },
];

/** The recording that shows this combination, if there is one. */
export const recordedFor = (kernel: string, caller: string, drivers: readonly string[], faults: boolean): string | null =>
  evidence.find(
    (row) => row.kernel === kernel && row.caller === caller && row.faults === faults && drivers.length === 1 && drivers[0] === row.driver,
  )?.recording ?? null;
