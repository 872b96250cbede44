// An exploration as the command line shows it: verdict and counterexamples as text or JSON, kept as runs, and the exit code.
import { checkedNote, markedFindings } from '../core/checkedMarks.ts';
import type { KeptCheck } from '../core/checkedModel.ts';
import type { Scenario, TaskScript } from '../core/scenario.ts';
import { kernelNames } from '../engine/names.ts';
import type { Counterexample, Exploration } from '../explore/exploreOptions.ts';
import { printCounterexample } from '../report/counterexample.ts';
import { wrap } from '../report/text.ts';
import { printVerdict } from '../report/verdict.ts';
import type { ExitCode, Io } from './command.ts';
import { printJson } from './command.ts';

const scriptOf = ({ tasks, before: [start] = [] }: Scenario): { id: string; script: string[] }[] => {
  const words = ({ requests }: TaskScript): string[] => requests.map(({ verb, target }) => (target === null ? verb : `${verb} ${target}`));
  const over = start?.tasks.map((task) => ({ id: `before, ${task.id}`, script: words(task) })) ?? [];
  return [...over, ...tasks.map((task) => ({ id: task.id, script: words(task) }))];
};

const findingOf = ({ label, judgement }: Counterexample) =>
  (label.kind === 'finding' ? judgement.findings.find(({ id }) => id === label.id) : judgement.findings[0]) ?? null;

/** A claim and the finding that breaks it often have one and the same run: it is told once. */
const distinct = (counterexamples: readonly Counterexample[]): Counterexample[] => {
  const seen = new Set<string>();
  const ranked = counterexamples.toSorted((a, b) => Number(a.label.kind !== 'finding') - Number(b.label.kind !== 'finding'));
  return ranked.filter(({ label, token }) => {
    if (label.kind !== 'finding' && seen.has(token)) return false;
    seen.add(token);
    return true;
  });
};

const jsonOf = ({ label, token, schedule, isProven, judgement }: Counterexample) => ({
  label,
  token,
  schedule,
  minimal: isProven,
  script: scriptOf(judgement.recipe.scenario),
  findings: judgement.findings,
  decisions: judgement.run.decisions,
});

const marked = (found: Counterexample, kept: KeptCheck): Counterexample => {
  const { events, findings } = found.judgement;
  return { ...found, judgement: { ...found.judgement, findings: markedFindings(kept, events, findings) } };
};

const noteOf = (kept: KeptCheck, counterexamples: readonly Counterexample[]): string => {
  const resting = counterexamples.filter((found) => findingOf(found)?.notValid);
  return wrap(checkedNote(kept, 'counterexample', resting.length), '  ');
};

export const exitCodeOf = ({ verdict }: Exploration, interrupted: boolean): ExitCode => {
  if (interrupted) return 130;
  return verdict.outcome === 'violated' ? 1 : verdict.outcome === 'inconclusive' ? 3 : 0;
};

export const printExploration = (
  io: Io,
  exploration: Exploration,
  options: { readonly json: boolean; readonly file: string | null; readonly checked?: KeptCheck | null },
): void => {
  const { verdict, engine } = exploration;
  const kept = options.checked ?? null;
  const counterexamples = kept === null ? exploration.counterexamples : exploration.counterexamples.map((found) => marked(found, kept));
  if (options.json) {
    printJson(io, 'explore', 1, { verdict, counterexamples: counterexamples.map(jsonOf) });
    return;
  }
  const names = kernelNames(engine);
  const reports = distinct(counterexamples).map((found) =>
    printCounterexample({
      ...found,
      finding: findingOf(found),
      events: found.judgement.events,
      scripts: scriptOf(found.judgement.recipe.scenario),
      tasks: found.judgement.recipe.scenario.tasks.map(({ id }) => id),
      file: options.file,
      names,
    }),
  );
  const notes = kept === null ? [] : [noteOf(kept, counterexamples)];
  io.out(`${[printVerdict(verdict), ...notes, ...reports].join('\n\n')}\n`);
};
