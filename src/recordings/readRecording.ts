// A recording from its parts to the events of a run: the trace as a stream, everything else read whole.
import type { Event } from '../core/events.ts';
import type { FirmwareTable, Topology } from '../core/topology.ts';
import { isTableFile, tablesInFile } from './acpi/tableFiles.ts';
import { type Definitions, noDefinitions, readDefinitions } from './kernel/definitions.ts';
import { callerOf, readProgramCalls } from './kernel/programCalls.ts';
import { RecordedRun, type RecordingFacts } from './kernel/recordedRun.ts';
import { type Nearest, nearestProfile, releaseOfUname, seriesOf } from './release.ts';
import { type Beside, type Note, topologyFromSnapshot } from './snapshot.ts';
import type { TraceCounts } from './trace/account.ts';
import { inTimeOrder, type OrderSummary } from './trace/order.ts';
import type { Recording } from './trace/recording.ts';

/** What is known besides the recording's own parts; each stands before what the parts say. */
export interface ReadingOptions {
  readonly topology?: Topology;
  /** Names of the profiles that there are. */
  readonly profiles: readonly string[];
  readonly release?: string;
}

/** The machine that was recorded, as its snapshot has it. */
export interface ReadMachine {
  readonly topology: Topology;
  readonly tables: readonly FirmwareTable[];
  readonly notes: readonly Note[];
}

/** Tables of ACPI that are not used, or contradict the kernel. */
export const firmwareNotes = ({ machine }: Pick<ReadRecording, 'machine'>): string[] =>
  (machine?.notes ?? []).filter(({ about }) => about === 'firmware').map(({ note }) => note);

export interface ReadRecording {
  readonly facts: RecordingFacts;
  /** Undefined: the recording has no snapshot, or another one was given. */
  readonly machine: ReadMachine | undefined;
  readonly nearest: Nearest;
  readonly format: string;
  readonly counts: Readonly<TraceCounts>;
}

const besides = ['cmdline', 'dmesg', 'uname'] as const;

/** Of a path its last part. */
const nameOf = ({ name }: Pick<Recording, 'name'>): string => name.split('/').findLast((part) => part !== '') ?? name;

type Parts = Pick<Recording, 'name' | 'text' | 'parts' | 'bytes'>;

/** Undefined: no snapshot is among the parts. */
export const machineIn = (parts: Parts): ReadMachine | undefined => {
  const snapshot = parts.text('topology.txt');
  if (snapshot === undefined) return undefined;
  const texts = besides.flatMap((name) => {
    const text = parts.text(`${name}.txt`);
    return text === undefined ? [] : [[name, text]];
  });
  const tables = [...parts.parts.keys()].filter(isTableFile).flatMap((part) => tablesInFile(part, parts.bytes(part)!, part));
  const beside: Beside = { ...Object.fromEntries(texts), source: `${nameOf(parts)}: topology.txt`, tables };
  return topologyFromSnapshot(snapshot, beside, nameOf(parts));
};

/** Without a log of the calls the probes say which caller was watched. */
const callerByProbes = (definitions: Definitions): string => {
  const onlyIommufd = [...definitions.values()].every(({ function: name }) => !name.startsWith('vfio_iommu_type1'));
  return onlyIommufd && definitions.size > 0 ? 'iommufd-auto' : 'vfio-type1';
};

export const factsOf = (parts: Parts, options: ReadingOptions): Pick<ReadRecording, 'facts' | 'nearest' | 'machine'> => {
  const probes = parts.text('kprobe_events.txt');
  const definitions = probes === undefined ? noDefinitions : readDefinitions(probes);
  const log = parts.text('calls.jsonl');
  const calls = log === undefined ? undefined : readProgramCalls(log, `${parts.name}/calls.jsonl`);
  const machine = options.topology ? undefined : machineIn(parts);
  const topology = options.topology ?? machine?.topology;
  const release = options.release ?? (releaseOfUname(parts.text('uname.txt')) || (topology?.kernel ?? ''));
  const nearest = nearestProfile(release, options.profiles);
  const caller = calls ? callerOf(calls) : callerByProbes(definitions);
  const name = nameOf(parts);
  const known = { name, release, profile: nearest.profile, caller, series: seriesOf(release, nearest.profile), definitions };
  return { facts: { ...known, ...(topology && { topology }), ...(calls && { calls }) }, nearest, machine };
};

/** The end of a trace that was put in order. */
export const finishRun = (run: RecordedRun, { backwards, firstBackwards }: Readonly<OrderSummary>): void => {
  run.finish();
  if (backwards > 0)
    run.gap(firstBackwards!, 'clock-backwards', backwards, `the clock runs backwards here, and ${backwards - 1} times more`);
};

/** Gives the events as they come; `bad-trace` for what is no trace. */
export const readRecording = async (parts: Recording, options: ReadingOptions, listen: (event: Event) => void): Promise<ReadRecording> => {
  const { facts, nearest, machine } = factsOf(parts, options);
  const trace = await parts.trace();
  const run = new RecordedRun(facts, listen);
  const { tokens: inOrder, summary } = inTimeOrder(trace.tokens);
  for await (const tokens of inOrder) for (const token of tokens) run.take(token);
  finishRun(run, summary());
  return { facts, nearest, machine, format: trace.format, counts: trace.counts() };
};
