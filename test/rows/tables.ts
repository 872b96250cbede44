// The cases of all drivers and the runs of all callers, each made once: what the tables pin and the mutation judge replays.
import { isIn } from '../../src/core/perform.ts';
import type { Driver, Row } from '../../src/core/rows.ts';
import { type Engine, engineOf } from '../../src/engine/engine.ts';
import { buildModel, operationTable, profileTable } from '../../src/kernels/build.ts';
import { type Case, casesOf } from './cases.ts';
import { craftedRuns, type NamedRun } from './crafted.ts';
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

/** The seed patch changes errnos only: its cases are those of the tree it lies on. */
const casesKernel = (kernel: string): string => (kernel === '6.1.y+seed-v6' ? '6.1.y' : kernel);

const cases = memo((key: string): readonly Case[] => {
  const [kernel, driver] = key.split('|') as [string, string];
  return casesOf(engineFor(kernel), engineFor(kernel).operationModel.driver(driver));
});

export const casesIn = (kernel: string, driver: string): readonly Case[] => cases(`${casesKernel(kernel)}|${driver}`);

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

export const runsIn = (kernel: string): readonly NamedRun[] => runs(kernel);
