// How figures are taken: variants in turn, so that a busy machine slows all of them, and the median of the rounds. CPU seconds count
// every thread of the process; only what starts processes of its own goes by the clock.

/** One line of the report. */
export interface Figure {
  readonly name: string;
  readonly found: string;
  /** The same work reduced to what it cannot do without, in the same run. */
  readonly against: string;
  /** Null: only there to be compared. */
  readonly target: string | null;
  readonly met: boolean;
}

export type Unit = 'cpu' | 'clock';

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const clockSeconds = (): number => Number(process.hrtime.bigint()) / 1e9;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Seconds that each action takes: the median of `rounds`, after one round that only warms up. */
export const interleaved = <Name extends string>(
  rounds: number,
  actions: Readonly<Record<Name, () => void>>,
  unit: Unit = 'cpu',
): Record<Name, number> => {
  const now = unit === 'cpu' ? cpuSeconds : clockSeconds;
  const names = Object.keys(actions) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const start = now();
      actions[name]();
      if (round > 0) taken[name].push(now() - start);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(taken[name])])) as Record<Name, number>;
};

export const thousands = (count: number, seconds: number): string => `${Math.round(count / seconds / 1000)} k events/s`;
export const milliseconds = (seconds: number): string => `${Math.round(seconds * 1000)} ms`;
export const ratio = (value: number, words: string): string => `${value.toFixed(2)} of ${words}`;
