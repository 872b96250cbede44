// What a trace is made of, whatever printed it: readers of formats give these, and everything later takes only these.

/** Where in its input: the line of a text from 1, the number of a record in a binary file. */
interface Placed {
  readonly line: number;
}

/** One trace event. Entry and return of a function stand in `text` as tracefs prints them, whatever the format. */
export interface TraceLine extends Placed {
  readonly kind: 'line';
  /** Nanoseconds of the trace's clock; the plain count of a clock that counts something else. */
  readonly time: number;
  readonly cpu: number;
  readonly pid: number;
  readonly comm: string;
  /** Name of the event without its system: `p_iommu_attach_group`, `attach_device_to_domain`. */
  readonly name: string;
  /**
   * What follows the name: `(iommu_attach_group+0x0/0x40) dom=0xffff888101234000 gid="14"` at an entry,
   * `(caller+0x1c/0x80 [module] <- iommu_attach_group) ret=-22` at a return; a static event's own words.
   */
  readonly text: string;
}

/** The buffer was full: so many events are missing here; null where the trace does not say how many. */
export interface LostEvents extends Placed {
  readonly kind: 'lost';
  readonly cpu: number | null;
  readonly count: number | null;
}

/** A line that no reader of the format knows; at most 200 characters of it. */
export interface UnreadLine extends Placed {
  readonly kind: 'unread';
  readonly text: string;
  readonly why: string;
}

export type Token = TraceLine | LostEvents | UnreadLine;

/** Tokens in the order of the input, as many at a time as a piece of it gave. */
export type TokenStream = AsyncIterable<readonly Token[]>;
