// `attachlab audit RUN|RECORDING`: the findings of a stored run, or of a recording of a real kernel.
import { audit, detectors, shownDetectors } from '../../detect/audit.ts';
import { printFinding } from '../../report/findings.ts';
import { type CommandFile, printJson } from '../command.ts';
import { historyOf, type RecordingFlags, withRecordingOptions } from '../histories.ts';

interface Options extends RecordingFlags {
  readonly cost?: boolean;
  readonly json?: boolean;
}

export const command: CommandFile = {
  configure: (command, io) =>
    withRecordingOptions(command)
      .argument('<run>', 'id of a stored run, or a recording: a trace, a folder with trace.txt, - for standard input')
      .option('--cost', 'show findings of level cost too')
      .option('--json', 'as JSON')
      .action(async (given: string, options: Options) => {
        const { name, events, probe } = await historyOf(io, given, options);
        const findings = audit(events, probe, options.cost ? detectors : shownDetectors);
        if (options.json) printJson(io, 'audit', 1, { run: name, findings });
        else if (findings.length === 0) io.out(`${name}: no finding\n`);
        else io.out(`${findings.map((finding) => printFinding(finding, name)).join('\n\n')}\n`);
        if (findings.some(({ level }) => level === 'bug')) io.exit(1);
      }),
};
