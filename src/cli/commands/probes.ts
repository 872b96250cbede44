// `attachlab probes --kernel SERIES`: a script that records attach and detach on a machine; `--snapshot`: one that only looks.
import { Failure } from '../../core/failure.ts';
import { type Recorder, recorders } from '../../core/probes.ts';
import { probePlan } from '../../recordings/probePlan.ts';
import { probesScript } from '../../report/probesShell.ts';
import { snapshotScript } from '../../report/snapshotShell.ts';
import { type CommandFile, type Io, printJson } from '../command.ts';

interface Options {
  readonly kernel?: string;
  readonly format: string;
  readonly driver?: readonly string[];
  readonly maps?: boolean;
  readonly results?: boolean;
  readonly snapshot?: boolean;
  readonly json?: boolean;
}

const recorderNamed = (format: string): Recorder => {
  const found = recorders.find((recorder) => recorder === format);
  if (found) return found;
  throw new Failure('bad-usage', `expected a format (${recorders.join(', ')}), found ${format}`);
};

const recording = ['kernel', 'driver', 'maps', 'results'] as const;

const snapshot = (options: Options, io: Io): void => {
  const given = recording.find((name) => options[name] !== undefined);
  if (given !== undefined) throw new Failure('bad-usage', `--snapshot records nothing, found --${given}`);
  const script = snapshotScript('attachlab probes --snapshot');
  if (options.json) printJson(io, 'probes-snapshot', 1, { script });
  else io.out(script);
};

/** As it could be typed again. */
const commandLine = (kernel: string, { format, driver = [], maps, results }: Options): string =>
  [
    `attachlab probes --kernel ${kernel}`,
    ...(format === recorders[0] ? [] : [`--format ${format}`]),
    ...driver.map((name) => `--driver ${name}`),
    ...(maps ? ['--maps'] : []),
    ...(results ? ['--results'] : []),
  ].join(' ');

const record = (options: Options, io: Io): void => {
  const { kernel, format, driver, maps = false, results = false } = options;
  if (kernel === undefined) throw new Failure('bad-usage', 'expected --kernel 6.1, 6.12 or 6.18, or --snapshot, found neither');
  const plan = probePlan({ kernel, recorder: recorderNamed(format), maps, results, drivers: driver });
  const script = probesScript(plan, commandLine(plan.kernel, options));
  if (options.json) printJson(io, 'probes', 1, { ...plan, script });
  else io.out(script);
};

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .option('--kernel <series>', 'kernel of the machine: 6.1, 6.12 or 6.18 (for 6.13 and later)')
      .option('--format <name>', `who records: ${recorders.join(', ')}`, recorders[0])
      .option('--driver <name...>', 'only these IOMMU drivers; default: every driver of the model')
      .option('--maps', 'also map and unmap; many events')
      .option('--results', 'also the result of every ioctl of the machine; many events on a host of virtual machines')
      .option('--snapshot', 'a script that only looks: groups, instances, users, page tables')
      .option('--json', 'as JSON')
      .action((options: Options) => (options.snapshot ? snapshot(options, io) : record(options, io))),
};
