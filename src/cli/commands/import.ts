// `attachlab import FILE|FOLDER`: a recording of a real kernel, or an exported run (NDJSON), into the store; it can be read, replayed and
// compared, not run again.
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import type { Event } from '../../core/events.ts';
import { Failure } from '../../core/failure.ts';
import { stateAt } from '../../engine/replay.ts';
import { firmwareNotes, type ReadRecording } from '../../recordings/readRecording.ts';
import { GapSummary, printImport } from '../../report/imported.ts';
import { readExport } from '../../store/codec.ts';
import { validateEvent } from '../../store/validate.ts';
import { type CommandFile, type Io, printJson } from '../command.ts';
import { type RecordingFlags, readAt, withRecordingOptions } from '../histories.ts';
import { aboutNow, freeId } from '../runs.ts';
import { withStore } from '../storePath.ts';

const limitBytes = 512 * 1024 * 1024;

const read = (file: string): Event[] => {
  let size: number;
  try {
    size = statSync(file).size;
  } catch {
    throw new Failure('bad-event', 'no exported run is here', { file }, 'Make one with `attachlab export RUN > FILE`.');
  }
  if (size > limitBytes) throw new Failure('bad-event', `expected at most ${limitBytes} bytes, found ${size}`, { file });
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return [...readExport(file, lines, validateEvent).events];
};

/** A history that does not fold is no history of this model. */
const checkFolds = (file: string, events: readonly Event[]): void => {
  if (events[0]?.type !== 'RunStarted') throw new Failure('bad-event', 'expected a run that begins with RunStarted', { file, line: 2 });
  try {
    stateAt(events, Number.POSITIVE_INFINITY);
  } catch (error) {
    throw new Failure('bad-event', `the events do not follow from one another: ${error instanceof Error ? error.message : String(error)}`, {
      file,
    });
  }
};

/** An exported run says so in its first bytes; everything else is somebody's trace. */
const isExport = (path: string): boolean => {
  if (path === '-' || !statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(64);
  const length = readSync(file, bytes, 0, bytes.length, 0);
  closeSync(file);
  return bytes.subarray(0, length).toString().startsWith('{"format":"attachlab-');
};

const keep = async (io: Io, store: string | undefined, events: readonly Event[]): Promise<string> =>
  withStore(io, store, (runs) => {
    const name = freeId(runs);
    runs.append(name, 'absent', events);
    runs.setAbout(name, aboutNow(io));
    return name;
  });

const importRun = async (io: Io, file: string, options: Options): Promise<void> => {
  const events = read(file);
  checkFolds(file, events);
  const id = await keep(io, options.store, events);
  if (options.json) printJson(io, 'import', 1, { run: id, events: events.length });
  else io.out(`${id}: ${events.length} events\n`);
};

/** So many events are written at a time: a recording may be larger than memory. */
const AT_ONCE = 4096;

interface Kept {
  readonly id: string;
  readonly events: number;
  readonly gaps: GapSummary;
  readonly read: ReadRecording;
}

const keepRecording = async (io: Io, path: string, options: Options): Promise<Kept> =>
  withStore(io, options.store, async (runs) => {
    const id = freeId(runs);
    const gaps = new GapSummary();
    let waiting: Event[] = [];
    let version = 0;
    const write = (): void => {
      version = runs.append(id, version === 0 ? 'absent' : version, waiting);
      waiting = [];
    };
    const read = await readAt(path, options, (event) => {
      if (event.type === 'RecordingGap') gaps.note(event);
      waiting.push(event);
      if (waiting.length === AT_ONCE) write();
    });
    write();
    runs.setAbout(id, aboutNow(io));
    return { id, events: version, gaps, read };
  });

const importRecording = async (io: Io, path: string, options: Options): Promise<void> => {
  const { id, events, gaps, read } = await keepRecording(io, path, options);
  const { facts, nearest, format, counts } = read;
  const notes = firmwareNotes(read);
  if (options.json)
    printJson(io, 'import', 1, { run: id, events, format, release: facts.release, nearest, counts, gaps: gaps.total, notes });
  else io.out(`${printImport(id, { nearest, format, counts, release: facts.release, events, gaps, notes })}\n`);
};

interface Options extends RecordingFlags {
  readonly json?: boolean;
}

export const command: CommandFile = {
  configure: (command, io) =>
    withRecordingOptions(command)
      .argument('<file>', 'a trace, a folder with trace.txt, - for standard input; or NDJSON as `attachlab export` writes it')
      .option('--json', 'as JSON')
      .action(async (path: string, options: Options) =>
        isExport(path) ? importRun(io, path, options) : importRecording(io, path, options),
      ),
};
