// `attachlab why RUN|RECORDING`: for each attach, why this domain and why no other. `attachlab why SNAPSHOT`: how many page tables a process
// has.
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { whyOf } from '../../detect/why.ts';
import { sharingOf } from '../../explain/sharing.ts';
import { printSharing } from '../../report/sharing.ts';
import { printWhy } from '../../report/why.ts';
import { type CommandFile, type Io, printJson } from '../command.ts';
import { kernelNamed, profileFor, readInputs } from '../errnoInputs.ts';
import { historyOf, type RecordingFlags, withRecordingOptions } from '../histories.ts';

interface Options extends RecordingFlags {
  readonly pid?: string;
  readonly kernel?: string;
  readonly json?: boolean;
}

const ofHistory = async (given: string, options: Options, io: Io): Promise<void> => {
  const { name, events, probe } = await historyOf(io, given, options);
  const answers = whyOf(events, probe);
  if (options.json) printJson(io, 'why', 1, { run: name, attaches: answers });
  else io.out(`${answers.map(printWhy).join('\n\n')}\n`);
};

const pidOf = (given: string | undefined): number | null => {
  if (given === undefined) return null;
  if (!/^[1-9]\d{0,9}$/.test(given)) throw new Failure('bad-usage', `expected the number of a process, found ${given}`);
  return Number(given);
};

const ofSnapshot = (path: string, options: Options, io: Io): void => {
  const pid = pidOf(options.pid);
  const { topology, snapshot } = readInputs({ topology: path });
  const kernel = options.kernel ?? profileFor(topology!.kernel);
  const { title } = kernelNamed(kernel);
  const answers = sharingOf({ topology: topology!, snapshot: snapshot!, kernel, title, pid });
  if (options.json) printJson(io, 'why-snapshot', 1, { snapshot: path, processes: answers });
  else io.out(`${answers.map(printSharing).join('\n\n')}\n`);
};

const headOf = (path: string): string => {
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(512);
  const length = readSync(file, bytes, 0, bytes.length, 0);
  closeSync(file);
  return bytes.subarray(0, length).toString();
};

const hasTrace = (folder: string): boolean => ['trace.txt', 'trace.txt.gz', 'trace.dat'].some((name) => existsSync(join(folder, name)));

/** Lines of a snapshot are paths with what stands there; a run's id may be a file's name too: then the file is meant by `./r1`. */
const isSnapshot = (given: string): boolean => {
  const found = /^r[1-9]\d*$/.test(given) ? undefined : statSync(given, { throwIfNoEntry: false });
  if (found?.isDirectory()) return !hasTrace(given) && existsSync(join(given, 'topology.txt'));
  return found?.isFile() === true && /^(#.*\n)*\/(sys|proc|dev)\/[^\t\n]*\t/.test(headOf(given));
};

export const command: CommandFile = {
  configure: (command, io) =>
    withRecordingOptions(command)
      .argument('<run>', 'id of a stored run; a recording; or a snapshot of a machine (attachlab probes --snapshot)')
      .option('--pid <number>', 'with a snapshot: only this process')
      .option('--kernel <name>', 'with a snapshot: 6.1.y or 6.12.y; default: that of the machine')
      .option('--json', 'as JSON')
      .action((given: string, options: Options) => (isSnapshot(given) ? ofSnapshot(given, options, io) : ofHistory(given, options, io))),
};
