// `attachlab matrix SCENARIO`: the scenario under every kernel and caller, against what it expects.
import { Failure } from '../../core/failure.ts';
import { expectedCallers, expectedKernels, matrix } from '../../explore/matrix.ts';
import { printMatrix } from '../../report/matrix.ts';
import { ruleText, wrap } from '../../report/text.ts';
import { type CommandFile, printJson } from '../command.ts';
import { modelPart, resolverFor } from '../recipes.ts';
import { readScenario } from '../scenarios.ts';

interface Options {
  readonly kernel?: string[];
  readonly caller?: string[];
  readonly contract?: string;
  readonly continueOn?: string;
  readonly userSpace?: boolean;
  readonly json?: boolean;
}

const titleText = (name: string, title: string): string => wrap(title === '' ? name : `${name}: ${title}`, '  ');

/** What holds over every cell. */
const rulesText = (contract: string | undefined, rule: 'any' | readonly string[] | undefined): string[] => [
  ...(contract === undefined ? [] : [`under contract ${contract}`]),
  ...(rule === undefined ? [] : [wrap(`every searching caller tries the next on ${ruleText(rule)}`, '  ')]),
];

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('<scenario>', 'scenario file')
      .option('--kernel <name|file...>', 'only these kernels or overlays')
      .option('--caller <name|file...>', 'only these callers')
      .option('--contract <name>', 'errno contract over every cell')
      .option('--continue-on <rule>', 'continue rule of every searching caller')
      .option('--user-space', 'callers of user space too (QEMU), with what the guest gets')
      .option('--json', 'as JSON')
      .action(async (file: string, options: Options) => {
        const scenario = readScenario(file);
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
        const cells = matrix(scenario, {
          kernels,
          callers,
          resolve,
          ...(contract ? { contract } : {}),
          ...(continueOn ? { continueOn } : {}),
        });
        if (options.json) printJson(io, 'matrix', 1, { scenario: scenario.name, cells });
        else io.out(`${[titleText(scenario.name, scenario.title), ...rulesText(contract, continueOn), printMatrix(cells)].join('\n')}\n`);
        if (cells.some(({ expected }) => expected === false)) io.exit(1);
      }),
};
