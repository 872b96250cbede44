// `attachlab try 'attach 5; map 64K; attach 11' --topology FILE`: a script from the command line.
import { writeFileSync } from 'node:fs';
import { Failure, nearest } from '../../core/failure.ts';
import type { Fault, Request, Scenario } from '../../core/scenario.ts';
import type { Topology } from '../../core/topology.ts';
import { profileTable } from '../../kernels/build.ts';
import { printScenario } from '../../scenario/print.ts';
import { parseScript } from '../../scenario/text.ts';
import type { CommandFile } from '../command.ts';
import { runJudged } from '../judged.ts';
import { type ModelFlags, modelPart, withModelOptions } from '../recipes.ts';
import { known } from '../scenarios.ts';
import { machineOf } from '../topologies.ts';

interface Options extends ModelFlags {
  readonly topology: string;
  readonly fail?: string;
  readonly failSite?: string;
  readonly save?: string;
  readonly cost?: boolean;
  readonly json?: boolean;
  readonly store?: string | false;
}

/** `20`: of the last request; `20@1`: of request 1. */
const nthFault = (text: string, requests: readonly Request[]): Fault => {
  const match = /^(\d+)(?:@(\d+))?$/.exec(text);
  const number = Number(match?.[2] ?? requests.length);
  if (!match || Number(match[1]) === 0 || number < 1 || number > requests.length) {
    throw new Failure('bad-usage', `--fail takes N or N@REQUEST with N from 1 and REQUEST from 1 to ${requests.length}; found ${text}`);
  }
  return { kind: 'nth', task: 't0', request: number - 1, nth: Number(match[1]) };
};

/** The profile of the kernel that the snapshot was taken under, where there is one. */
const kernelOf = ({ kernel = '' }: Topology): string => {
  const [series] = /^\d+\.\d+/.exec(kernel) ?? [];
  const profile = [...profileTable.keys()].find((name) => name === `${series}.y`);
  return profile ?? '6.12.y';
};

const siteFault = (site: string): Fault => {
  const names = known().sites ?? [];
  const name = site.replace(/\(\)$/, '');
  if (names.includes(name.split(':')[0]!)) return { kind: 'site', site: name, nth: 1, sticky: false };
  const near = nearest(name, names);
  throw new Failure(
    'bad-usage',
    `nothing allocates in ${site}${near ? `; did you mean ${near}?` : ''}`,
    undefined,
    'Run `attachlab facts --site FUNCTION`.',
  );
};

const scenarioOf = (script: string, options: Options): Scenario => {
  const topology = machineOf(options.topology);
  const requests = parseScript(script, topology);
  const faults: Fault[] = [];
  if (options.fail !== undefined) faults.push(nthFault(options.fail, requests));
  if (options.failSite !== undefined) faults.push(siteFault(options.failSite));
  const { kernel, caller } = modelPart(options, { kernel: kernelOf(topology), caller: 'vfio-type1' });
  const tasks = [{ id: 't0', caller: null, container: 'c0', requests }];
  return { name: 'try', title: script, topology, kernel, caller, tasks, faults, set: {}, claims: [], expect: [] };
};

const save = (file: string, scenario: Scenario): void => {
  try {
    writeFileSync(file, printScenario(scenario));
  } catch (error) {
    const found = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Failure('bad-usage', `expected a place for the scenario, found that it cannot be written (${found})`, { file });
  }
};

export const command: CommandFile = {
  configure: (command, io) =>
    withModelOptions(command)
      .argument('<script>', "requests, e.g. 'attach 5; map 64K; attach 11'; groups by number or PCI address")
      .requiredOption('--topology <file>', 'topology file, snapshot file, or folder with a snapshot')
      .option('--fail <n[@request]>', "the n-th allocation of a call fails, counted as the kernel's fail-nth; default: the last request")
      .option('--fail-site <function>', 'the first allocation in that kernel function fails')
      .option('--save <file>', 'write the script as a scenario file')
      .option('--cost', 'show findings of level cost too')
      .option('--store <file>', 'store to keep the run in')
      .option('--no-store', 'keep nothing')
      .option('--json', 'as JSON')
      .action(async (script: string, options: Options) => {
        const scenario = scenarioOf(script, options);
        if (options.save !== undefined) save(options.save, scenario);
        const { json, cost, store } = options;
        const recipe = { scenario, ...modelPart(options, scenario), decisions: [] };
        await runJudged(io, recipe, {
          keep: store !== false,
          ...(json ? { json } : {}),
          ...(cost ? { cost } : {}),
          ...(typeof store === 'string' ? { store } : {}),
        });
      }),
};
