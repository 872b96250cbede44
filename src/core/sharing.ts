// How many page tables the devices of one process use, and how many the model of its kernel would have used. Plain values.

/** A device of the process, and the table that it is on as far as it is known. */
export interface SharingDevice {
  readonly device: string;
  readonly group: string;
  readonly iommu: string | null;
  readonly domainId: number | null;
  readonly root: string | null;
  readonly where: string | null;
}

/** Why the model keeps a group off a page table that is there. */
export interface SharingObstacle {
  readonly group: string;
  readonly from: string;
  readonly row: string | null;
  readonly because: string;
}

export interface SharingCause {
  readonly name: 'several-containers' | 'needed' | 'order' | 'failed-join' | 'unknown';
  readonly words: string;
  /** It is so; else it remains possible. */
  readonly shown: boolean;
}

export interface Sharing {
  readonly pid: number;
  readonly comm: string | null;
  readonly devices: readonly SharingDevice[];
  readonly containers: number;
  readonly iommufds: number;
  /** Equal bounds: the number is known. */
  readonly tables: { readonly least: number; readonly most: number; readonly by: string };
  /** Groups by the page table that one container of the model puts them on, in the order of their numbers. */
  readonly needed: readonly (readonly string[])[];
  readonly obstacles: readonly SharingObstacle[];
  readonly causes: readonly SharingCause[];
  readonly kernel: string;
  /** What to record at the next attach. */
  readonly recording: string;
}
