// `attachlab attaches RECORDING|RUN`: what each attach came to, one row each.
import { attachesOf } from '../../detect/attaches.ts';
import { printAttaches } from '../../report/attaches.ts';
import { type CommandFile, printJson } from '../command.ts';
import { historyOf, type RecordingFlags, withRecordingOptions } from '../histories.ts';

export const command: CommandFile = {
  configure: (command, io) =>
    withRecordingOptions(command)
      .argument('<recording>', 'a trace, a folder with trace.txt, - for standard input, or the id of a stored run')
      .option('--all', 'claims, releases, detaches and domains too')
      .option('--json', 'as JSON')
      .action(async (given: string, options: RecordingFlags & { all?: boolean; json?: boolean }) => {
        const { name, events } = await historyOf(io, given, options);
        const found = attachesOf(events);
        if (options.json) printJson(io, 'attaches', 1, { recording: name, ...found });
        else io.out(`${printAttaches(name, found, options.all === true)}\n`);
      }),
};
