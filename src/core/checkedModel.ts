// What comes of looking for the model's rows in a kernel tree: which are the same there, and of every other both texts.
import type { Column } from './rows.ts';

/** Worst last. */
export const rowStatuses = ['same', 'moved', 'unclear', 'changed', 'gone'] as const;
export type RowStatus = (typeof rowStatuses)[number];

export const statusWords: { readonly [status in RowStatus]: string } = {
  same: 'same',
  moved: 'moved',
  unclear: 'not understood',
  changed: 'changed',
  gone: 'gone',
};

/** Texts of one place: what the model rests on, what the tree has, and in a few words how they differ. */
export interface Difference {
  readonly status: Exclude<RowStatus, 'same'>;
  readonly what: string;
  readonly ours: string;
  readonly yours: string;
}

export interface CheckedRow {
  readonly row: string;
  readonly owner: string;
  /** The worst of its places. */
  readonly status: RowStatus;
  readonly differences: readonly Difference[];
}

/** The order of an operation's allocations; `same` where nothing differs. */
export interface CheckedOrder {
  readonly driver: string;
  readonly operation: string;
  readonly status: 'same' | 'changed' | 'gone';
  /** The first site that differs, 1-based, with both texts. */
  readonly at: number | null;
  readonly ours: string;
  readonly yours: string;
}

/** At which errnos a caller's search goes on. */
export interface CheckedRule {
  readonly caller: string;
  readonly status: 'same' | 'changed' | 'unclear' | 'gone';
  readonly ours: string;
  readonly yours: string;
}

export interface CheckedModel {
  readonly tree: string;
  readonly column: Column;
  /** `6.12.y` */
  readonly kernel: string;
  /** Why this column: `its Makefile says 6.12`. */
  readonly why: string;
  readonly rows: readonly CheckedRow[];
  readonly orders: readonly CheckedOrder[];
  readonly rules: readonly CheckedRule[];
}

/** What `--write` keeps and `--checked` takes: only what is not the same. */
export interface KeptCheck {
  readonly kind: 'attachlab checked model';
  readonly schema: 1;
  readonly tree: string;
  readonly kernel: string;
  readonly rows: readonly {
    readonly row: string;
    readonly status: Exclude<RowStatus, 'same'>;
    readonly ours: string;
    readonly yours: string;
  }[];
  readonly rules: readonly {
    readonly caller: string;
    readonly status: Exclude<CheckedRule['status'], 'same'>;
    readonly ours: string;
    readonly yours: string;
  }[];
}
