// One cell of a matrix: what a scenario came to under one kernel and caller.

export interface Cell {
  readonly kernel: string;
  readonly caller: string;
  /** Why there is no such cell. */
  readonly absent: string | null;
  readonly hypothetical: string | null;
  readonly result: string | null;
  readonly results: readonly string[];
  /** Domains by container. */
  readonly domains: Readonly<Record<string, number>>;
  readonly findings: readonly string[];
  readonly evidence: string | null;
  /** Null: the scenario expects nothing of this cell. */
  readonly expected: boolean | null;
  readonly problems: readonly string[];
}
