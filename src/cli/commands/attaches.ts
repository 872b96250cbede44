// `attachlab attaches RECORDING|RUN`: what each attach came to, one row each.
import { existsSync } from 'node:fs';
import type { Attaches } from '../../core/attaches.ts';
import { AttachesReader, attachesOf } from '../../detect/attaches.ts';
import { printAttaches } from '../../report/attaches.ts';
import { type CommandFile, type Io, printJson } from '../command.ts';
import { historyOf, isStored, type RecordingFlags, readAt, withRecordingOptions } from '../histories.ts';

/** A recording is read through, whatever its size; a run is in the store. */
const attachesAt = async (io: Io, given: string, options: RecordingFlags): Promise<{ name: string; found: Attaches }> => {
  if ((await isStored(io, given, options)) || (given !== '-' && !existsSync(given))) {
    const { name, events } = await historyOf(io, given, options);
    return { name, found: attachesOf(events) };
  }
  const reader = new AttachesReader();
  let at = 0;
  const { facts } = await readAt(given, options, (event) => reader.take(event, ++at));
  return { name: facts.name, found: reader.attaches };
};

export const command: CommandFile = {
  configure: (command, io) =>
    withRecordingOptions(command)
      .argument('<recording>', 'a trace, a folder with trace.txt, - for standard input, or the id of a stored run')
      .option('--all', 'claims, releases, detaches and domains too')
      .option('--json', 'as JSON')
      .action(async (given: string, options: RecordingFlags & { all?: boolean; json?: boolean }) => {
        const { name, found } = await attachesAt(io, given, options);
        if (options.json) printJson(io, 'attaches', 1, { recording: name, ...found });
        else io.out(`${printAttaches(name, found, options.all === true)}\n`);
      }),
};
