// One scenario as a list of tests: every cell that it expects something of, or its own run where it expects nothing.
import type { Cell } from '../core/cell.ts';
import type { Scenario } from '../core/scenario.ts';
import type { SuiteTest } from '../core/suite.ts';
import { byName, type Resolve } from '../engine/recipe.ts';
import { callerTable } from '../kernels/build.ts';
import { type Judgement, judge } from './judge.ts';
import { callersFor, expectedCallers, expectedKernels, matrix } from './matrix.ts';

export interface SuiteOptions {
  /** Default: what the scenario expects something of. */
  readonly kernels?: readonly string[];
  readonly callers?: readonly string[];
  readonly resolve?: Resolve;
}

const skipped = (kernel: string, caller: string, reason: string): SuiteTest => ({ kernel, caller, outcome: 'skipped', reasons: [reason] });

const wrongIn = ({ claims, findings }: Judgement): string[] => [
  ...claims.filter(({ outcome }) => outcome === 'violated').map(({ claim }) => `claim violated: ${claim.text}`),
  ...findings.filter(({ level }) => level === 'bug').map(({ rule, entity }) => `finding: ${rule}, ${entity}`),
];

const openIn = ({ claims, run, unreached }: Judgement): string[] => [
  ...claims.filter(({ outcome }) => outcome === 'never met').map(({ claim }) => `claim never met: ${claim.text}`),
  ...run.stuck.map(({ task, lock, holder }) => `${task} waits for ever: ${lock}, held by ${holder}`),
  ...unreached.map((fault) => `a planned fault did not come about: ${fault}`),
];

/** Judged by its claims and findings alone. */
const ownTest = (scenario: Scenario, resolve: Resolve): SuiteTest => {
  const { kernel, caller } = scenario;
  const judgement = judge({ scenario, kernel, caller, decisions: [] }, { resolve });
  if (judgement.violated) return { kernel, caller, outcome: 'not ok', reasons: wrongIn(judgement) };
  if (judgement.inconclusive) return { kernel, caller, outcome: 'inconclusive', reasons: openIn(judgement) };
  return { kernel, caller, outcome: 'ok', reasons: [] };
};

const testOf = (scenario: Scenario, cell: Cell, resolve: Resolve): SuiteTest => {
  const { kernel, caller, absent, expected, problems } = cell;
  if (absent !== null) return skipped(kernel, caller, absent);
  if (expected !== null) return { kernel, caller, outcome: expected ? 'ok' : 'not ok', reasons: problems };
  if (kernel === scenario.kernel && caller === scenario.caller) return ownTest(scenario, resolve);
  return skipped(kernel, caller, 'the scenario expects nothing of it');
};

/** A caller from a file may know any request: its run says. */
const isAble = (scenario: Scenario, caller: string): boolean => !callerTable.has(caller) || callersFor(scenario).includes(caller);

const cellsWanted = (scenario: Scenario, { kernels, callers }: SuiteOptions) => {
  if (scenario.expect.length === 0) return { kernels: [scenario.kernel], callers: [scenario.caller] };
  const named = scenario.expect.map(({ caller }) => caller).filter((caller) => caller !== '*');
  return {
    kernels: kernels ?? expectedKernels(scenario),
    callers: callers ?? [...new Set([...expectedCallers(scenario), ...named])],
  };
};

/** Tests in the order of the matrix; never none. Throws where a file's caller does not know a request. */
export const suiteTests = (scenario: Scenario, options: SuiteOptions = {}): SuiteTest[] => {
  const { kernel, caller } = scenario;
  const resolve = options.resolve ?? byName;
  const isAsked = (options.kernels ?? [kernel]).includes(kernel) && (options.callers ?? [caller]).includes(caller);
  if (scenario.expect.length === 0 && !isAsked)
    return [skipped(kernel, caller, 'it expects nothing, and its own kernel and caller are not asked for')];
  const { kernels, callers } = cellsWanted(scenario, options);
  return callers.flatMap((each) =>
    isAble(scenario, each)
      ? matrix(scenario, { kernels, callers: [each], resolve }).map((cell) => testOf(scenario, cell, resolve))
      : kernels.map((on) => skipped(on, each, `${each} does not know every request of the script`)),
  );
};
