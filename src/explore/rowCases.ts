// For a row that an attach can meet: a machine and a script in which it refuses a fresh domain, and one in which it refuses the domain
// that another group is on. Found by trying values that the row depends on, and verified by a run of the caller's own search.
import type { Situation } from '../core/comparison.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Engine } from '../engine/engine.ts';
import type { RowBench } from './rowBench.ts';
import { type RowMachine, scenarioOf } from './rowMachine.ts';
import { pushesOf } from './rowPushes.ts';
import { comesTo, refuses } from './rowRefusal.ts';
import { type DeviceValues, existingValues, freshValues, plainValues } from './rowSolve.ts';
import type { PlacedRow } from './rowsOfAttach.ts';
import { dependenceOf, mappedBefore, variedValues } from './rowValues.ts';

export interface RowCase {
  readonly situation: Situation;
  readonly scenario: Scenario;
}

type Pair = readonly [first: DeviceValues, second: DeviceValues];

const distinct = <T>(values: readonly T[]): T[] => [...new Map(values.map((found) => [JSON.stringify(found), found])).values()];

/** First and second group's values, the most likely pair first. */
const pairsOf = (solved: readonly Pair[], varied: readonly DeviceValues[]): Pair[] => {
  const seconds = solved.slice(0, 1).map(([, second]) => second);
  return distinct<Pair>([
    ...solved,
    [plainValues, plainValues],
    ...varied.flatMap((one): Pair[] => [
      [plainValues, one],
      [one, plainValues],
      [one, one],
    ]),
    ...seconds.flatMap((second) => varied.map((one): Pair => [one, second])),
  ]);
};

function* freshMachines(engine: Engine, placed: PlacedRow): Generator<RowMachine> {
  const { driver, row } = placed;
  const varied = variedValues(engine, driver, dependenceOf(driver, row, engine.model.column));
  for (const values of distinct([...freshValues(engine, placed), plainValues, ...varied]))
    yield { driver, first: values, second: null, sameInstance: true, system: values.system, mapped: null };
}

/** The machine of the values solved for the row comes first. */
export function* existingMachines(engine: Engine, placed: PlacedRow): Generator<RowMachine> {
  const { driver, row } = placed;
  const dependence = dependenceOf(driver, row, engine.model.column);
  const fresh = freshValues(engine, placed).map((values): Pair => [values, values]);
  const pairs = pairsOf([...existingValues(engine, placed), ...fresh], variedValues(engine, driver, dependence));
  for (const mapped of mappedBefore(driver, dependence))
    for (const [first, second] of pairs)
      for (const sameInstance of [false, true])
        yield { driver, first, second, sameInstance, system: { ...first.system, ...second.system }, mapped };
}

/** The cases of one row in one situation, a case for each errno of a kernel API: none where no machine was found in which it acts. */
const casesIn = (bench: RowBench, placed: PlacedRow, situation: Situation): RowCase[] => {
  const { engine } = bench;
  const name = `${placed.row.id}, ${situation}`;
  for (const machine of situation === 'fresh' ? freshMachines(engine, placed) : existingMachines(engine, placed)) {
    const isComeTo = comesTo(bench, placed, scenarioOf(name, machine, [], {}));
    const found = pushesOf(engine, placed, machine, isComeTo)
      .map(({ faults, set }) => scenarioOf(name, machine, faults, set))
      .filter((scenario) => refuses(bench, placed, situation, scenario));
    // One size of a pool that is used up says as much as any other.
    const kept = placed.row.kind === 'take' ? found.slice(0, 1) : found;
    if (kept.length > 0) return kept.map((scenario) => ({ situation, scenario }));
  }
  return [];
};

const isSaidUnreachable = ({ row }: PlacedRow): boolean => row.unreachable !== undefined;

/** Checks of core and callers need what no attach of a plain machine makes; scenarios meet them. */
const isBeyondPlainAttaches = ({ path, row }: PlacedRow): boolean => path === null && row.kind === 'check';

/** Cases of the row in a situation; those in `known` serve where the row acts in all of them. */
export const rowCases = (bench: RowBench, placed: PlacedRow, situation: Situation, known: readonly RowCase[] = []): readonly RowCase[] => {
  if (isSaidUnreachable(placed) || isBeyondPlainAttaches(placed)) return [];
  const serves = known.length > 0 && known.every(({ scenario }) => refuses(bench, placed, situation, scenario));
  return serves ? known : casesIn(bench, placed, situation);
};
