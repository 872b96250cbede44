// A thread of a recording: what it is in the middle of, and the attach that it may be searching a domain for.

/** Of a task as a recording names it: `comm-pid`, with a stroke for each earlier one of that name; 0 of any other name. */
export const pidOf = (task: string): number => Number(/-(\d+)'*$/.exec(task)?.[1] ?? 0);

/** A refusal on its way out of nested functions: the innermost names the cause. */
export interface Refusal {
  readonly function: string;
  readonly errno: string;
  readonly device: string | null;
  readonly domain: string | null;
}

/** One attach of a group by a caller that searches. */
export interface Attempt {
  readonly container: string;
  readonly group: string;
  /** Its own new domain. */
  fresh: string | null;
  joined: string | null;
  trying: string | null;
  /** Every domain that it tried. */
  readonly tried: string[];
}

export const newAttempt = (container: string, group: string): Attempt => ({
  container,
  group,
  fresh: null,
  joined: null,
  trying: null,
  tried: [],
});

/** What a thread is in the middle of. */
export interface Thread {
  readonly task: string;
  /** Generation of tokens in which it was seen last. */
  seen: number;
  /** The container, or the address space's context, that the program's own log names for the call in progress. */
  named: string | null;
  /** Addresses that the kernel mapped in the call in progress, from the first to the last. */
  mapped: { readonly iova: number; readonly size: number } | null;
  /** Container of the SET_CONTAINER in progress, and the group that joins it. */
  container: string | null;
  joining: string | null;
  /** Device that iommufd is attaching. */
  attaching: string | null;
  attempt: Attempt | null;
  refusal: Refusal | null;
  /** The device that is being moved, and the domain that it is to go to. */
  onto: { readonly device: string; readonly domain: string | null } | null;
  /** Address of the domain that the function just left gave back: those around it give it back again. */
  made: string | null;
  /** Group that is being claimed, released, or detached where no return says when that is over. */
  claiming: string | null;
  leaving: string | null;
  /** Group that a function of the core's in the trace is moving. */
  switching: string | null;
  /** In iommu_attach_group() or its like: the domain is a caller's. */
  attachesForUser: boolean;
  /** Device whose unbinding gave its claim back: the release that follows is the same one. */
  unbound: string | null;
  /** Group whose default domain is being made. */
  defaulting: string | null;
}

export const newThread = (task: string, seen: number): Thread => ({
  ...{ task, seen, named: null, mapped: null, container: null, joining: null, attaching: null },
  ...{ attempt: null, refusal: null, made: null, onto: null, claiming: null, leaving: null, defaulting: null },
  ...{ attachesForUser: false, switching: null, unbound: null },
});
