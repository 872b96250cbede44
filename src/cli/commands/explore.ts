// `attachlab explore SCENARIO`: all orders and all faults within bounds, a verdict, and the smallest run for each thing that is wrong.
import type { KeptCheck } from '../../core/checkedModel.ts';
import { Failure, nearest } from '../../core/failure.ts';
import type { Scenario } from '../../core/scenario.ts';
import type { Bounds } from '../../core/verdict.ts';
import { unknownsOf } from '../../engine/assumed.ts';
import { engineFor, type Recipe } from '../../engine/recipe.ts';
import { exploreInTurns } from '../../explore/explore.ts';
import type { Exploration, ExploreOptions, ModelPart } from '../../explore/exploreOptions.ts';
import { type StrategyName, strategies } from '../../explore/strategies.ts';
import type { Turns } from '../../explore/turns.ts';
import { Workers } from '../../explore/workers.ts';
import { parseBudget, parseCount, parseMemory } from '../budget.ts';
import { checkedFor, checkedOption, profileName } from '../checked.ts';
import { checkWritable, readCheckpoint, removeCheckpoint, writeCheckpoint } from '../checkpoints.ts';
import type { CommandFile, Io } from '../command.ts';
import { exitCodeOf, printExploration } from '../explored.ts';
import { listen } from '../interrupt.ts';
import { type ModelFlags, modelPart, resolverFor, withModelOptions } from '../recipes.ts';
import { readScenario } from '../scenarios.ts';
import { watched } from '../searching.ts';

interface Options extends ModelFlags {
  readonly from?: string;
  readonly session?: string;
  readonly faults: string;
  readonly apiFaults: string;
  readonly kills: string;
  readonly unplugs: string;
  readonly plausible?: boolean;
  readonly preemptions?: string;
  readonly budget?: string;
  readonly memory: string;
  readonly jobs: string;
  readonly checkpoint?: string;
  readonly strategy: string;
  readonly seed: string;
  readonly runs: string;
  readonly before?: string[];
  readonly unknown?: boolean;
  readonly reduction: boolean;
  readonly symmetry: boolean;
  readonly shrink: boolean;
  readonly twice?: boolean;
  readonly checked?: string;
  readonly json?: boolean;
}

const strategyOf = (name: string): StrategyName => {
  if (Object.hasOwn(strategies, name)) return name as StrategyName;
  const known = Object.keys(strategies);
  const near = nearest(name, known);
  throw new Failure('bad-usage', `no strategy is named ${name}; ${near ? `did you mean ${near}?` : `known: ${known.join(', ')}`}`);
};

const boundsOf = (options: Options): ExploreOptions['bounds'] => ({
  faults: parseCount('--faults', options.faults),
  apiFaults: parseCount('--api-faults', options.apiFaults),
  kills: parseCount('--kills', options.kills),
  unplugs: parseCount('--unplugs', options.unplugs),
  plausible: options.plausible === true,
  preemptions: options.preemptions === undefined ? null : parseCount('--preemptions', options.preemptions),
});

const MOST_JOBS = 64;

/** A search that came to its end needs no checkpoint any more. */
const keep = (io: Io, path: string, { checkpoint }: Exploration): void => {
  if (checkpoint === null) removeCheckpoint(path);
  else {
    writeCheckpoint(path, checkpoint());
    io.err(`attachlab: the same command goes on where this search ended (${path})\n`);
  }
};

/** Whoever names a file does not wait for what reads recordings. */
const recordedScenario = async (from: string, session: string | undefined): Promise<Scenario> => {
  const { scenarioAt } = await import('../recordedScenario.ts');
  return scenarioAt(from, {}, session ?? null);
};

/** What `replay` takes with a token of a search from there. */
const placeWords = (from: string, session: string | undefined): string => (session === undefined ? from : `${from}@${session}`);

const scenarioFor = async (file: string | undefined, { from, session }: Options): Promise<Scenario> => {
  if (file !== undefined && from === undefined) return readScenario(file);
  if (file === undefined && from !== undefined) return recordedScenario(from, session);
  throw new Failure('bad-usage', `expected a scenario file or --from RECORDING@LINE, found ${file === undefined ? 'neither' : 'both'}`);
};

const action = async (io: Io, file: string | undefined, options: Options): Promise<void> => {
  const search = await searchFor(file, options);
  const interruption = listen(io);
  const exploration = await watched(io, interruption, search.seconds, search.run);
  const place = file ?? placeWords(options.from!, options.session);
  printExploration(io, exploration, { json: options.json === true, file: place, checked: search.checked });
  io.exit(exitCodeOf(exploration, interruption.isAsked));
  if (options.checkpoint !== undefined) keep(io, options.checkpoint, exploration);
};

interface Prepared {
  /** Budget of time. */
  readonly seconds: number | undefined;
  readonly checked: KeptCheck | null;
  readonly run: (stop: NonNullable<ExploreOptions['stop']>) => Turns<Exploration>;
}

const crewFor = (options: Options, part: ModelPart, bounds: Bounds): Pick<ExploreOptions, 'crew'> => {
  const jobs = parseCount('--jobs', options.jobs);
  if (jobs < 1 || jobs > MOST_JOBS) throw new Failure('bad-usage', `--jobs takes a number from 1 to ${MOST_JOBS}, found ${jobs}`);
  if (jobs === 1 || options.twice) return {};
  return { crew: new Workers({ entry: new URL('../searchThread.ts', import.meta.url), data: { part, bounds }, jobs }) };
};

const resumeFor = ({ checkpoint, strategy }: Options): Pick<ExploreOptions, 'resume'> => {
  if (checkpoint === undefined) return {};
  if (strategyOf(strategy) !== 'exhaustive')
    throw new Failure('bad-usage', `--checkpoint goes with --strategy exhaustive, found ${strategy}`);
  checkWritable(checkpoint);
  const resume = readCheckpoint(checkpoint);
  return resume === null ? {} : { resume };
};

const searchFor = async (file: string | undefined, options: Options): Promise<Prepared> => {
  const scenario = await scenarioFor(file, options);
  const part = modelPart(options, scenario);
  const resolve = await resolverFor([part]);
  const checked = checkedFor(options.checked, [profileName(resolve, part)]);
  const budget = options.budget === undefined ? {} : parseBudget(options.budget);
  const unknown = options.unknown ? unknownsOf(engineFor(part as Recipe, resolve), scenario) : undefined;
  const bounds = boundsOf(options);
  const explored: ExploreOptions = {
    bounds,
    strategy: strategyOf(options.strategy),
    memory: parseMemory(options.memory),
    seed: parseCount('--seed', options.seed),
    runs: parseCount('--runs', options.runs),
    reduce: options.reduction,
    symmetry: options.symmetry,
    shrink: options.shrink,
    twice: options.twice === true,
    resolve,
    ...crewFor(options, part, bounds),
    ...resumeFor(options),
    ...(budget.states === undefined ? {} : { states: budget.states }),
    ...(options.before === undefined ? {} : { before: options.before }),
    ...(unknown === undefined ? {} : { unknown }),
  };
  return { seconds: budget.seconds, checked, run: (stop) => exploreInTurns(scenario, part, { ...explored, stop }) };
};

export const command: CommandFile = {
  configure: (command, io) =>
    withModelOptions(command)
      .argument('[scenario]', 'scenario file; its planned faults are set aside, as every allocation may fail')
      .option('--from <recording>', 'instead: RECORDING@LINE, what led to a line of the trace of a real kernel, or RECORDING@SESSION')
      .option('--session <name>', 'with --from and no line: a whole session')
      .option('--faults <k>', 'failed allocations in one run at most', '1')
      .option('--api-faults <k>', 'failed kernel API calls in one run at most', '0')
      .option('--kills <k>', 'tasks killed in one run', '0')
      .option('--unplugs <k>', 'devices unplugged in one run', '0')
      .option('--plausible', 'only allocations that can fail without fault injection')
      .option('--preemptions <p>', 'switches away from a task that could go on, at most; default: all orders')
      .option('--budget <n>', 'end after a time (60s) or a number of states (5M)')
      .option('--memory <size>', 'memory for the states seen; then bit state', '2G')
      .option('--jobs <n>', 'threads of a search in full; where symmetric states are reduced, too, one does it all', '1')
      .option('--checkpoint <file>', 'where the search ends early, written to go on with by the same command')
      .option('--strategy <name>', `${Object.keys(strategies).join(', ')}`, 'exhaustive')
      .option('--seed <n>', 'of strategies that sample', '1')
      .option('--runs <n>', 'of strategies that sample', '1000')
      .option('--before <name...>', 'only these of the states to begin in that the scenario lists')
      .option('--unknown', 'choose attributes that the topology leaves unknown, too')
      .option('--no-reduction', 'without partial-order reduction')
      .option('--no-symmetry', 'without symmetry')
      .option('--no-shrink', 'counterexamples as found')
      .option('--twice', 'evaluate every step twice, to catch hidden nondeterminism')
      .option(...checkedOption)
      .option('--json', 'as JSON')
      .action((file: string | undefined, options: Options) => action(io, file, options)),
};
