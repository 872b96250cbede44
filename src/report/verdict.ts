// The verdict of a search in the words of the design: what holds within which bounds, or what does not, and what the search left out.
import { counted, grouped } from '../core/counted.ts';
import type { Label } from '../core/label.ts';
import type { Bounds, Verdict } from '../core/verdict.ts';
import { notModelled } from './judgement.ts';
import { section, wrap } from './text.ts';

const faultWords = ({ faults, apiFaults, plausible }: Bounds): string[] => [
  ...(faults === 0
    ? ['no failed allocation']
    : [`at most ${counted(faults, 'failed allocation')}${plausible ? ' that can plausibly fail' : ''}`]),
  ...(apiFaults === 0 ? [] : [`at most ${counted(apiFaults, 'failed kernel API call')}`]),
];

type Bounded = Pick<Verdict, 'bounds' | 'strategy'>;

const orderWords = ({ bounds, strategy }: Bounded): string => {
  if (strategy === 'pct' || strategy === 'pos') return 'sampled orders';
  if (strategy === 'portfolio') return 'orders with few preemptions, and sampled ones';
  return bounds.preemptions === null ? 'all orders' : `orders with at most ${counted(bounds.preemptions, 'preemption')}`;
};

export const boundWords = (bounded: Bounded): string[] => {
  const { bounds } = bounded;
  return [
    ...faultWords(bounds),
    ...(bounds.kills === 0 ? [] : [counted(bounds.kills, 'kill')]),
    ...(bounds.unplugs === 0 ? [] : [counted(bounds.unplugs, 'unplug')]),
    orderWords(bounded),
  ];
};

const scope = (verdict: Verdict): string => {
  const { groups, containers, tasks, effort } = verdict;
  const parts = [
    counted(groups, 'group'),
    counted(containers, 'container'),
    ...(tasks === 1 ? [] : [counted(tasks, 'task')]),
    ...boundWords(verdict),
  ];
  return `${parts.join(', ')} (${grouped(effort.states)} states)`;
};

const headline = (verdict: Verdict): string => {
  const where = `in the model of ${verdict.model} for this scenario: ${scope(verdict)}`;
  if (verdict.outcome === 'holds') return `no counterexample ${where}`;
  if (verdict.outcome === 'violated') return `violated ${where}`;
  return `inconclusive ${where}; nothing was found`;
};

const labelWords = (label: Label): string => {
  if (label.kind === 'finding') return `${label.level}: ${label.rule}, ${label.entity}`;
  if (label.kind === 'deadlock') return `wait for ever: ${label.waiting.join(', ')}`;
  return label.id;
};

/** Contract and cost findings do not decide the verdict; they are listed. */
const alsoSeen = (labels: readonly Label[]): string[] =>
  labels.flatMap((label) => (label.kind === 'finding' && label.level !== 'bug' ? [wrap(`  ${labelWords(label)}`, '      ')] : []));

const omissionWords = ({ effort }: Verdict): string =>
  effort.bitState === null
    ? `64-bit fingerprints: chance that any state was left out ${effort.omission.toExponential(1)}`
    : `bit state: chance that a new state was left out at the end ${effort.bitState.toExponential(1)}`;

const variantLines = ({ variants }: Verdict): string[] => {
  const named = variants.names.filter((name) => name !== '');
  if (named.length === 0) return [];
  const shown = named.slice(0, 8).join('; ');
  return [`starts covered: ${variants.covered} of ${variants.total}: ${shown}${named.length > 8 ? '; ...' : ''}`];
};

const effortLines = (verdict: Verdict): string[] => {
  const { effort, reduced, symmetry, strategy, chances, rows } = verdict;
  return [
    `${grouped(effort.states)} states, ${grouped(effort.transitions)} transitions, ${grouped(effort.ends)} ends, depth ${grouped(effort.depth)}`,
    `${strategy}${reduced ? ', partial-order reduction' : ''}; ${grouped(effort.evaluations)} steps evaluated`,
    ...chances,
    symmetry.length === 0
      ? 'symmetry: nothing is interchangeable'
      : `symmetry: ${symmetry.join('; ')}; what is found stands for its mirror images, too`,
    omissionWords(verdict),
    `rows of drivers and caller: ${rows.met} of ${rows.total} met (--json names the others)`,
    ...variantLines(verdict),
  ];
};

/** What is printed before the counterexamples. */
export const printVerdict = (verdict: Verdict): string =>
  [
    wrap(`${verdict.scenario}: ${verdict.caller} on ${verdict.kernel}`, '  '),
    wrap(headline(verdict), '  '),
    ...verdict.because.map((reason) =>
      wrap(`  ${verdict.outcome === 'violated' ? 'and the search is not complete' : 'because'}: ${reason}`, '      '),
    ),
    ...section(
      'claims',
      verdict.claims.map(({ text, outcome }) => wrap(`  ${outcome.padEnd(9)} ${text}`, '      ')),
    ),
    ...section('also seen', alsoSeen(verdict.labels)),
    ...section(
      'search',
      effortLines(verdict).map((line) => wrap(`  ${line}`, '      ')),
    ),
    wrap(notModelled, '  '),
  ].join('\n');

export const labelText = labelWords;
