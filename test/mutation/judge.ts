// Whether anything notices a mutant: the cases of the drivers that have the row, the runs that touch it, and at last the expectations of the
// scenario files. Each compares with what the model as it is does, which the tables pin.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Driver } from '../../src/core/rows.ts';
import type { Expectation, Scenario } from '../../src/core/scenario.ts';
import { type Engine, engineOf } from '../../src/engine/engine.ts';
import { expectationFor, type Judgement, judge, problemsOf } from '../../src/explore/judge.ts';
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

const usersOf = (kernel: string, { row }: Mutant): Driver[] => {
  const { column } = engineFor(kernel).model;
  return driversIn(kernel).filter((driver) => Object.values(driver.paths).some((path) => path[column]?.some(({ id }) => id === row)));
};

/** The case that notices a mutant of a driver's row; null when none does. */
export const noticedByCases = (kernel: string, mutant: Mutant): string | null => {
  const users = usersOf(kernel, mutant);
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

interface Expected {
  readonly scenario: Scenario;
  readonly expectation: Expectation;
  /** Rows that the run speaks of, and drivers of its machine. */
  readonly rows: ReadonlySet<string>;
  readonly drivers: ReadonlySet<string>;
}

/** The run under this kernel, or one changed, judged as the command line judges it; a run without end is stopped. */
const judgedRun = (scenario: Scenario, caller: string, kernel: string | Basis): Judgement => {
  let events = 0;
  const run = { listen: () => void events++, stop: () => events > 50_000 };
  return judge({ scenario, kernel: scenario.kernel, caller, decisions: [] }, { run, resolve: () => ({ kernel, caller }) });
};

const isPresent = (caller: string, kernel: string): boolean =>
  callerTable.has(caller) && absence(callerTable.get(caller)!, profileTable.get(kernel)!.column) === null;

const expectationsOf = (kernel: string): Expected[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => {
      const scenario = loadScenario(join(folder, file));
      const others = scenario.tasks.flatMap(({ caller }) => caller ?? []);
      const callers = [...new Set(scenario.expect.map(({ caller }) => caller))].filter((caller) =>
        [caller, ...others].every((name) => isPresent(name, kernel)),
      );
      return callers.flatMap((caller) => {
        const expectation = expectationFor(scenario.expect, kernel, caller);
        if (expectation === null) return [];
        const { events } = judgedRun(scenario, caller, kernel);
        const rows = new Set(events.flatMap((event) => ('row' in event && typeof event.row === 'string' ? [event.row] : [])));
        const drivers = new Set(scenario.topology.iommus.map(({ driver }) => driver));
        return [{ scenario, expectation: { ...expectation, caller }, rows, drivers }];
      });
    });

const expectations = new Map<string, readonly Expected[]>();

/** The scenario file whose expectation a mutant does not meet; only those are asked that have the row or its driver. */
export const noticedByScenarios = (kernel: string, mutant: Mutant): string | null => {
  const known = expectations.get(kernel) ?? expectationsOf(kernel);
  expectations.set(kernel, known);
  const users = new Set(usersOf(kernel, mutant).map(({ name }) => name));
  const basis = applyOverlay(mutant.overlay);
  const found = known
    .filter(({ rows, drivers }) => rows.has(mutant.row) || [...drivers].some((driver) => users.has(driver)))
    .find(({ scenario, expectation }) => !same('', () => problemsOf(judgedRun(scenario, expectation.caller, basis), expectation).join()));
  return found ? `${found.scenario.name} under ${found.expectation.caller}` : null;
};
