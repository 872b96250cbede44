// `attachlab import FILE`: an exported run (NDJSON) into the store; it can be read, replayed and compared, not run again.
import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Event } from '../../core/events.ts';
import { Failure } from '../../core/failure.ts';
import { stateAt } from '../../engine/replay.ts';
import { readExport } from '../../store/codec.ts';
import { validateEvent } from '../../store/validate.ts';
import { type CommandFile, printJson } from '../command.ts';
import { freeId } from '../runs.ts';
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

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('<file>', 'NDJSON as `attachlab export` writes it')
      .option('--store <file>', 'store to write')
      .option('--json', 'as JSON')
      .action(async (file: string, options: { store?: string; json?: boolean }) => {
        const events = read(file);
        checkFolds(file, events);
        const id = await withStore(io, options.store, (store) => {
          const name = freeId(store);
          store.append(name, 'absent', events);
          store.setAbout(name, { when: io.now().toISOString(), host: hostname(), commandLine: process.argv.slice(2), parent: null });
          return name;
        });
        if (options.json) printJson(io, 'import', 1, { run: id, events: events.length });
        else io.out(`${id}: ${events.length} events\n`);
      }),
};
