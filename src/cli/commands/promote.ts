// `attachlab promote TOKEN FOLDER`: the reduced scenario in full, with its schedule and what comes of it, as a file of a suite.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { Expectation, Scenario } from '../../core/scenario.ts';
import { domainsOf, type Judgement, judge, resultsOf } from '../../explore/judge.ts';
import { printScenario } from '../../scenario/print.ts';
import { type CommandFile, printJson } from '../command.ts';
import { tokenRun } from '../tokens.ts';

interface Options {
  readonly name?: string;
  readonly scenario?: string;
  readonly json?: boolean;
}

/** What the run comes to is what the suite expects from now on. */
const expectationOf = (judgement: Judgement): Expectation => {
  const { kernel, caller } = judgement.recipe;
  const rules = judgement.findings.filter(({ level }) => level === 'bug').map(({ rule }) => rule);
  return {
    kernel,
    caller,
    results: resultsOf(judgement.events),
    domains: Object.values(domainsOf(judgement)).reduce((sum, count) => sum + count, 0),
    findings: [...new Set(rules)].sort(),
  };
};

const promoted = (judgement: Judgement, name: string, token: string): Scenario => {
  const { scenario, kernel, caller } = judgement.recipe;
  const what = judgement.findings[0]?.title ?? 'the run that a search found';
  return { ...scenario, name, title: `${what} (${token})`, kernel, caller, faults: [], expect: [expectationOf(judgement)] };
};

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('<token>', 'as explore prints it')
      .argument('<folder>', 'the suite that gets the file')
      .option('--name <name>', 'name of the scenario and its file; default: the one it was found in, with the rule')
      .option('--scenario <file>', 'what the token was made from, a file or RECORDING@LINE; default: looked for in scenarios/')
      .option('--json', 'as JSON')
      .action(async (text: string, folder: string, options: Options) => {
        const { recipe, resolve } = await tokenRun(text, options.scenario);
        if (recipe.contract !== undefined || recipe.continueOn !== undefined)
          throw new Failure('bad-usage', 'a scenario file has no contract and no continue rule of its own: such a run stays a token');
        const judgement = judge(recipe, { resolve });
        const name = options.name ?? `${recipe.scenario.name}-${judgement.findings[0]?.rule ?? 'run'}`;
        const file = join(folder, `${name}.yaml`);
        if (existsSync(file)) throw new Failure('bad-usage', `${file} exists already; name another with --name`);
        mkdirSync(folder, { recursive: true });
        writeFileSync(file, printScenario(promoted(judgement, name, text)));
        if (options.json) printJson(io, 'promote', 1, { file, expectation: expectationOf(judgement) });
        else io.out(`${file}: ${judgement.events.length} events, as attachlab suite ${folder} expects from now on\n`);
      }),
};
