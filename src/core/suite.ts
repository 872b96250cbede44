// What a suite came to: one entry a scenario file, one test a cell of its matrix, and what that makes of the whole.

/** `inconclusive`: judged, and the run says neither. `skipped`: not judged, for a reason. */
export type Outcome = 'ok' | 'not ok' | 'inconclusive' | 'skipped';

export interface SuiteTest {
  readonly kernel: string;
  readonly caller: string;
  readonly outcome: Outcome;
  /** What differs, what was left open, or why the cell was skipped; empty when it is ok. */
  readonly reasons: readonly string[];
}

export interface SuiteEntry {
  /** File name inside the folder. */
  readonly file: string;
  /** Name of the scenario; of the file where it does not load. */
  readonly name: string;
  /** Why the file does not load, or cannot be run; it then counts as one test that is not ok. */
  readonly failure: string | null;
  readonly tests: readonly SuiteTest[];
}

export type Counts = Readonly<Record<Outcome, number>>;

export const outcomesOf = ({ failure, tests }: SuiteEntry): Outcome[] =>
  failure === null ? tests.map(({ outcome }) => outcome) : ['not ok'];

export const countsOf = (entries: readonly SuiteEntry[]): Counts => {
  const counts = { ok: 0, 'not ok': 0, inconclusive: 0, skipped: 0 };
  for (const outcome of entries.flatMap(outcomesOf)) counts[outcome] += 1;
  return counts;
};

const gravest: readonly Outcome[] = ['not ok', 'inconclusive', 'ok', 'skipped'];

/** The gravest outcome; skipped tests weigh nothing, so a whole of nothing else is skipped. */
export const wholeOf = (outcomes: readonly Outcome[]): Outcome => gravest.find((outcome) => outcomes.includes(outcome)) ?? 'skipped';

/** As the matrix names its cells. */
export const testName = ({ kernel, caller }: Pick<SuiteTest, 'kernel' | 'caller'>): string => `${caller} on ${kernel}`;
