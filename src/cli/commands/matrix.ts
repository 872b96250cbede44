// `attachlab matrix SCENARIO`: the scenario under every kernel and caller, one run a cell against what it expects, or a search a cell.
import { runMarks } from '../../core/checkedMarks.ts';
import { Failure } from '../../core/failure.ts';
import type { Scenario } from '../../core/scenario.ts';
import { byName } from '../../engine/recipe.ts';
import { expectedCallers, expectedKernels, type MatrixOptions, matrix } from '../../explore/matrix.ts';
import { printMatrix } from '../../report/matrix.ts';
import { ruleText, wrap } from '../../report/text.ts';
import { checkedFor, checkedOption, profileName } from '../checked.ts';
import { type CommandFile, type Io, printJson } from '../command.ts';
import { modelPart, resolverFor } from '../recipes.ts';
import { readScenario } from '../scenarios.ts';
import { type SearchFlags, searchedMatrix } from '../searchedMatrix.ts';

interface Options extends SearchFlags {
  readonly kernel?: string[];
  readonly caller?: string[];
  readonly contract?: string;
  readonly continueOn?: string;
  readonly userSpace?: boolean;
  readonly explore?: boolean;
  readonly checked?: string;
  readonly json?: boolean;
}

const titleText = (name: string, title: string): string => wrap(title === '' ? name : `${name}: ${title}`, '  ');

/** What holds over every cell. */
const rulesText = ({ contract, continueOn }: MatrixOptions): string[] => [
  ...(contract === undefined ? [] : [`under contract ${contract}`]),
  ...(continueOn === undefined ? [] : [wrap(`every searching caller tries the next on ${ruleText(continueOn)}`, '  ')]),
];

const cellsWanted = async (scenario: Scenario, file: string, options: Options): Promise<MatrixOptions> => {
  const kernels = options.kernel ?? expectedKernels(scenario);
  const callers = options.caller ?? expectedCallers(scenario, options.userSpace === true);
  if (callers.length === 0)
    throw new Failure('bad-scenario', 'no caller knows every request of the script; name callers for its tasks', { file });
  const resolve = await resolverFor(kernels.flatMap((kernel) => callers.map((caller) => ({ kernel, caller }))));
  const { contract, continueOn } = modelPart(
    {
      ...(options.contract ? { contract: options.contract } : {}),
      ...(options.continueOn ? { continueOn: options.continueOn } : {}),
    },
    scenario,
  );
  return { kernels, callers, resolve, ...(contract ? { contract } : {}), ...(continueOn ? { continueOn } : {}) };
};

/** Cells of other kernels are not marked. */
const checkedCells = ({ kernels = [], resolve = byName }: MatrixOptions, file: string | undefined) => {
  const kept = checkedFor(
    file,
    kernels.map((kernel) => profileName(resolve, { kernel, caller: 'vfio-type1' })),
  );
  if (kept === null) return { mark: {}, note: [] };
  const mark: MatrixOptions['mark'] = ({ engine, events, findings }) =>
    engine.model.profile.name === kept.kernel ? runMarks(kept, events, findings) : null;
  return { mark: { mark }, note: [wrap(`cells of ${kept.kernel} are checked with ${kept.tree}`, '  ')] };
};

const action = async (io: Io, file: string, options: Options): Promise<void> => {
  const given = (['faults', 'budget'] as const).find((name) => options[name] !== undefined);
  if (given && !options.explore) throw new Failure('bad-usage', `--${given} bounds a search: it needs --explore`);
  const scenario = readScenario(file);
  const wanted = await cellsWanted(scenario, file, options);
  const { mark, note } = checkedCells(wanted, options.checked);
  const heading = [titleText(scenario.name, scenario.title), ...rulesText(wanted), ...note];
  if (options.explore) return searchedMatrix(io, scenario, { ...wanted, ...mark }, { ...options, heading });
  const cells = matrix(scenario, { ...wanted, ...mark });
  if (options.json) printJson(io, 'matrix', 1, { scenario: scenario.name, cells });
  else io.out(`${[...heading, printMatrix(cells)].join('\n')}\n`);
  if (cells.some(({ expected }) => expected === false)) io.exit(1);
};

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('<scenario>', 'scenario file')
      .option('--kernel <name|file...>', 'only these kernels or overlays')
      .option('--caller <name|file...>', 'only these callers')
      .option('--contract <name>', 'errno contract over every cell')
      .option('--continue-on <rule>', 'continue rule of every searching caller')
      .option('--user-space', 'callers of user space too (QEMU), with what the guest gets')
      .option('--explore', 'each cell a search of all orders and failures, instead of one run')
      .option('--faults <k>', 'with --explore: failed allocations in one run at most; default 1')
      .option('--budget <n>', 'with --explore: end a cell after a time (10s) or a number of states; default 200k')
      .option(...checkedOption)
      .option('--json', 'as JSON')
      .action((file: string, options: Options) => action(io, file, options)),
};
