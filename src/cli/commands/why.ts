// `attachlab why RUN`: for each attach, why this domain and why no other.
import { whyOf } from '../../detect/why.ts';
import { probeOf } from '../../engine/probe.ts';
import { engineFor } from '../../engine/recipe.ts';
import { printWhy } from '../../report/why.ts';
import { type CommandFile, printJson } from '../command.ts';
import { resolverFor } from '../recipes.ts';
import { modelOf } from '../runs.ts';
import { withRuns } from '../storePath.ts';

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('<run>', 'id of a stored run')
      .option('--store <file>', 'store to read')
      .option('--json', 'as JSON')
      .action(async (id: string, options: { store?: string; json?: boolean }) =>
        withRuns(io, options.store, async (store) => {
          const model = modelOf(store, id);
          const probe = probeOf(engineFor(model, await resolverFor([model])));
          const answers = whyOf([...store.read(id)], probe);
          if (options.json) printJson(io, 'why', 1, { run: id, attaches: answers });
          else io.out(`${answers.map(printWhy).join('\n\n')}\n`);
        }),
      ),
};
