// `attachlab fork RUN@N --set ...`: the first N events' decisions with something changed, run and stored as a run of its own.
import { canonical } from '../../core/canonical.ts';
import type { Event } from '../../core/events.ts';
import { Failure, nearest } from '../../core/failure.ts';
import { forkRecipe, parseSetting, type Setting, withSetting } from '../../engine/fork.ts';
import type { Recipe } from '../../engine/recipe.ts';
import { firstDifference } from '../../engine/replay.ts';
import { wrap } from '../../report/text.ts';
import type { CommandFile } from '../command.ts';
import { runJudged } from '../judged.ts';
import { resolverFor } from '../recipes.ts';
import { recipeOf } from '../runs.ts';
import { withRuns } from '../storePath.ts';

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

/** A plan that counts allocations writes the counts down; they are not what the kernel did. */
const uncounted = (event: Event): string => canonical({ ...event, n: null, counts: null, allocations: null });

/** Number of the first event that differs, from 1; null: none does. The first event names the model and is left out. */
const partingOf = (before: readonly Event[], events: readonly Event[]): number | null =>
  firstDifference(before.slice(1), events.slice(1), uncounted)?.at ?? null;

interface Heading {
  readonly run: string | null;
  readonly id: string;
  readonly at: number;
  readonly settings: readonly string[];
  readonly parting: number | null;
}

/** A setting that already matters before event N makes another run from there on: said, not hidden. */
const headingOf = ({ run, id, at, settings, parting }: Heading): string[] => {
  const first = parting === null ? null : parting + 1;
  const where = first === null ? `it does the same as ${id}` : `it parts from ${id} at event ${first}`;
  const early = first !== null && first <= at ? `, before event ${at}: what was set matters from there on` : '';
  return [
    wrap(`${run}, forked from ${id} after event ${at} with ${settings.join(', ')}: ${where}${early}`, '  '),
    `how it differs: attachlab diff ${id} ${run}`,
  ];
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
        const before = await withRuns(io, options.store, (store) => [...store.read(id)]);
        await runJudged(io, recipe, {
          keep: true,
          parent: id,
          at,
          resolve,
          ...(options.json ? { json: true } : {}),
          ...(options.store === undefined ? {} : { store: options.store }),
          heading: (run, events) => headingOf({ run, id, at, settings: options.set, parting: partingOf(before, events) }),
        });
      }),
};
