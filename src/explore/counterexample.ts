// From a path of a search to a run of the engine: the same steps, judged as any run, and the schedule that names them by place.
import { assert } from '../core/failure.ts';
import type { Scenario } from '../core/scenario.ts';
import { type Deviation, deviationOf, Spots } from '../core/schedule.ts';
import type { Engine } from '../engine/engine.ts';
import type { Recipe, Resolve } from '../engine/recipe.ts';
import { type RunOptions, runScenario } from '../engine/run.ts';
import { type Judgement, judge } from './judge.ts';
import type { Choice } from './strategy.ts';

export interface Followed {
  readonly judgement: Judgement;
  readonly schedule: readonly Deviation[];
}

/** Makes a run follow a path of choices; `tasks` are the names of its actors. The schedule is whole when the run is over. */
const steering = (tasks: readonly string[], path: readonly Choice[]): { readonly options: RunOptions; readonly schedule: Deviation[] } => {
  const schedule: Deviation[] = [];
  const spots = new Spots();
  let at = -1;
  let asked = 0;
  const ask: RunOptions['ask'] = (question, world) => {
    // What is over before the search begins is as the default has it.
    const step = at < 0 ? undefined : path[at];
    const { nth } = spots.next(question, world);
    if (!step) return undefined;
    const answer = question.kind === 'task' ? question.options.indexOf(tasks[step.actor]!) : (step.answers[asked++] ?? 0);
    assert(answer >= 0, `step ${at + 1} of the path is ${tasks[step.actor]}'s, which cannot step`);
    const deviation = deviationOf(question, answer, nth, world);
    if (deviation) schedule.push(deviation);
    return answer;
  };
  const pause = (): boolean => {
    at += 1;
    asked = 0;
    return true;
  };
  return { options: { ask, pause }, schedule };
};

/** The schedule of a path. Throws where the path is none. */
export const scheduleOf = (engine: Engine, scenario: Scenario, tasks: readonly string[], path: readonly Choice[]): readonly Deviation[] => {
  const { options, schedule } = steering(tasks, path);
  runScenario(engine, scenario, options);
  return schedule;
};

/** The run of a path, judged. */
export const follow = (recipe: Recipe, tasks: readonly string[], path: readonly Choice[], resolve?: Resolve): Followed => {
  const { options, schedule } = steering(tasks, path);
  const judgement = judge(recipe, { run: options, ...(resolve ? { resolve } : {}) });
  return { judgement, schedule };
};
