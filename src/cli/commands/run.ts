// `attachlab run SCENARIO`: one run, judged and kept; `run -` takes NDJSON requests from standard input.
import { Failure } from '../../core/failure.ts';
import type { Scenario } from '../../core/scenario.ts';
import { engineFor } from '../../engine/recipe.ts';
import { checkedOption } from '../checked.ts';
import type { CommandFile, Io } from '../command.ts';
import { runJudged } from '../judged.ts';
import { type ModelFlags, modelPart, resolverFor, withModelOptions } from '../recipes.ts';
import { readScenario } from '../scenarios.ts';
import { machineOf } from '../topologies.ts';

interface Options extends ModelFlags {
  readonly topology?: string;
  readonly step?: boolean;
  readonly cost?: boolean;
  readonly checked?: string;
  readonly json?: boolean;
  readonly store?: string | false;
}

const streamed = async (io: Io, options: Options): Promise<void> => {
  if (options.checked !== undefined) throw new Failure('bad-usage', '--checked goes with a scenario, not with requests on standard input');
  if (options.topology === undefined)
    throw new Failure('bad-usage', 'run - needs --topology FILE: the machine that the requests are about');
  const part = modelPart(options, { kernel: '6.12.y', caller: 'vfio-type1' });
  const machine: Scenario = {
    name: 'stream',
    title: '',
    topology: machineOf(options.topology),
    ...part,
    tasks: [],
    faults: [],
    set: {},
    claims: [],
    expect: [],
  };
  const { runStream } = await import('../stream.ts');
  await runStream(io, engineFor(part, await resolverFor([part])), machine, process.stdin);
};

export const command: CommandFile = {
  configure: (command, io) =>
    withModelOptions(command)
      .argument('<scenario>', 'scenario file, or - for NDJSON requests on standard input')
      .option('--topology <file>', 'with -: the machine, as a topology file or snapshot')
      .option('--step', 'stop at each step and choose which task goes on')
      .option('--cost', 'show findings of level cost too')
      .option(...checkedOption)
      .option('--store <file>', 'store to keep the run in')
      .option('--no-store', 'keep nothing')
      .option('--json', 'as JSON')
      .action(async (file: string, options: Options) => {
        if (file === '-') return streamed(io, options);
        if (options.topology !== undefined)
          throw new Failure('bad-usage', '--topology goes with -; a scenario names its machine under topology:');
        const scenario = readScenario(file);
        const recipe = { scenario, ...modelPart(options, scenario), decisions: [] };
        const step = options.step ? (await import('../stepper.ts')).stepControl(io) : null;
        const { json, cost, store, checked } = options;
        await runJudged(io, recipe, {
          keep: store !== false,
          ...(json ? { json } : {}),
          ...(cost ? { cost } : {}),
          ...(checked === undefined ? {} : { checked }),
          ...(typeof store === 'string' ? { store } : {}),
          ...(step ? { run: step } : {}),
        });
      }),
};
