// `attachlab fork RUN@N --set ...`: the first N events' decisions with something changed, run and stored as a run of its own.
import { Failure } from '../../core/failure.ts';
import { forkRecipe, parseSetting } from '../../engine/fork.ts';
import { perform } from '../../engine/recipe.ts';
import { printRunSummary, summarise } from '../../report/runSummary.ts';
import { type CommandFile, printJson } from '../command.ts';
import { resolverFor } from '../recipes.ts';
import { keepRun, recipeOf } from '../runs.ts';
import { withStore } from '../storePath.ts';

const parsePoint = (text: string): { id: string; at: number } => {
  const match = /^(.+)@(\d+)$/.exec(text);
  if (!match) throw new Failure('bad-usage', `fork takes RUN@N, e.g. r1@120; found ${text}`);
  return { id: match[1]!, at: Number(match[2]) };
};

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('<run@n>', 'the run, and the event to fork after')
      .requiredOption('--set <name=value...>', 'kernel, caller, contract, continue-on, fail=N@REQUEST, faults=none, or PART.ATTRIBUTE')
      .option('--store <file>', 'store to read and write')
      .option('--json', 'as JSON')
      .action(async (point: string, options: { set: string[]; store?: string; json?: boolean }) => {
        const { id, at } = parsePoint(point);
        await withStore(io, options.store, async (store) => {
          const original = recipeOf(store, id);
          const settings = options.set.map(parseSetting);
          const files = settings.reduce(
            (part, { name, value }) => (name === 'kernel' || name === 'caller' ? { ...part, [name]: value } : part),
            original,
          );
          const resolve = await resolverFor([original, files]);
          const recipe = forkRecipe(original, at, settings, resolve);
          const { events } = perform(recipe, {}, resolve);
          const fork = keepRun(store, io, recipe, events, id);
          const summary = summarise(events);
          if (options.json) return printJson(io, 'fork', 1, { run: fork, parent: id, at, requests: summary.requests });
          io.out(
            `${fork}, forked from ${id} after event ${at}: ${options.set.join(', ')}\n${printRunSummary(summary)}\nhow it differs: attachlab diff ${id} ${fork}\n`,
          );
        });
      }),
};
