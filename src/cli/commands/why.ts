// `attachlab why RUN|RECORDING`: for each attach, why this domain and why no other.
import { whyOf } from '../../detect/why.ts';
import { printWhy } from '../../report/why.ts';
import { type CommandFile, printJson } from '../command.ts';
import { historyOf, type RecordingFlags, withRecordingOptions } from '../histories.ts';

export const command: CommandFile = {
  configure: (command, io) =>
    withRecordingOptions(command)
      .argument('<run>', 'id of a stored run, or a recording: a trace, a folder with trace.txt, - for standard input')
      .option('--json', 'as JSON')
      .action(async (given: string, options: RecordingFlags & { json?: boolean }) => {
        const { name, events, probe } = await historyOf(io, given, options);
        const answers = whyOf(events, probe);
        if (options.json) printJson(io, 'why', 1, { run: name, attaches: answers });
        else io.out(`${answers.map(printWhy).join('\n\n')}\n`);
      }),
};
