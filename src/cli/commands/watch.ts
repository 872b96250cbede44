// `attachlab watch [FILE|-]`: the live audit of a trace, of a file that grows or of a stream.
import { Failure } from '../../core/failure.ts';
import { detectors, shownDetectors } from '../../detect/audit.ts';
import type { RecordingFacts } from '../../recordings/kernel/recordedRun.ts';
import { factsOf } from '../../recordings/readRecording.ts';
import type { CommandFile, ExitCode, Io } from '../command.ts';
import { follow, type Segment } from '../follow.ts';
import { profiles } from '../histories.ts';
import { machineOf } from '../topologies.ts';
import { watchBytes } from '../watching.ts';
import { WatchTeller } from '../watchTeller.ts';
import { wholeText } from '../wholeText.ts';

interface Options {
  readonly new?: boolean;
  readonly for?: string;
  readonly topology?: string;
  readonly probes?: string;
  readonly cost?: boolean;
  readonly json?: boolean;
}

const factsFor = async (name: string, { topology, probes }: Options): Promise<RecordingFacts> => {
  const definitions = probes === undefined ? undefined : await wholeText(probes);
  const text = (part: string): string | undefined => (part === 'kprobe_events.txt' ? definitions : undefined);
  const machine = topology === undefined ? {} : { topology: machineOf(topology) };
  return factsOf({ name, text, parts: new Map(), bytes: () => undefined }, { profiles: profiles(), ...machine }).facts;
};

async function* standardInput(signal: AbortSignal): AsyncIterable<Uint8Array> {
  signal.addEventListener('abort', () => process.stdin.destroy());
  try {
    yield* process.stdin;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function* onlyOne(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Segment> {
  yield { why: 'begun', bytes };
}

const secondsOf = (text: string): number => {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 2 ** 31 / 1000) return seconds;
  throw new Failure('bad-usage', `expected seconds behind --for, found ${text}`);
};

/** Why it ends early: Ctrl-C, or its time is over. */
const stopping = (io: Io, seconds: number | undefined) => {
  const stopper = new AbortController();
  const stopped = { isInterrupted: false };
  io.onInterrupt?.(() => {
    stopped.isInterrupted = true;
    stopper.abort();
  });
  const timer = seconds === undefined ? undefined : setTimeout(() => stopper.abort(), seconds * 1000);
  return { signal: stopper.signal, stopped, end: () => clearTimeout(timer) };
};

const watch = async (io: Io, file: string, options: Options): Promise<ExitCode> => {
  const name = file === '-' ? 'stdin' : file;
  const facts = await factsFor(name, options);
  const { signal, stopped, end } = stopping(io, options.for === undefined ? undefined : secondsOf(options.for));
  const teller = new WatchTeller(io, name, options.json === true);
  const segments = file === '-' ? onlyOne(standardInput(signal)) : follow(file, options.new === true, signal);
  const told = { notice: teller.notice.bind(teller), moment: teller.moment.bind(teller), now: io.now };
  let lines = 0;
  for await (const { why, bytes } of segments) {
    teller.begins(why);
    lines += await watchBytes(name, bytes, signal, { facts, detectors: options.cost ? detectors : shownDetectors, ...told });
  }
  end();
  teller.ends(lines);
  return stopped.isInterrupted ? 130 : teller.hasBug ? 1 : 0;
};

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('[file]', 'a trace that grows, or - for standard input, e.g. from `cat trace_pipe`', '-')
      .option('--new', 'only what comes from now on: from the end of the file')
      .option('--for <seconds>', 'ends after so many seconds; otherwise with the stream, or by Ctrl-C')
      .option('--topology <file>', "the recording's machine: topology or snapshot")
      .option('--probes <file>', 'its probe definitions, as kprobe_events lists them')
      .option('--cost', 'show findings of level cost too')
      .option('--json', 'as JSON, one object a line')
      .action(async (file: string, options: Options) => io.exit(await watch(io, file, options))),
};
