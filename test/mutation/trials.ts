// What mutants of workflow machines are tried on: the scenario files under all that they speak of, the runs of test/rows/crafted.yaml and of
// two files here, those of one task with each allocation failing once, those of several searched in every order.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../src/core/events.ts';
import type { Expectation, Scenario } from '../../src/core/scenario.ts';
import { audit, shownDetectors } from '../../src/detect/audit.ts';
import { evaluateClaims } from '../../src/detect/claims.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { probeOf } from '../../src/engine/probe.ts';
import { type Run, type RunOptions, runScenario } from '../../src/engine/run.ts';
import { unreachedFaults } from '../../src/engine/unreached.ts';
import { expectationFor, type Judgement, problemsOf, resultsOf } from '../../src/explore/judge.ts';
import { expectedCallers } from '../../src/explore/matrix.ts';
import { absence, basisOf, buildModel, callerTable, missingDriver, profileTable } from '../../src/kernels/build.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { craftedRuns, type NamedRun, runsOf } from '../rows/crafted.ts';
import { engineFor, kernels, runsIn } from '../rows/tables.ts';
import type { Trial, Verdict } from './machineJudge.ts';
import { recorded } from './recorded.ts';
import { leftIn, verdictOfSearch } from './searched.ts';

const folder = 'scenarios';
/** The longest run has a tenth of it. */
const mostEvents = 50_000;

interface Told {
  readonly events: readonly Event[];
  readonly run: Run;
}

/** Rows of the core and the caller that ask again for less, or in another way. */
const triedTwice = ({ model }: Engine): Set<string> =>
  new Set([...model.rows.values()].flatMap((row) => (row.kind === 'alloc' && row.tries === 2 ? [row.id] : [])));

/** The how-manyeth allocation of all fails, from 1, and with it the second try of a row that has two. */
const failingNth = (nth: number, twice: ReadonlySet<string>): NonNullable<RunOptions['ask']> => {
  let asked = 0;
  let failed: string | null = null;
  return (question) => {
    if (question.kind !== 'allocation') return undefined;
    asked += 1;
    const isSecondTry = asked === nth + 1 && question.row === failed && twice.has(question.row);
    if (asked === nth) failed = question.row;
    return Number(asked === nth || isSecondTry);
  };
};

const told = (engine: Engine, scenario: Scenario, ask?: RunOptions['ask']): Told => {
  const events: Event[] = [];
  const run = runScenario(engine, scenario, {
    listen: (event) => events.push(event),
    stop: () => events.length > mostEvents,
    ...(ask ? { ask } : {}),
  });
  return { events, run };
};

const stuckIn = ({ stuck, stopped }: Run): string[] => [
  ...stuck.map(({ task, lock, holder }) => `${task} waits for ever: ${lock}, held by ${holder}`),
  ...(stopped ? ['it does not end'] : []),
];

/** All that a suite says of a cell: what was expected and is not so, claims, findings, who waits for ever, faults that did not come about. */
const verdictOfFile = (engine: Engine, scenario: Scenario, expected: Expectation | null): Verdict => {
  const { events, run } = told(engine, scenario);
  const probe = probeOf(engine);
  const findings = audit(events, probe, shownDetectors);
  const claims = evaluateClaims(events, scenario.claims, probe);
  const labels = [
    ...(expected ? problemsOf({ engine, run, events, findings, claims } as unknown as Judgement, expected) : []),
    ...claims.map(({ claim, outcome }) => `claim ${claim.text}: ${outcome}`),
    ...findings.map(({ rule, entity }) => `finding ${rule}: ${entity}`),
    ...stuckIn(run),
    ...unreachedFaults(scenario, events).map((fault) => `did not come about: ${fault}`),
    ...recorded(events),
  ];
  return { isComplete: true, labels };
};

const isThere = (scenario: Scenario, kernel: string, caller: string): boolean => {
  const { drivers, profile } = basisOf(kernel);
  const callers = [caller, ...scenario.tasks.flatMap((task) => task.caller ?? [])];
  const isIn = callers.every((name) => absence(callerTable.get(name)!, profile.column) === null);
  return isIn && missingDriver(drivers, profile.column, scenario.topology) === null;
};

const fileTrials = (scenario: Scenario): Trial[] =>
  expectedCallers(scenario).flatMap((caller) =>
    [...profileTable.keys()].flatMap((kernel): Trial[] => {
      if (!isThere(scenario, kernel, caller)) return [];
      const expected = expectationFor(scenario.expect, kernel, caller);
      if (expected === null && (kernel !== scenario.kernel || caller !== scenario.caller)) return [];
      return [{ kind: 'file', name: scenario.name, kernel, caller, verdict: (engine) => verdictOfFile(engine, scenario, expected) }];
    }),
  );

export const filesTried = (): Trial[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => fileTrials(loadScenario(join(folder, file))));

/** Only what was in one tree: the machines of the others are the same. */
const isReal = ({ kernel, caller }: NamedRun): boolean => buildModel({ kernel, caller }).hypothetical === null;

const verdictOfRun = (engine: Engine, scenario: Scenario, ask?: RunOptions['ask']): Verdict => {
  const { events, run } = told(engine, scenario, ask);
  return { isComplete: true, labels: [resultsOf(events).join(' '), leftIn(run.world), ...stuckIn(run), ...recorded(events)] };
};

const searched = (): NamedRun[] => ['searched', 'reached'].flatMap((name) => runsOf(`test/mutation/${name}.yaml`));

/** With the variants of each run: one flag, attribute or failure changed. */
export const runsTried = (): Trial[] =>
  [...kernels.flatMap((kernel) => runsIn(kernel)), ...searched()]
    .filter(isReal)
    .map(({ scenario, ...run }) => ({ ...run, kind: 'run', verdict: (engine) => verdictOfRun(engine, scenario) }));

/** A run that names the failure that it is about has no other. */
const isOpen = ({ scenario: { faults, tasks } }: NamedRun): boolean => faults.length === 0 && tasks.length === 1;

const open = (): NamedRun[] => [...searched(), ...craftedRuns()].filter(isReal).filter(isOpen);

const allocationsIn = ({ kernel, caller, scenario }: NamedRun): number =>
  told(engineFor(kernel, caller), scenario).events.filter(({ type }) => type === 'MemoryAllocated').length;

/** Runs of one task, in which each allocation fails once, one in a run: what fail-nth does. */
export const failuresOf = (wanted: (run: NamedRun) => boolean): Trial[] =>
  open()
    .filter(wanted)
    .flatMap(({ scenario, ...run }) =>
      Array.from({ length: allocationsIn({ scenario, ...run }) }, (_, index) => ({
        ...run,
        kind: 'failure',
        name: `${run.name}, failure ${index + 1}`,
        verdict: (engine) => verdictOfRun(engine, scenario, failingNth(index + 1, triedTwice(engine))),
      })),
    );

/** Every order of two tasks. */
export const racesTried = (): Trial[] =>
  searched()
    .filter(({ scenario }) => scenario.tasks.length > 1)
    .filter(isReal)
    .map(({ scenario, ...run }) => ({ ...run, kind: 'race', verdict: (engine) => verdictOfSearch(engine, scenario) }));

export const trials = (): Trial[] => [...filesTried(), ...runsTried(), ...failuresOf(() => true), ...racesTried()];
