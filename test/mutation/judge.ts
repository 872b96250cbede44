// Whether anything notices a mutant: the cases of the drivers that have the row, the runs that touch it, and at last the expectations of the
// scenario files. Each compares with what the model as it is does, which the tables pin.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Expectation, Scenario } from '../../src/core/scenario.ts';
import { type Engine, engineOf } from '../../src/engine/engine.ts';
import { absence, type Basis, buildModel, callerTable, operationTable, profileTable } from '../../src/kernels/build.ts';
import type { Model } from '../../src/kernels/model.ts';
import { applyOverlay } from '../../src/kernels/overlay.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { namedOutcome, namedVerdict } from '../rows/namedOutcome.ts';
import { outcomeOf, verdictOf } from '../rows/outcome.ts';
import { driversIn, engineFor, toldIn, tried } from '../rows/tables.ts';
import type { Mutant } from './mutants.ts';

/** The hash that a run names costs more than the run, and nothing that is compared has it. */
const withoutHash = (model: Model): Model => Object.create(model, { hash: { value: '' } }) as Model;

/** Engines over a changed basis, one a caller. */
const enginesOver = (basis: Basis): ((caller: string) => Engine) => {
  const engines = new Map<string, Engine>();
  return (caller) => {
    const found = engines.get(caller) ?? engineOf(withoutHash(buildModel({ kernel: basis, caller })), operationTable);
    engines.set(caller, found);
    return found;
  };
};

/** A mutant that throws is noticed too. */
const same = (expected: string, work: () => string): boolean => {
  try {
    return work() === expected;
  } catch {
    return false;
  }
};

const ownFirst = <T>(list: readonly T[], isOwn: (one: T) => boolean): T[] => [...list.filter(isOwn), ...list.filter((one) => !isOwn(one))];

/** The case that notices a mutant of a driver's row; null when none does. */
export const noticedByCases = (kernel: string, mutant: Mutant): string | null => {
  const { column } = engineFor(kernel).model;
  const users = driversIn(kernel).filter((driver) =>
    Object.values(driver.paths).some((path) => path[column]?.some((row) => row.id === mutant.row)),
  );
  const engine = enginesOver(applyOverlay(mutant.overlay))('vfio-type1');
  const cases = ownFirst(
    users.flatMap((driver) => tried(kernel, driver.name)),
    ({ one }) => one.row === mutant.row,
  );
  const found = cases.find(({ one, outcome }) => !same(verdictOf(outcome), () => verdictOf(outcomeOf(engine, one.request))));
  return found ? `${found.one.request.driver}, ${found.one.path}: ${found.one.row} ${found.one.kind}` : null;
};

/** The run that notices a mutant of a row of the core or of a caller. */
export const noticedByRuns = (kernel: string, mutant: Mutant): string | null => {
  const changed = enginesOver(applyOverlay(mutant.overlay));
  const touching = toldIn(kernel).filter(
    ({ outcome }) =>
      outcome.events.some((event) => 'row' in event && event.row === mutant.row) || outcome.told.some(({ row }) => row === mutant.row),
  );
  const runs = ownFirst(touching, ({ name, reaches }) => name.includes(mutant.row) || (reaches ?? []).includes(mutant.row));
  const found = runs.find(
    ({ caller, scenario, outcome }) => !same(namedVerdict(outcome), () => namedVerdict(namedOutcome(changed(caller), scenario))),
  );
  return found ? `${found.name} under ${found.caller}` : null;
};

const folder = 'scenarios';

const scenarios = (): Scenario[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => loadScenario(join(folder, file)));

const lower = (result: string): string => (result === 'OK' ? 'ok' : result);

const asExpected = (engine: Engine, scenario: Scenario, { results, result, domains }: Expectation): boolean => {
  const outcome = namedOutcome(engine, scenario);
  const found = outcome.results.map(lower);
  const container = outcome.left.find((line) => line.startsWith(`${scenario.tasks[0]!.container}:`));
  const records = container?.split(': ')[1]?.split(' ').filter(Boolean).length ?? 0;
  return (
    (results === undefined || results.join() === found.join()) &&
    (result === undefined || found.includes(result)) &&
    (domains === undefined || domains === records)
  );
};

interface Expected {
  readonly scenario: Scenario;
  readonly caller: string;
  readonly expectation: Expectation;
}

let expected: ReadonlyMap<string, readonly Expected[]> | null = null;

/** Expectations by kernel, those that hold for the model as it is. */
const expectations = (kernel: string): readonly Expected[] => {
  expected ??= new Map([...profileTable.keys()].map((name) => [name, expectationsOf(name)]));
  return expected.get(kernel)!;
};

const expectationsOf = (kernel: string): Expected[] =>
  scenarios().flatMap((scenario) =>
    scenario.expect
      .filter(({ kernel: wanted, caller }) => (wanted === '*' || wanted === kernel) && callerTable.has(caller))
      .filter(({ caller }) => absence(callerTable.get(caller)!, profileTable.get(kernel)!.column) === null)
      .map((expectation) => ({ scenario, caller: expectation.caller, expectation }))
      .filter(({ caller, expectation }) => same('true', () => String(asExpected(engineFor(kernel, caller), scenario, expectation)))),
  );

/** The scenario file that notices a mutant. */
export const noticedByScenarios = (kernel: string, mutant: Mutant): string | null => {
  const changed = enginesOver(applyOverlay(mutant.overlay));
  const found = expectations(kernel).find(
    ({ scenario, caller, expectation }) => !same('true', () => String(asExpected(changed(caller), scenario, expectation))),
  );
  return found ? `${found.scenario.name} under ${found.caller}` : null;
};
