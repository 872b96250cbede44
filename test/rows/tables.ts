// The cases of all drivers and the runs of all callers, each made once: what the tables pin and the mutation judge replays.
import { isIn } from '../../src/core/perform.ts';
import type { Driver, Row } from '../../src/core/rows.ts';
import type { Fault } from '../../src/core/scenario.ts';
import { type Engine, engineOf } from '../../src/engine/engine.ts';
import { buildModel, operationTable, profileTable } from '../../src/kernels/build.ts';
import { type Case, casesOf } from './cases.ts';
import { craftedRuns, type NamedRun } from './crafted.ts';
import { type NamedOutcome, namedOutcome } from './namedOutcome.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { withVariants } from './variants.ts';

export const kernels: readonly string[] = [...profileTable.keys()];

const memo = <T>(make: (key: string) => T): ((key: string) => T) => {
  const made = new Map<string, T>();
  return (key) => {
    const found = made.get(key) ?? make(key);
    made.set(key, found);
    return found;
  };
};

const engine = memo((key: string): Engine => {
  const [kernel, caller] = key.split('|') as [string, string];
  return engineOf(buildModel({ kernel, caller }), operationTable);
});

export const engineFor = (kernel: string, caller = 'vfio-type1'): Engine => engine(`${kernel}|${caller}`);

export const driversIn = (kernel: string): Driver[] => {
  const { model } = engineFor(kernel);
  return [...model.drivers.values()].filter((driver) => driver.absent?.[model.column] === undefined);
};

/** A paper patch on 6.1: its tables are pinned as what differs from those. */
export const seed = '6.1.y+seed-v6';
export const seedBase = '6.1.y';

const cases = memo((key: string): readonly Case[] => {
  const [kernel, driver] = key.split('|') as [string, string];
  if (kernel === seed) return casesIn('6.1.y', driver).map((one) => inSeed(one));
  return casesOf(engineFor(kernel), engineFor(kernel).operationModel.driver(driver));
});

export const casesIn = (kernel: string, driver: string): readonly Case[] => cases(`${kernel}|${driver}`);

/** The seed patch changes errnos only: a case is that of the tree it lies on, but for the errno that a row itself asks for. */
const inSeed = (one: Case): Case => {
  const { model } = engineFor(seed);
  const rows = Object.values(model.drivers.get(one.request.driver)!.paths).flatMap((path) => path[model.column] ?? []);
  const errnoNow = (fault: Fault): Fault => {
    const row = fault.kind === 'api' ? rows.find(({ id }) => id === fault.api) : undefined;
    const own = row?.kind === 'call' && row.api === undefined ? row.errno[model.column] : undefined;
    return fault.kind === 'api' && typeof own === 'string' ? { ...fault, errno: own } : fault;
  };
  return { ...one, request: { ...one.request, faults: (one.request.faults ?? []).map(errnoNow) } };
};

export interface Tried {
  readonly one: Case;
  readonly outcome: Outcome;
}

const outcomes = memo((key: string): readonly Tried[] => {
  const [kernel, driver] = key.split('|') as [string, string];
  return casesIn(kernel, driver).map((one) => ({ one, outcome: outcomeOf(engineFor(kernel), one.request) }));
});

/** The cases of a driver with what each came to. */
export const tried = (kernel: string, driver: string): readonly Tried[] => outcomes(`${kernel}|${driver}`);

/** Rows of the core and of the caller that the kernel has; effects tell nothing. */
export const namedRows = (kernel: string, caller: string): Row[] => {
  const { model } = engineFor(kernel, caller);
  return [...model.rows.values()].filter((row) => row.kind !== 'effect' && isIn(row, model.column) && model.column in row.errno);
};

/** One variant for each row and way, whichever run it was first made of. */
const distinct = (runs: readonly NamedRun[]): NamedRun[] => {
  const keyOf = ({ name, kernel, caller }: NamedRun): string => [kernel, caller, name.split(': ')[1] ?? name].join('|');
  return [...new Map(runs.toReversed().map((run) => [keyOf(run), run])).values()].reverse();
};

const runs = memo((kernel: string): readonly NamedRun[] =>
  distinct(
    craftedRuns()
      .filter((run) => run.kernel === kernel)
      .flatMap((run) => (run.reaches === null ? withVariants(engineFor(kernel, run.caller), run) : [run])),
  ),
);

const told = memo((kernel: string): readonly (NamedRun & { readonly outcome: NamedOutcome })[] =>
  runs(kernel).map((run) => ({ ...run, outcome: namedOutcome(engineFor(kernel, run.caller), run.scenario) })),
);

/** The runs of a kernel with what each came to. */
export const toldIn = (kernel: string): readonly (NamedRun & { readonly outcome: NamedOutcome })[] => told(kernel);

export const runsIn = (kernel: string): readonly NamedRun[] => runs(kernel);
