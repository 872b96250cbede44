// What `run` and `try` share: judge a recipe, keep it, print it, and set the exit code by its verdict.

import { checkedNote, markedFindings } from '../core/checkedMarks.ts';
import type { KeptCheck } from '../core/checkedModel.ts';
import type { Event } from '../core/events.ts';
import { assumedIn } from '../engine/assumed.ts';
import type { Recipe, Resolve } from '../engine/recipe.ts';
import { type Judgement, type JudgeOptions, judge } from '../explore/judge.ts';
import { printReport, type Report } from '../report/judgement.ts';
import { summarise } from '../report/runSummary.ts';
import { ruleText } from '../report/text.ts';
import { checkedFor, profileName } from './checked.ts';
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
  /** File of a checked tree. */
  readonly checked?: string;
  readonly run?: JudgeOptions['run'];
  /** The run that this one was forked from, after which event, and lines to print before the report. */
  readonly parent?: string;
  readonly at?: number;
  readonly heading?: (run: string | null, events: readonly Event[]) => readonly string[];
  readonly resolve?: Resolve;
}

const reportOf = (judgement: Judgement, run: string | null, kept: KeptCheck | null): Report => {
  const { engine, recipe, events, claims } = judgement;
  const findings = kept === null ? judgement.findings : markedFindings(kept, events, judgement.findings);
  const { model } = engine;
  return {
    title: recipe.scenario.title === '' ? recipe.scenario.name : `${recipe.scenario.name}: ${recipe.scenario.title}`,
    model: model.kernel === model.profile.name ? model.profile.title : `${model.profile.title} with ${model.kernel}`,
    caller: model.caller.name,
    above: model.above?.name ?? null,
    rule: ruleText(model.scan),
    contract: model.contract?.name ?? null,
    hypothetical: model.hypothetical,
    summary: summarise(events),
    findings,
    claims,
    assumed: assumedIn(engine, recipe.scenario, events),
    unreached: judgement.unreached,
    stuck: judgement.run.stuck,
    ...(kept === null ? {} : { checked: checkedNote(kept, 'finding', findings.filter(({ notValid }) => notValid).length) }),
    run,
  };
};

const jsonOf = (report: Report) => {
  const { summary, ...rest } = report;
  return { ...rest, requests: summary.requests, events: summary.events, world: summary.world };
};

/** Judges, keeps, prints; exits 1 when violated, 3 when inconclusive. */
export const runJudged = async (io: Io, recipe: Recipe, options: JudgedOptions): Promise<void> => {
  const resolve = options.resolve ?? (await resolverFor([recipe]));
  const kept = checkedFor(options.checked, [profileName(resolve, recipe)]);
  const judgement = judge(recipe, { resolve, ...(options.cost ? { cost: true } : {}), ...(options.run ? { run: options.run } : {}) });
  const made: Recipe = { ...recipe, decisions: judgement.run.decisions };
  const { stopped } = judgement.run;
  if (stopped) io.err(`stopped after event ${judgement.events.length}; what is left of a run cannot be run again, so it is not kept\n`);
  const run =
    options.keep && !stopped
      ? await withStore(io, options.store, (store) => keepRun(store, io, made, judgement.events, options.parent ?? null))
      : null;
  const report = reportOf(judgement, run, kept);
  const heading = options.heading?.(run, judgement.events) ?? [];
  const { parent, at } = options;
  if (options.json)
    printJson(io, parent === undefined ? 'run' : 'fork', 1, { ...jsonOf(report), ...(parent === undefined ? {} : { parent, at }) });
  else io.out(`${[...heading, printReport(report)].join('\n')}\n`);
  if (judgement.violated) io.exit(1);
  else if (judgement.inconclusive) io.exit(3);
};
