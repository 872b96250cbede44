// `attachlab suite FOLDER`: every scenario of a folder against what it expects, as text, KTAP or JUnit.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Option } from 'commander';
import { Failure } from '../../core/failure.ts';
import { countsOf, outcomesOf, type SuiteEntry, wholeOf } from '../../core/suite.ts';
import { expectedCallers, expectedKernels } from '../../explore/matrix.ts';
import { suiteTests } from '../../explore/suite.ts';
import { basisOf, callerTable } from '../../kernels/build.ts';
import { lookUp } from '../../kernels/model.ts';
import { printJunit } from '../../report/junit.ts';
import { printKtap } from '../../report/ktap.ts';
import { printSuite } from '../../report/suite.ts';
import { type CommandFile, type ExitCode, printJson } from '../command.ts';
import { isFile, resolverFor } from '../recipes.ts';
import { readScenario } from '../scenarios.ts';

const formats = {
  text: (_folder: string, entries: readonly SuiteEntry[]) => printSuite(entries),
  ktap: (_folder: string, entries: readonly SuiteEntry[]) => printKtap(entries),
  junit: printJunit,
};

interface Options {
  readonly kernel?: string[];
  readonly caller?: string[];
  readonly format?: keyof typeof formats;
  readonly json?: boolean;
}

/** Files directly in the folder, by name; what they share lies in folders below it. */
const filesOf = (folder: string): string[] => {
  let found: string[];
  try {
    const inside = readdirSync(folder, { withFileTypes: true });
    found = inside.filter((entry) => !entry.isDirectory() && /\.(ya?ml|json)$/.test(entry.name)).map(({ name }) => name);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'nothing there' : code === 'ENOTDIR' ? 'a file' : message;
    throw new Failure('bad-usage', `expected a folder of scenarios, found ${what}`, { file: folder });
  }
  if (found.length === 0)
    throw new Failure('bad-usage', 'expected scenarios (.yaml, .yml or .json) directly in the folder, found none', { file: folder });
  return found.sort();
};

/** Refuses names that nobody knows before any scenario is run: else each would fail with the same words. */
const demandModels = async (kernels: readonly string[], callers: readonly string[]): Promise<void> => {
  for (const kernel of kernels) if (!isFile(kernel)) basisOf(kernel);
  for (const caller of callers) if (!isFile(caller)) lookUp('caller', caller, callerTable);
  await resolverFor([
    ...kernels.map((kernel) => ({ kernel, caller: 'vfio-type1' })),
    ...callers.map((caller) => ({ kernel: '6.12.y', caller })),
  ]);
};

const testsOf = async (path: string, options: Options): Promise<Omit<SuiteEntry, 'file'>> => {
  const scenario = readScenario(path);
  const kernels = options.kernel ?? expectedKernels(scenario);
  const callers = options.caller ?? expectedCallers(scenario);
  const parts = [scenario, ...kernels.flatMap((kernel) => callers.map((caller) => ({ kernel, caller })))];
  const resolve = await resolverFor(parts);
  const asked = { ...(options.kernel ? { kernels } : {}), ...(options.caller ? { callers } : {}) };
  return { name: scenario.name, failure: null, tests: suiteTests(scenario, { ...asked, resolve }) };
};

/** What is wrong with one file is told as its entry; an error of ours is not. */
const entryOf = async (folder: string, file: string, options: Options): Promise<SuiteEntry> => {
  try {
    return { file, ...(await testsOf(join(folder, file), options)) };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'model-error') throw error;
    return { file, name: file, failure: error.message, tests: [] };
  }
};

/** Nothing judged is nothing known. */
const exitCodes: Readonly<Record<ReturnType<typeof wholeOf>, ExitCode>> = { ok: 0, 'not ok': 1, inconclusive: 3, skipped: 3 };

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('<folder>', 'folder of scenario files')
      .option('--kernel <name|file...>', 'only these kernels or overlays')
      .option('--caller <name|file...>', 'only these callers')
      .addOption(new Option('--format <format>', 'how to report (default: text)').choices(Object.keys(formats)))
      .option('--json', 'as JSON')
      .action(async (folder: string, options: Options) => {
        const { json, format = 'text' } = options;
        if (json && options.format) throw new Failure('bad-usage', 'expected --json or --format, found both');
        await demandModels(options.kernel ?? [], options.caller ?? []);
        const entries: SuiteEntry[] = [];
        for (const file of filesOf(folder)) entries.push(await entryOf(folder, file, options));
        if (json) printJson(io, 'suite', 1, { folder, counts: countsOf(entries), entries });
        else io.out(`${formats[format](folder, entries)}\n`);
        const code = exitCodes[wholeOf(entries.flatMap(outcomesOf))];
        if (code !== 0) io.exit(code);
      }),
};
