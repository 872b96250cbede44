// What a comparison of two sides found: attaches that end otherwise, containers with fewer or more domains, and what was not compared.
import type { Class, Errno } from './rows.ts';

/** On a domain made for the group, or on one that another group of the container is on. */
export type Situation = 'fresh' | 'existing';

/** fails, works: an errno where there was none, and the other way round; errno: another one than before; shares, splits: domains. */
export type DifferenceKind = 'fails' | 'works' | 'shares' | 'splits' | 'errno';
export const differenceKinds: readonly DifferenceKind[] = ['fails', 'works', 'shares', 'splits', 'errno'];

/** A case that was made for one row. */
export interface ComparedRow {
  /** The driver, `core`, or the caller that keeps the row. */
  readonly owner: string;
  readonly row: string;
  readonly class: Class;
  readonly situation: Situation;
}

export interface Difference {
  readonly kind: DifferenceKind;
  /** Null: seen in a scenario. */
  readonly row: ComparedRow | null;
  readonly scenario: string | null;
  /** The request as a script says it, or the container whose domains are counted. */
  readonly subject: string;
  /** Results, `OK` or an errno; for shares and splits how many domains there are at the end. */
  readonly from: Errno | number;
  readonly to: Errno | number;
}

/** One row that an attach may meet, under either side. */
export interface RowCoverage {
  readonly owner: string;
  readonly row: string;
  readonly class: Class;
  /** Situations in which a case of its own was compared. */
  readonly cases: readonly Situation[];
  /** Scenarios in which it refused. */
  readonly scenarios: readonly string[];
  /** Why it has no case of its own; null where it has. */
  readonly reason: string | null;
}

export interface UncomparedScenario {
  readonly scenario: string;
  readonly reason: string;
}

/** What a side was made into. */
export interface ComparedSide {
  readonly kernel: string;
  readonly caller: string;
  readonly contract: string | null;
  /** `linux 6.1.192` */
  readonly title: string;
  readonly continueOn: 'any' | readonly Errno[];
  /** Why this caller and these drivers never were in one tree. */
  readonly hypothetical: string | null;
}

export interface Comparison {
  readonly from: ComparedSide;
  readonly to: ComparedSide;
  readonly differences: readonly Difference[];
  readonly rows: readonly RowCoverage[];
  /** Names of the scenarios that ran under both sides. */
  readonly scenarios: readonly string[];
  readonly uncompared: readonly UncomparedScenario[];
}

/** Whether the row refused in anything that ran under both sides. */
export const isCompared = ({ cases, scenarios }: RowCoverage): boolean => cases.length > 0 || scenarios.length > 0;

/** Nothing ran under both sides, so that no difference says nothing. */
export const isEmpty = ({ rows, scenarios }: Comparison): boolean => scenarios.length === 0 && !rows.some(isCompared);
