// `attachlab replay TOKEN [SCENARIO]`: the run that a token stands for, judged as any run; of another model it says whether every place
// that the token names was still met, and which was not.
import { Failure } from '../core/failure.ts';
import { type Deviation, Follower } from '../core/schedule.ts';
import { perform } from '../engine/recipe.ts';
import { stateAt } from '../engine/replay.ts';
import type { Io } from './command.ts';
import { runJudged } from './judged.ts';
import { showAt } from './replayAt.ts';
import { tokenRun } from './tokens.ts';

interface Options {
  readonly at?: string;
  readonly json?: boolean;
  readonly store?: string;
}

const placeWords = (deviation: Deviation): string => {
  const { task, request } = deviation;
  const where = `${task}, request ${request + 1}`;
  if (deviation.kind === 'fails') return `${where}: ${deviation.site}()`;
  return `${where}: ${deviation.kind === 'gives' ? deviation.api : deviation.at}`;
};

export const replayToken = async (io: Io, text: string, file: string | undefined, options: Options): Promise<void> => {
  const { recipe, resolve, isOtherModel } = await tokenRun(text, file);
  const { schedule = [], ...plain } = recipe.scenario;
  const follower = new Follower(schedule);
  const { events, run } = perform({ ...recipe, scenario: plain }, { ask: (question, world) => follower.answer(question, world) }, resolve);
  const [gone] = follower.unmet;
  if (gone)
    throw new Failure(
      'replay-diverged',
      `the token names a place that this model does not come to: ${placeWords(gone)}`,
      undefined,
      'Search the scenario again with `attachlab explore`.',
    );
  if (isOtherModel) io.err('the token was made with another model; every place that it names was met\n');
  if (options.at !== undefined) {
    const at = Number(options.at);
    if (!Number.isInteger(at) || at < 0 || at > events.length)
      throw new Failure('bad-usage', `--at takes an event number from 0 to ${events.length}, found ${options.at}`);
    showAt(io, 'TOKEN', at, stateAt(events, Math.max(0, at - 1)), events[at - 1] ?? null, options.json ?? false);
    return;
  }
  await runJudged(
    io,
    { ...recipe, decisions: run.decisions },
    { keep: true, resolve, ...(options.json ? { json: true } : {}), ...(options.store ? { store: options.store } : {}) },
  );
};
