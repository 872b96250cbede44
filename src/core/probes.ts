// A recording of attach and detach made ready for a machine, as data: which functions to probe, and what a script does with them.

export const recorders = ['kprobe', 'bpftrace', 'trace-cmd'] as const;
export type Recorder = (typeof recorders)[number];

export interface PlannedProbe {
  readonly function: string;
  /** As kprobe_events takes them; empty: none. */
  readonly fetch: string;
  /** Type of the value returned; null: there is none, and no probe at the return. */
  readonly returns: 's32' | 'x64' | 'u8' | null;
}

export interface ProbePlan {
  /** Series of kernels that the functions were read in. */
  readonly kernel: string;
  readonly recorder: Recorder;
  readonly probes: readonly PlannedProbe[];
  /** Static events of the systems iommu, by name. */
  readonly events: readonly string[];
  /** Whether calls that map and unmap are recorded. */
  readonly maps: boolean;
  /** Whether the result of every ioctl of the machine is recorded. */
  readonly results: boolean;
}
