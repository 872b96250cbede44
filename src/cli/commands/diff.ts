// `attachlab diff A B`: where two runs part, and what came of it; also of different kernels or callers.
import { diffRuns } from '../../engine/diff.ts';
import { printDifference } from '../../report/diff.ts';
import { type CommandFile, printJson } from '../command.ts';
import { withRuns } from '../storePath.ts';

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('<a>', 'id of a stored run')
      .argument('<b>', 'id of another')
      .option('--store <file>', 'store to read')
      .option('--json', 'as JSON')
      .action(async (a: string, b: string, options: { store?: string; json?: boolean }) => {
        const difference = await withRuns(io, options.store, (store) => diffRuns(store.read(a), store.read(b)));
        if (options.json) printJson(io, 'diff', 1, { expected: a, actual: b, ...difference });
        else io.out(`${printDifference(difference, [a, b])}\n`);
        if (!difference.equal) io.exit(1);
      }),
};
