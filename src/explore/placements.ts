// The rows of two sides, each with the side's own form of it, and the cases that either side gives for them.
import type { Situation } from '../core/comparison.ts';
import type { RowBench } from './rowBench.ts';
import { existingMachines, type RowCase, rowCases } from './rowCases.ts';
import { plainMachine, scenarioOf } from './rowMachine.ts';
import { obstacleTo } from './rowRefusal.ts';
import { driversIn, type PlacedRow, rowsOfAttach } from './rowsOfAttach.ts';

export type Benches = readonly [from: RowBench, to: RowBench];

/** A row as one side has it. */
interface Placement {
  readonly bench: RowBench;
  readonly placed: PlacedRow;
}

/** One row; a side may lack it. */
export type Placements = readonly [lead: Placement, other?: Placement];

/** Callers may share rows. */
const keyOf = ({ driver, path, row }: PlacedRow): string => (path === null ? row.id : `${driver.name} ${row.id}`);

/** By name, so that what is told does not turn on the model's hash; by hash where the names are equal. */
const rankOf = ({ engine: { model, operationModel } }: RowBench): string =>
  [model.caller.name, model.kernel, JSON.stringify(operationModel.scan), model.hash].join(' ');

/** The side that ranks lower leads, so that swapped sides give the same cases; equal models are one. */
const inOrder = ([one, other]: Benches): readonly RowBench[] => {
  if (one.engine.model.hash === other.engine.model.hash) return [one];
  return rankOf(one) < rankOf(other) ? [one, other] : [other, one];
};

export const placementsOf = (benches: Benches): Placements[] => {
  const found = new Map<string, Placements>();
  for (const bench of inOrder(benches))
    for (const placed of rowsOfAttach(bench.engine)) {
      const key = keyOf(placed);
      const lead = found.get(key)?.[0];
      found.set(key, lead ? [lead, { bench, placed }] : [{ bench, placed }]);
    }
  return [...found.values()];
};

/** Cases that the leading side gives, and those of the other side where the row does not act in them there. */
export const casesOf = ([lead, other]: Placements, situation: Situation): readonly RowCase[] => {
  const first = rowCases(lead.bench, lead.placed, situation);
  if (!other) return first;
  const second = rowCases(other.bench, other.placed, situation, first);
  return second === first ? first : [...first, ...second];
};

const onlyScenarios = 'takes more than a machine and an attach';
const nothingFound = 'no machine was found on which an attach meets it';

/** Why a row has no case. */
export const reasonFor = ([{ bench, placed }]: Placements): string => {
  const { path, row } = placed;
  if (row.unreachable !== undefined) return row.unreachable;
  if (path === null) return row.kind === 'check' ? onlyScenarios : nothingFound;
  const [machine] = row.class === 'incompatible' ? existingMachines(bench.engine, placed) : [];
  return (machine && obstacleTo(bench, placed, scenarioOf(row.id, machine, [], {}))) ?? nothingFound;
};

/** Why the side cannot run the scripts made for rows: its attach takes more than a group, on whatever machine; null where it can. */
export const inability = ({ engine, lastAttach }: RowBench): string | null => {
  const { caller, kernel } = engine.model;
  let said = 'no such request';
  for (const driver of driversIn(engine)) {
    const result = lastAttach(scenarioOf('plain', plainMachine(driver), [], {}))?.result;
    if (result === 'OK') return null;
    said = result ?? said;
  }
  return `${caller.name} on ${kernel} takes no attach of a group alone (${said})`;
};
