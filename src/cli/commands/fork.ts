// `attachlab fork RUN@N --set ...`: the first N events' decisions with something changed, run and stored as a run of its own.
import { Failure, nearest } from '../../core/failure.ts';
import { forkRecipe, parseSetting, type Setting, withSetting } from '../../engine/fork.ts';
import { perform, type Recipe } from '../../engine/recipe.ts';
import { printRunSummary, summarise } from '../../report/runSummary.ts';
import { type CommandFile, printJson } from '../command.ts';
import { resolverFor } from '../recipes.ts';
import { keepRun, recipeOf } from '../runs.ts';
import { withRuns, withStore } from '../storePath.ts';

const parsePoint = (text: string): { id: string; at: number } => {
  const match = /^(.+)@(\d+)$/.exec(text);
  if (!match) throw new Failure('bad-usage', `fork takes RUN@N, e.g. r1@120; found ${text}`);
  return { id: match[1]!, at: Number(match[2]) };
};

/** Kernels and callers may be files. */
const withFiles = (original: Recipe, settings: readonly Setting[]): Recipe =>
  settings.filter(({ name }) => name === 'kernel' || name === 'caller').reduce(withSetting, original);

/** An attribute that no driver declares and no row reads would be set without effect. */
const demandAttribute = async ({ name }: Setting): Promise<void> => {
  const [, part, attribute] = /^(iommu|device|group|system)\b.*\.([^.]+)$/.exec(name) ?? [];
  if (part === undefined || attribute === undefined) return;
  const { known } = await import('../scenarios.ts');
  const names = known().attributes?.[part as 'iommu'] ?? [];
  if (names.includes(attribute)) return;
  const near = nearest(attribute, names);
  throw new Failure(
    'bad-usage',
    `no attribute of ${part} is named ${attribute}; ${near ? `did you mean ${near}?` : `known: ${names.join(', ')}`}`,
  );
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
        const settings = options.set.map(parseSetting);
        for (const setting of settings) await demandAttribute(setting);
        const original = await withRuns(io, options.store, (store) => recipeOf(store, id));
        const resolve = await resolverFor([original, withFiles(original, settings)]);
        const recipe = forkRecipe(original, at, settings, resolve);
        const { events } = perform(recipe, {}, resolve);
        const fork = await withStore(io, options.store, (store) => keepRun(store, io, recipe, events, id));
        const summary = summarise(events);
        if (options.json) return printJson(io, 'fork', 1, { run: fork, parent: id, at, requests: summary.requests });
        io.out(
          `${fork}, forked from ${id} after event ${at}: ${options.set.join(', ')}\n${printRunSummary(summary)}\nhow it differs: attachlab diff ${id} ${fork}\n`,
        );
      }),
};
