// One line of the index of rows: a row, or a kernel API's record, laid out by column of the facts. Plain values: they are printed as JSON too.
import type { ApiFacts, Class, Column, Errno, PerColumn, Plausible, Row } from './rows.ts';

/** Who keeps the row. */
export type Layer = 'driver' | 'core' | 'caller' | 'kapi';

/** What a search does with an errno; mixed: it depends on which errno of the list comes. */
export type Reaction = 'next' | 'stop' | 'mixed' | 'crash';

export interface CallerReaction {
  readonly caller: string;
  readonly reaction: Reaction;
}

export interface AllocationFacts {
  readonly site: string;
  readonly what: string;
  readonly gfp: string;
  readonly plausible: Plausible;
  readonly tries: number;
  /** What its failure leads to, when that is no errno. */
  readonly failure: 'errno' | 'ignored' | 'next';
  /** How often it runs, when not once. */
  readonly times: string | null;
}

/** A row as one column has it. */
export interface ColumnFacts {
  /** C text: what a check refuses at; for other rows, what must hold for them to run. */
  readonly condition: string | null;
  readonly errno: readonly Errno[];
  readonly cite: string;
  readonly prints: { readonly level: string; readonly text: string } | null;
  readonly allocation: AllocationFacts | null;
  /** The driver's paths that hold it. */
  readonly paths: readonly string[];
  /** Callers whose search meets the errno; none when it goes straight to the user or nowhere. */
  readonly reactions: readonly CallerReaction[];
  /** Why no search meets an errno of an attach; null where one does, or where the row is of no attach. */
  readonly notSearched: string | null;
}

export interface IndexEntry {
  readonly id: string;
  /** The entry of the facts it belongs to. */
  readonly entry: string;
  readonly owner: string;
  readonly layer: Layer;
  readonly kind: Row['kind'] | 'api';
  readonly words: string;
  readonly class: Class | null;
  readonly columns: PerColumn<ColumnFacts>;
  /** Why a column has none of it. */
  readonly absent: PerColumn<string>;
  readonly unreachable: string | null;
  readonly note: string | null;
  /** Attribute changes, ids taken, the path or API called: what else the row does. */
  readonly does: string | null;
  /** What happens when a later row refuses. */
  readonly undo: string | null;
  /** The record, for entries of kernel APIs. */
  readonly api: ApiFacts | null;
}

/** What is listed with a reason. */
export interface Listed {
  readonly name: string;
  readonly reason: string;
}

export interface OwnerCoverage {
  readonly owner: string;
  readonly layer: Layer;
  readonly entries: {
    readonly facts: number;
    readonly reachable: number;
    readonly unreachable: readonly Listed[];
    readonly listed: readonly Listed[];
    /** Neither in the model nor listed: must be empty. */
    readonly missing: readonly string[];
  };
  readonly sites: {
    readonly facts: number;
    readonly modelled: number;
    readonly listed: readonly Listed[];
    readonly missing: readonly string[];
  };
  /** Rows of the model that no entry of the facts stands for: what runs need beside the attach paths. */
  readonly beyond: number;
}

/** A message that a line of a kernel log can be. */
export interface FoundMessage {
  readonly entry: IndexEntry;
  readonly columns: readonly Column[];
  readonly level: string;
  /** The message as the row has it. */
  readonly shape: string;
  /** exact: the line ends with the message; similar: most of its words occur; warn: the function of a WARN. */
  readonly quality: 'exact' | 'warn' | 'similar';
  /** What stood for each `<x>`. */
  readonly values: { readonly [name: string]: string };
}
