// `attachlab replay RUN`: the events of a run, the state at any of them, a reading over time, or the proof that it still runs the same.

import { canonical } from '../../core/canonical.ts';
import type { Event } from '../../core/events.ts';
import { Failure } from '../../core/failure.ts';
import type { World } from '../../core/world.ts';
import { perform } from '../../engine/recipe.ts';
import { firstDifference, stateAt, watchReading } from '../../engine/replay.ts';
import { isToken } from '../../explore/token.ts';
import { printDivergence } from '../../report/divergence.ts';
import { eventLine, shownInFull } from '../../report/events.ts';
import type { SqliteStore } from '../../store/sqlite.ts';
import type { Snapshot } from '../../store/store.ts';
import { type CommandFile, type Io, printJson } from '../command.ts';
import { resolverFor } from '../recipes.ts';
import { showAt } from '../replayAt.ts';
import { recipeOf } from '../runs.ts';
import { withRuns, withStore } from '../storePath.ts';

interface Options {
  readonly at?: string;
  readonly watch?: string;
  readonly verify?: boolean;
  readonly full?: boolean;
  readonly json?: boolean;
  readonly store?: string;
}

const number = (text: string): number => {
  const found = Number(text);
  if (!Number.isInteger(found) || found < 0) throw new Failure('bad-usage', `--at takes an event number, found ${text}`);
  return found;
};

/** A fold of this many events is worth a snapshot. */
const snapshotEvery = 50_000;

/** Only to be faster the next time: a store that cannot be written now goes without. */
const keepState = (io: Io, given: string | undefined, id: string, hash: string, snapshot: Snapshot): Promise<void> =>
  withStore(io, given, (store) => store.keepSnapshot(id, hash, snapshot)).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
  });

/** State after event `at`: from the nearest snapshot that this model kept, else from the start. */
const stateOf = async (io: Io, store: SqliteStore<Event>, id: string, at: number, given: string | undefined): Promise<World> => {
  const version = store.version(id);
  if (at > version) throw new Failure('unknown-name', `event ${at} does not exist; run ${id} has ${version}`);
  const [first] = store.read(id);
  const hash = first?.type === 'RunStarted' ? first.model : '';
  const kept = store.snapshot(id, hash, at);
  const from = kept ? { version: kept.version, world: kept.state as World } : undefined;
  const world = stateAt(store.read(id, from?.version ?? 0), at, from);
  if (at - (from?.version ?? 0) >= snapshotEvery) await keepState(io, given, id, hash, { version: at, state: world });
  return world;
};

const list = (io: Io, events: Iterable<Event>, full: boolean): void => {
  let at = 0;
  let withTask = false;
  for (const event of events) {
    at += 1;
    if (event.type === 'RunStarted') withTask = Object.keys(event.world.tasks).length > 1;
    if (full || !shownInFull.has(event.type)) io.out(`${eventLine(at, event, withTask)}\n`);
  }
};

const verifyRun = async (io: Io, store: SqliteStore<Event>, id: string, options: Options): Promise<void> => {
  const recipe = recipeOf(store, id);
  const { events } = perform(recipe, {}, await resolverFor([recipe]));
  const difference = firstDifference(store.read(id), events, canonical);
  if (options.json) printJson(io, 'verify', 1, { run: id, equal: difference === null, difference });
  else if (difference === null) io.out(`${id}: ${events.length} events, byte for byte the same\n`);
  else io.out(`${printDivergence(id, difference)}\n`);
  if (difference !== null) io.exit(5);
};

const watchRun = async (io: Io, store: SqliteStore<Event>, id: string, options: Options): Promise<void> => {
  const { readingFor } = await import('../readings.ts');
  const last = await stateOf(io, store, id, store.version(id), options.store);
  const changes = watchReading(store.read(id), readingFor(options.watch!, last));
  if (options.json) printJson(io, 'watch', 1, { run: id, reading: options.watch, changes });
  else for (const { at, value } of changes) io.out(`${`#${at}`.padEnd(6)} ${options.watch} = ${String(value)}\n`);
};

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('<run>', 'id of a stored run, as `attachlab list` shows it, or a token as `attachlab explore` prints it')
      .argument('[scenario]', 'with a token: the scenario that it was made from, or RECORDING@LINE')
      .option('--at <n>', 'the state after event n')
      .option('--watch <reading>', 'each change of a reading, e.g. domains(c0)')
      .option('--verify', 'run scenario and schedule again and compare byte for byte')
      .option('--full', 'every event, also how control moved')
      .option('--store <file>', 'store to read')
      .option('--json', 'as JSON')
      .action(async (id: string, file: string | undefined, options: Options) => {
        if (isToken(id)) return (await import('../replayToken.ts')).replayToken(io, id, file, options);
        if (file !== undefined) throw new Failure('bad-usage', `a scenario goes with a token; ${id} is none`);
        await withRuns(io, options.store, async (store) => {
          if (options.verify) return verifyRun(io, store, id, options);
          if (options.watch !== undefined) return watchRun(io, store, id, options);
          if (options.at !== undefined) {
            const at = number(options.at);
            if (at > store.version(id)) await stateOf(io, store, id, at, options.store);
            const before = await stateOf(io, store, id, Math.max(0, at - 1), options.store);
            const [event = null] = at === 0 ? [] : store.read(id, at - 1);
            return showAt(io, id, at, before, event, options.json ?? false);
          }
          return options.json
            ? printJson(io, 'events', 1, { run: id, events: [...store.read(id)] })
            : list(io, store.read(id), options.full ?? false);
        });
      }),
};
