// `attachlab conform RECORDING`: whether the model of the nearest profile explains every attach, detach, claim, release and domain of it.

import { checkedNote } from '../../core/checkedMarks.ts';
import type { KeptCheck } from '../../core/checkedModel.ts';
import type { Event } from '../../core/events.ts';
import { type ConformReport, printConform } from '../../report/conform.ts';
import { wrap } from '../../report/text.ts';
import { checkedFor, checkedOption } from '../checked.ts';
import { type CommandFile, type ExitCode, printJson } from '../command.ts';
import { conformReport } from '../conformed.ts';
import { type RecordingFlags, readAt, withRecordingOptions } from '../histories.ts';

/** A pass that rests on something assumed, or on a trace with holes, is inconclusive. */
const exitOf = ({ verdict, gaps, leftOut }: ConformReport): ExitCode => {
  if (verdict === 'differs') return 5;
  return verdict === 'conforms' && gaps.length === 0 && leftOut === null ? 0 : 3;
};

interface Options extends RecordingFlags {
  readonly checked?: string;
  readonly json?: boolean;
}

const noteOf = ({ mismatches }: ConformReport, kept: KeptCheck | null): string[] =>
  kept === null ? [] : ['', wrap(checkedNote(kept, 'difference', mismatches.filter(({ notValid }) => notValid).length), '  ')];

export const command: CommandFile = {
  configure: (command, io) =>
    withRecordingOptions(command)
      .argument('<recording>', 'a folder or an archive with trace, topology.txt and calls.jsonl; or a trace with --topology and --calls')
      .option(...checkedOption)
      .option('--json', 'as JSON')
      .action(async (path: string, options: Options) => {
        const events: Event[] = [];
        const read = await readAt(path, options, (event) => events.push(event));
        const kept = checkedFor(options.checked, [read.nearest.profile]);
        const report = conformReport(read, events, kept);
        if (options.json) printJson(io, 'conform', 1, report);
        else io.out(`${[printConform(report), ...noteOf(report, kept)].join('\n')}\n`);
        io.exit(exitOf(report));
      }),
};
