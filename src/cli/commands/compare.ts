// `attachlab compare SIDE_A SIDE_B`: what changes for whom under another kernel, caller, overlay, contract or continue rule.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isEmpty } from '../../core/comparison.ts';
import { Failure } from '../../core/failure.ts';
import type { Scenario } from '../../core/scenario.ts';
import { compare } from '../../explore/compare.ts';
import { printComparison } from '../../report/compare.ts';
import { type CommandFile, printJson } from '../command.ts';
import { resolverFor } from '../recipes.ts';
import { readScenario } from '../scenarios.ts';
import { parseSide, printSide } from '../sides.ts';

interface Options {
  readonly over?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

const ownScenarios = fileURLToPath(new URL('../../../scenarios/', import.meta.url));

const isScenarioFile = (name: string): boolean => /\.(ya?ml|json)$/.test(name);

/** Scenario files of the folder itself, by name; what its subfolders hold are parts of scenarios. */
const scenariosIn = (folder: string): Scenario[] => {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new Failure('bad-usage', `--over: expected a folder of scenario files, found no folder at ${folder}`);
  const files = readdirSync(folder).filter(isScenarioFile).sort();
  if (files.length === 0)
    throw new Failure('bad-usage', `--over: expected a folder of scenario files, found none (.yaml, .yml, .json) in ${folder}`);
  return files.map((file) => readScenario(join(folder, file)));
};

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('<side-a>', 'CALLER@KERNEL[,continue-on=ERRNO+ERRNO][,contract=NAME]; an overlay file stands for a kernel: @series.yaml')
      .argument('<side-b>', 'as side-a; a caller or kernel left out is that of side-a (left out there: vfio-type1, 6.12.y)')
      .option('--over <folder>', 'scenarios to run beside the rows (default: those of the package)')
      .option('--all', 'also what could not be compared, with the reason')
      .option('--json', 'as JSON, with every row and the reasons')
      .action(async (first: string, second: string, options: Options) => {
        const from = parseSide(first);
        const to = parseSide(second, from);
        const resolve = await resolverFor([from, to]);
        const comparison = compare(from, to, scenariosIn(options.over ?? ownScenarios), resolve);
        const sides = { from: printSide(from), to: printSide(to) };
        if (options.json) printJson(io, 'compare', 1, { sides, ...comparison });
        else io.out(`${printComparison(comparison, sides, options.all === true)}\n`);
        if (comparison.differences.length > 0) io.exit(1);
        else if (isEmpty(comparison)) io.exit(3);
      }),
};
