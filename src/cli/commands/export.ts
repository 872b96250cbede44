// `attachlab export RUN`: the run's events as NDJSON, readable alone.
import { exportLines } from '../../store/codec.ts';
import type { CommandFile } from '../command.ts';
import { withRuns } from '../storePath.ts';

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('<run>', 'id of a stored run')
      .option('--store <file>', 'store to read')
      .option('--json', 'the default: NDJSON, one event a line')
      .action((id: string, options: { store?: string }) =>
        withRuns(io, options.store, (store) => {
          for (const line of exportLines(id, store.version(id), store.read(id))) io.out(`${line}\n`);
        }),
      ),
};
