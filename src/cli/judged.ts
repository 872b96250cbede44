// What `run` and `try` share: judge a recipe, keep it, print it, and set the exit code by its verdict.
import { assumedIn } from '../engine/assumed.ts';
import type { Recipe } from '../engine/recipe.ts';
import { unreachedFaults } from '../engine/unreached.ts';
import { type Judgement, type JudgeOptions, judge } from '../explore/judge.ts';
import { printReport, type Report } from '../report/judgement.ts';
import { summarise } from '../report/runSummary.ts';
import { ruleText } from '../report/text.ts';
import { type Io, printJson } from './command.ts';
import { resolverFor } from './recipes.ts';
import { keepRun } from './runs.ts';
import { withStore } from './storePath.ts';

export interface JudgedOptions {
  readonly json?: boolean;
  readonly store?: string;
  /** `--no-store` gives false through commander's `store`. */
  readonly keep: boolean;
  readonly cost?: boolean;
  readonly run?: JudgeOptions['run'];
}

const reportOf = (judgement: Judgement, run: string | null): Report => {
  const { engine, recipe, events, findings, claims } = judgement;
  const { model } = engine;
  return {
    title: recipe.scenario.title === '' ? recipe.scenario.name : `${recipe.scenario.name}: ${recipe.scenario.title}`,
    model: model.kernel === model.profile.name ? model.profile.title : `${model.profile.title} with ${model.kernel}`,
    caller: model.caller.name,
    rule: ruleText(model.scan),
    contract: model.contract?.name ?? null,
    hypothetical: model.hypothetical,
    summary: summarise(events),
    findings,
    claims,
    assumed: assumedIn(engine, recipe.scenario, events),
    unreached: unreachedFaults(recipe.scenario, events),
    stuck: judgement.run.stuck,
    run,
  };
};

const jsonOf = (report: Report) => {
  const { summary, ...rest } = report;
  return { ...rest, requests: summary.requests, events: summary.events, world: summary.world };
};

/** Judges, keeps, prints; exits 1 when violated, 3 when inconclusive. */
export const runJudged = async (io: Io, recipe: Recipe, options: JudgedOptions): Promise<void> => {
  const resolve = await resolverFor([recipe]);
  const judgement = judge(recipe, { resolve, ...(options.cost ? { cost: true } : {}), ...(options.run ? { run: options.run } : {}) });
  const made: Recipe = { ...recipe, decisions: judgement.run.decisions };
  const { stopped } = judgement.run;
  if (stopped) io.err(`stopped after event ${judgement.events.length}; what is left of a run cannot be run again, so it is not kept\n`);
  const run = options.keep && !stopped ? await withStore(io, options.store, (store) => keepRun(store, io, made, judgement.events)) : null;
  const report = reportOf(judgement, run);
  if (options.json) printJson(io, 'run', 1, jsonOf(report));
  else io.out(`${printReport(report)}\n`);
  if (judgement.violated) io.exit(1);
  else if (judgement.inconclusive) io.exit(3);
};
