// What rows of the model rest on in kernel sources, as data: the places that a row cites, in the source's own words. Lint finds such
// places, the command line keeps those of the trees that were read, reports show where another tree differs.
import type { Column, Errno, PerColumn, Row } from './rows.ts';

/**
 * return: where an errno arises, `text` being the check or call that leads there; allocation: takes memory or an id; call; change: sets
 * or counts something; test: an `if` whose errno is not known.
 */
export type PlaceKind = 'return' | 'allocation' | 'call' | 'change' | 'test';

export interface Place {
  /** From the kernel's root. */
  readonly file: string;
  readonly function: string;
  readonly kind: PlaceKind;
  /** In the source's words. */
  readonly text: string;
  readonly errnos: readonly string[];
  /** Of an allocation, as written there. */
  readonly gfp: string | null;
  /** Messages of the path, each `level: text`. */
  readonly prints: readonly string[];
  /** How often the function has it, word for word. */
  readonly times: number;
  /** How often it has that with whatever arguments. */
  readonly kin: number;
}

/** What one row cites in one tree; without places, why none was found. */
export interface RowSource {
  readonly places: readonly Place[];
  readonly problem: string | null;
}

/** The allocation sites of one operation, in the order in which it meets them: `function: callee() GFP_KERNEL`. */
export interface AllocationOrder {
  readonly driver: string;
  readonly operation: string;
  readonly sites: readonly string[];
}

/** All that is kept of one tree. */
export interface ModelSources {
  readonly tree: string;
  readonly rows: { readonly [row: string]: RowSource };
  /** Names of all functions of the files that rows cite. */
  readonly functions: { readonly [file: string]: readonly string[] };
  readonly orders: readonly AllocationOrder[];
}

/** A row as it is looked for: by what it cites. */
export interface CitedRow {
  readonly id: string;
  /** Driver, `core`, or the caller's part of the kernel. */
  readonly owner: string;
  readonly kind: Row['kind'];
  readonly errnos: PerColumn<readonly Errno[]>;
  readonly cite: PerColumn<string>;
  readonly site: PerColumn<string>;
  readonly gfp: PerColumn<string>;
  readonly prints: PerColumn<boolean>;
  /** Files that a citation without one means. */
  readonly files: PerColumn<string>;
}

/** At which errnos of an attach a caller's search goes on with the next domain. */
export interface SearchRule {
  /** Caller as the model names it. */
  readonly caller: string;
  readonly columns: readonly Column[];
  readonly file: string;
  readonly function: string;
  /** What the search calls. */
  readonly attach: string;
  readonly scan: 'any' | readonly string[];
}
