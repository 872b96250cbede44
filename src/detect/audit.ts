// Audits a finished history: folds it through detectors, explains what they saw, and ranks it.
import type { Event } from '../core/events.ts';
import type { Because, Detector, Finding, Level, Probe } from '../core/finding.ts';
import { type Plausible, plausibilities } from '../core/rows.ts';
import { openFold, type Seen } from './fold.ts';
import { lastUpTo, startOf } from './history.ts';
import { detectors as registered } from './registry.ts';

export const detectors = registered as readonly Detector[];

/** Needless work is shown on request only. */
export const shownDetectors: readonly Detector[] = detectors.filter((detector) => detector.level !== 'cost');

const levels: readonly Level[] = ['bug', 'contract', 'cost'];

/** How the least likely failure of the chain can come about: all of them are needed. */
const plausibleOf = (history: readonly Event[], because: readonly Because[]): Plausible | null => {
  const ranks = because.flatMap(({ at }) => {
    const event = at === null ? undefined : history[at - 1];
    return event?.type === 'AllocationFailed' ? [plausibilities.indexOf(event.plausible)] : [];
  });
  return ranks.length === 0 ? null : plausibilities[Math.max(...ranks)]!;
};

const apiOf = (history: readonly Event[], because: readonly Because[]): { readonly api?: string } => {
  const failed = because.map(({ at }) => (at === null ? undefined : history[at - 1])).find((event) => event?.type === 'ApiFailed');
  return failed?.type === 'ApiFailed' ? { api: failed.api } : {};
};

const idOf = ({ detector, hit }: Seen): string => `${detector.id}:${hit.entity}`;

/** What a recording shows needs no other evidence: it happened. */
const recordedOf = (history: readonly Event[], at: number): Partial<Pick<Finding, 'evidence' | 'line'>> => {
  const { recorded, scenario } = startOf(history);
  if (recorded === undefined) return {};
  const line = lastUpTo(history, at, 'FunctionLeft')?.event.line ?? 0;
  return { evidence: { kind: 'recorded', source: `${scenario}, ${recorded === '' ? 'an unnamed kernel' : `linux ${recorded}`}` }, line };
};

/** With its because-chain. */
export const findingOf = (history: readonly Event[], seen: Seen, probe: Probe): Finding => {
  const { detector, at, hit } = seen;
  const because = detector.explain(history, at, hit, probe);
  return {
    id: idOf(seen),
    rule: detector.id,
    level: detector.level,
    title: detector.title,
    entity: hit.entity,
    subject: hit.subject,
    at,
    because,
    evidence: detector.evidenceFor?.(history, at, hit) ?? detector.evidence,
    plausible: plausibleOf(history, because),
    ...apiOf(history, because),
    ...recordedOf(history, at),
  };
};

/** What needs no failure ranks first. */
const plausibleRank = ({ plausible }: Finding): number => (plausible === null ? -1 : plausibilities.indexOf(plausible));

const byRank = (a: Finding, b: Finding): number =>
  levels.indexOf(a.level) - levels.indexOf(b.level) || plausibleRank(a) - plausibleRank(b) || a.at - b.at;

/** The same rule broken for the same entity is one finding, from where it was seen first. */
const firstOfEach = (seen: readonly Seen[]): Seen[] => {
  const first = new Map<string, Seen>();
  for (const found of seen) if (!first.has(idOf(found))) first.set(idOf(found), found);
  return [...first.values()];
};

/** Findings of a history that begins with RunStarted: bugs first, then contract, then cost; the likely before the unlikely. */
export const audit = (history: readonly Event[], probe: Probe, used: readonly Detector[] = shownDetectors): Finding[] => {
  const seen = history.flatMap(openFold(used, probe));
  return firstOfEach(seen)
    .map((found) => findingOf(history, found, probe))
    .sort(byRank);
};
