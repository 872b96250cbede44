// `attachlab scenario --from RECORDING[@LINE]`: a recording of a real kernel as a scenario file, on standard output.
import { printScenario } from '../../scenario/print.ts';
import { type CommandFile, printJson } from '../command.ts';
import { type RecordingFlags, withRecordingOptions } from '../histories.ts';
import { scenarioAt } from '../recordedScenario.ts';

interface Options extends RecordingFlags {
  readonly from: string;
  readonly session?: string;
  readonly json?: boolean;
}

export const command: CommandFile = {
  configure: (command, io) =>
    withRecordingOptions(command)
      .requiredOption(
        '--from <recording>',
        'a recording with its calls and its machine; RECORDING@LINE for what led to a line of the trace',
      )
      .option('--session <name>', 'which part of the recorded program, where the log of its calls names several')
      .option('--json', 'as JSON')
      .action(async (options: Options) => {
        const scenario = await scenarioAt(options.from, options, options.session ?? null);
        if (options.json) printJson(io, 'scenario', 1, { scenario });
        else io.out(printScenario(scenario));
      }),
};
