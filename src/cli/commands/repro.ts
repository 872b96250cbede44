// `attachlab repro TOKEN|SCENARIO|RUN`: the recipe to see a run on a real kernel.
import { existsSync } from 'node:fs';
import { Failure } from '../../core/failure.ts';
import type { Recipe } from '../../engine/recipe.ts';
import { judge } from '../../explore/judge.ts';
import { reproductionOf } from '../../explore/repro.ts';
import { isToken } from '../../explore/token.ts';
import { pieces, printReproduction } from '../../report/repro.ts';
import { type CommandFile, type Io, printJson } from '../command.ts';
import { type ModelFlags, modelPart, resolverFor, withModelOptions } from '../recipes.ts';
import { recipeOf } from '../runs.ts';
import { readScenario } from '../scenarios.ts';
import { hasRuns, withRuns } from '../storePath.ts';
import { tokenRun } from '../tokens.ts';

type Piece = keyof typeof pieces;
const pieceNames = Object.keys(pieces) as readonly Piece[];

interface Options extends ModelFlags {
  readonly part?: string;
  readonly scenario?: string;
  readonly store?: string;
  readonly json?: boolean;
}

const modelFlags = ['kernel', 'caller', 'contract', 'continueOn'] as const;

/** One way to name a run: what it looks like, and the recipe it stands for. */
interface Source {
  readonly fits: (given: string) => boolean;
  readonly recipe: (given: string, options: Options, io: Io) => Promise<Recipe>;
}

const stored: Source = {
  fits: (given) => /^r[1-9]\d*$/.test(given) && !existsSync(given),
  recipe: async (given, options, io) => {
    if (!hasRuns(io, options.store)) throw new Failure('unknown-name', `expected run ${given}, found no store: nothing was run yet`);
    const flag = modelFlags.find((name) => options[name] !== undefined);
    if (flag !== undefined)
      throw new Failure(
        'bad-usage',
        `a run is made again as it was, found a flag for its ${flag}; attachlab fork ${given}@1 --set changes it`,
      );
    return withRuns(io, options.store, (store) => recipeOf(store, given));
  },
};

const file: Source = {
  fits: () => true,
  recipe: async (given, options) => {
    const scenario = readScenario(given);
    return { scenario, ...modelPart(options, scenario), decisions: [] };
  },
};

const token: Source = {
  fits: isToken,
  recipe: async (given, options) => (await tokenRun(given, options.scenario)).recipe,
};

const sources: readonly Source[] = [token, stored, file];

const pieceOf = (name: string): Piece => {
  const found = pieceNames.find((piece) => piece === name);
  if (!found) throw new Failure('bad-usage', `expected a part (${pieceNames.join(', ')}), found ${name}`);
  return found;
};

export const command: CommandFile = {
  configure: (command, io) =>
    withModelOptions(command.argument('<run>', 'scenario file, id of a stored run, or token'))
      .option('--part <name>', `only this: ${pieceNames.join(', ')}`)
      .option('--scenario <file>', 'with a token: the scenario that it was made from, or RECORDING@LINE')
      .option('--store <file>', 'store to read the run from')
      .option('--json', 'as JSON')
      .action(async (given: string, options: Options) => {
        const piece = options.part === undefined ? null : pieceOf(options.part);
        const recipe = await sources.find(({ fits }) => fits(given))!.recipe(given, options, io);
        const reproduction = reproductionOf(judge(recipe, { resolve: await resolverFor([recipe]) }));
        if (options.json) {
          const texts = Object.fromEntries(pieceNames.map((name) => [name, pieces[name](reproduction)]));
          printJson(io, 'repro', 1, { ...reproduction, parts: texts });
        } else io.out(piece === null ? `${printReproduction(reproduction)}\n` : pieces[piece](reproduction));
      }),
};
