// `attachlab matrix SCENARIO --explore`: every cell searched within a budget, printed, and the exit code by the gravest cell.
import type { Scenario } from '../core/scenario.ts';
import type { SearchCell } from '../core/searchCell.ts';
import type { Bounds } from '../core/verdict.ts';
import { exploreMatrixInTurns } from '../explore/exploreMatrix.ts';
import type { MatrixOptions } from '../explore/matrix.ts';
import { printExploreMatrix } from '../report/exploreMatrix.ts';
import { notModelled } from '../report/judgement.ts';
import { wrap } from '../report/text.ts';
import { boundWords } from '../report/verdict.ts';
import { parseBudget, parseCount } from './budget.ts';
import { type ExitCode, type Io, printJson } from './command.ts';
import { listen, stopping } from './interrupt.ts';
import { heard } from './searching.ts';

export interface SearchFlags {
  readonly faults?: string;
  readonly budget?: string;
}

/** Enough for every cell of a script of a few requests, and for no cell more than some ten seconds. */
const DEFAULT_BUDGET = '200k';

const boundsOf = ({ faults = '1' }: SearchFlags): Bounds => ({
  faults: parseCount('--faults', faults),
  apiFaults: 0,
  kills: 0,
  unplugs: 0,
  plausible: false,
  preemptions: null,
});

/** Cells that never were in one tree say nothing. */
const exitCodeOf = (cells: readonly SearchCell[], isInterrupted: boolean): ExitCode => {
  if (isInterrupted) return 130;
  const outcomes = cells.map(({ outcome }) => outcome);
  return outcomes.includes('violated') ? 1 : outcomes.includes('inconclusive') ? 3 : 0;
};

export const searchedMatrix = async (
  io: Io,
  scenario: Scenario,
  wanted: MatrixOptions,
  options: SearchFlags & { readonly json?: boolean; readonly heading: readonly string[] },
): Promise<void> => {
  const bounds = boundsOf(options);
  const budget = options.budget ?? DEFAULT_BUDGET;
  const { seconds, states } = parseBudget(budget);
  const interruption = listen(io);
  const searched = exploreMatrixInTurns(scenario, {
    ...wanted,
    bounds,
    ...(states === undefined ? {} : { states }),
    stop: () => stopping(io, interruption, seconds),
  });
  const cells = await heard(io, searched);
  const what = `each cell a search: ${boundWords({ bounds, strategy: 'exhaustive' }).join(', ')}; at most ${budget}${states === undefined ? '' : ' states'} a cell`;
  if (options.json) printJson(io, 'explore-matrix', 1, { scenario: scenario.name, bounds, budget, cells });
  else io.out(`${[...options.heading, wrap(what, '  '), printExploreMatrix(cells), wrap(notModelled, '  ')].join('\n')}\n`);
  io.exit(exitCodeOf(cells, interruption.isAsked));
};
