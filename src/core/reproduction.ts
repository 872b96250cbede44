// A counterexample made ready for a real kernel, as data: what to build, set, call, watch, and what injection cannot do.

/** A line of a kernel configuration or a file to write, and why. */
export interface Setting {
  readonly name: string;
  readonly value: string;
  readonly because: string;
}

/** A file that the user-space program opens. */
export interface OpenedFile {
  readonly kind: 'group' | 'device' | 'container' | 'iommufd';
  /** Id in the run: a group, a PCI address, a container, an iommufd context. */
  readonly id: string;
  /** On the machine of the run; a device's is found in its folder `vfio-dev`. */
  readonly path: string;
}

/** A system call of a task, in the order of the run. */
export interface UserCall {
  readonly task: string;
  /** From 1. */
  readonly request: number;
  /** As an event names it: `VFIO_SET_IOMMU`. */
  readonly call: string;
  /** The request's verb and target, as a reader knows it: `attach 11`. */
  readonly words: string;
  readonly group: string | null;
  readonly device: string | null;
  readonly container: string;
  readonly context: string;
  readonly pageTable: string | null;
  readonly options: Readonly<Record<string, string | number | boolean>>;
  /** Range in bytes, of a call that maps or unmaps. */
  readonly range: { readonly iova: number; readonly size: number } | null;
  /** What the call gave in the run: `OK`, an errno, or `not ended`. */
  readonly result: string;
  /** The program cannot make it: it stops and asks. */
  readonly byHand: boolean;
  /** Index of the fault whose n is looped over during this call; null: nothing fails in it. */
  readonly fault: number | null;
}

/** Calls that may run at the same time: all of a phase end before the next begins. */
export type Phase = readonly UserCall[];

/** An allocation that failed in the run. */
export interface FailedAllocation {
  readonly task: string;
  readonly request: number;
  readonly call: string;
  /** Kernel function, and its line in the tree of the model. */
  readonly function: string;
  readonly line: number | null;
  readonly gfp: string;
  readonly device: string | null;
  readonly domain: string | null;
  /** Errno, or what the kernel made of it: `ignored`, `tried again`. */
  readonly outcome: string;
  /** The n-th allocation of its call, as the model counts on this machine. */
  readonly n: number;
}

/** A kprobe event: a line for `kprobe_events`, and its name there. */
export interface ProbeEvent {
  readonly name: string;
  readonly definition: string;
}

/** Something that fail-nth cannot do, and what would be needed instead. */
export interface Limit {
  readonly what: string;
  readonly because: string;
  readonly instead: string;
}

export interface GroupOfMachine {
  readonly id: string;
  readonly devices: readonly {
    readonly id: string;
    readonly iommu: string | null;
    readonly driver: string | null;
    readonly bridge: boolean;
  }[];
}

export interface Reproduction {
  readonly scenario: string;
  readonly title: string;
  /** `linux 6.12.117`. */
  readonly kernel: string;
  readonly caller: string;
  /** What the run showed: findings of levels bug and contract, or its last result. */
  readonly shows: readonly string[];
  readonly machine: { readonly name: string; readonly source: string; readonly groups: readonly GroupOfMachine[] };
  readonly failures: readonly FailedAllocation[];
  readonly options: readonly Setting[];
  readonly settings: readonly Setting[];
  readonly files: readonly OpenedFile[];
  readonly phases: readonly Phase[];
  /** Files that hold a number of domain ids in use. */
  readonly domainCounts: readonly string[];
  readonly probes: readonly ProbeEvent[];
  readonly limits: readonly Limit[];
}
