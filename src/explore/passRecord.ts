// A pass that ended early, as plain data: what another process needs to go on with it as if nothing had happened.
import type { Label } from '../core/label.ts';
import type { Knowledge, Lesson } from './lessons.ts';
import type { Choice, Unit } from './strategy.ts';
import type { Rested, Told } from './told.ts';
import type { Table } from './visited.ts';

/** What a pass knows besides what every search of the scenario learns by itself, and what its choices rest on. */
export interface PassKnowledge {
  readonly lessons: readonly Lesson[];
  readonly knowledge: Knowledge;
  /** Footprints that the pass began with. Null: no reduction. */
  readonly frozen: readonly Told[] | null;
}

export interface PassRecord extends PassKnowledge {
  readonly round: number;
  /** Footprints that are known now. */
  readonly told: readonly Told[];
  readonly rested: readonly Rested[];
  readonly units: readonly Unit[];
  readonly states: number;
  readonly transitions: number;
  readonly ends: number;
  readonly depth: number;
  readonly isPruned: boolean;
  readonly labels: readonly (readonly [Label, readonly Choice[]])[];
  readonly rowsMet: readonly string[];
  readonly table: Table;
}
