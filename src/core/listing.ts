// A caller's algorithm as data: what `show caller` prints.

export interface ListedState {
  readonly state: string;
  /** Step of the facts. */
  readonly step: string | null;
  readonly does: string;
  readonly kernel: string | null;
  /** Locks held while it does so, outermost first. */
  readonly locks: readonly string[];
  readonly allocation: { readonly site: string; readonly gfp: string } | null;
  /** `0`, an errno, or `-E*` for any; `next` marks the search going on. */
  readonly outcomes: readonly { readonly outcome: string; readonly to: string }[];
  readonly undo: string | null;
}

export interface ListedWorkflow {
  readonly workflow: string;
  readonly kernel: string | null;
  readonly call: string | null;
  readonly states: readonly ListedState[];
}
