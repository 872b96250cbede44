// One cell of a matrix: what a scenario came to under one kernel and caller.

/** What the kernel returned from an ioctl: OK or an errno. */
export interface CallResult {
  readonly call: string;
  readonly result: string;
}

export interface Cell {
  readonly kernel: string;
  readonly caller: string;
  /** Why there is no such cell. */
  readonly absent: string | null;
  readonly hypothetical: string | null;
  readonly result: string | null;
  readonly results: readonly string[];
  /** The caller is user space: what the kernel returned and what the request came to may differ. */
  readonly userSpace: boolean;
  /** Ioctls of the last request that attaches. */
  readonly calls: readonly CallResult[];
  /** Domains by container. */
  readonly domains: Readonly<Record<string, number>>;
  /** Containers and address spaces that are open at the end; null: there is no such cell. */
  readonly containers: number | null;
  /** How often the memory that is pinned most is pinned. */
  readonly pinned: number | null;
  readonly findings: readonly string[];
  readonly evidence: string | null;
  /** Null: the scenario expects nothing of this cell. */
  readonly expected: boolean | null;
  readonly problems: readonly string[];
  /** With a checked tree: what the cell rests on that is not the same there. */
  readonly notValid?: readonly string[];
}
