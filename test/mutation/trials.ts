// What mutants of workflow machines are tried on: the scenario files under all that they speak of, the runs of test/rows/crafted.yaml, and
// searches of small scenarios.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../src/core/events.ts';
import type { Expectation, Scenario } from '../../src/core/scenario.ts';
import { audit, shownDetectors } from '../../src/detect/audit.ts';
import { evaluateClaims } from '../../src/detect/claims.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { probeOf } from '../../src/engine/probe.ts';
import { type Run, runScenario } from '../../src/engine/run.ts';
import { unreachedFaults } from '../../src/engine/unreached.ts';
import { expectationFor, type Judgement, problemsOf, resultsOf } from '../../src/explore/judge.ts';
import { expectedCallers } from '../../src/explore/matrix.ts';
import { absence, basisOf, buildModel, callerTable, missingDriver, profileTable } from '../../src/kernels/build.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { craftedRuns, type NamedRun, runsOf } from '../rows/crafted.ts';
import { kernels, runsIn } from '../rows/tables.ts';
import type { Trial, Verdict } from './machineJudge.ts';
import { leftIn, verdictOfSearch } from './searched.ts';

const folder = 'scenarios';
/** The longest run has a tenth of it. */
const mostEvents = 50_000;

interface Told {
  readonly events: readonly Event[];
  readonly run: Run;
  /** Where allocations were asked for, in their order: what fail-nth counts. */
  readonly sites: readonly string[];
}

const told = (engine: Engine, scenario: Scenario): Told => {
  const events: Event[] = [];
  const sites: string[] = [];
  const run = runScenario(engine, scenario, {
    listen: (event) => events.push(event),
    stop: () => events.length > mostEvents,
    ask: (question) => {
      if (question.kind === 'allocation') sites.push(`${question.call} ${question.site}`);
      return undefined;
    },
  });
  return { events, run, sites };
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

const verdictOfRun = (engine: Engine, scenario: Scenario): Verdict => {
  const { events, run, sites } = told(engine, scenario);
  const prints = events.flatMap((event) => (event.type === 'KernelPrinted' ? [`${event.row} prints`] : []));
  const labels = [resultsOf(events).join(' '), leftIn(run.world), ...stuckIn(run), ...prints, `allocates at ${sites.join(', ')}`];
  return { isComplete: true, labels };
};

const searched = (): NamedRun[] => runsOf('test/mutation/searched.yaml');

/** With the variants of each run: one flag, attribute or failure changed. */
export const runsTried = (): Trial[] =>
  [...kernels.flatMap((kernel) => runsIn(kernel)), ...searched()]
    .filter(isReal)
    .map(({ scenario, ...run }) => ({ ...run, kind: 'run', verdict: (engine) => verdictOfRun(engine, scenario) }));

/** A run that names the failure that it is about is no search. */
const isOpen = ({ scenario: { faults, tasks } }: NamedRun): boolean => faults.length === 0 && tasks.length === 1;

export const searchesTried = (): Trial[] =>
  [...searched(), ...craftedRuns().filter(isOpen)].filter(isReal).map(({ scenario, ...run }) => ({
    ...run,
    kind: scenario.tasks.length > 1 ? 'race' : 'search',
    verdict: (engine) => verdictOfSearch(engine, scenario),
  }));

export const trials = (): Trial[] => [...filesTried(), ...runsTried(), ...searchesTried()];
