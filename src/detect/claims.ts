// Judges a scenario's claims over a finished history, at its quiescent points: the end of each request, and the end.
import type { ClaimResult } from '../core/claim.ts';
import type { Value } from '../core/conditions.ts';
import type { Event } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import { Failure, nearest } from '../core/failure.ts';
import type { Detector, Hit, Probe } from '../core/finding.ts';
import type { Claim, Operator } from '../core/scenario.ts';
import { emptyWorld, type World } from '../core/world.ts';
import { detectors } from './audit.ts';
import { openFold } from './fold.ts';
import { worldAfter } from './history.ts';
import { termReader, termText } from './terms.ts';

type Comparing = Extract<Claim, { kind: 'compare' }>;
type Detecting = Extract<Claim, { kind: 'detector' }>;

/** Nothing is written `none`. */
const comparable = (value: Value): Value => (value === null ? 'none' : value);

const equal = (left: Value, right: Value): boolean => JSON.stringify(comparable(left)) === JSON.stringify(comparable(right));

const inOrder: Record<Exclude<Operator, '==' | '!='>, (left: number, right: number) => boolean> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

const compare = (claim: Comparing, left: Value, right: Value): boolean => {
  const { operator } = claim;
  if (operator === '==' || operator === '!=') return equal(left, right) === (operator === '==');
  if (typeof left === 'number' && typeof right === 'number') return inOrder[operator](left, right);
  const found = [left, right].map((value) => JSON.stringify(comparable(value))).join(' and ');
  throw new Failure('bad-scenario', `${claim.text}: ${operator} compares numbers, found ${found}`, claim.place);
};

/** A comparison made ready to judge any world of a history. */
interface Ready {
  readonly claim: Comparing;
  readonly left: (world: World) => Value;
  readonly right: (world: World) => Value;
}

const ready = (claim: Comparing, last: World): Ready => {
  const [left, right] = [claim.left, claim.right].map((term) => termReader(last, term, claim.place));
  return { claim, left: left!, right: right! };
};

const holdsIn = ({ claim, left, right }: Ready, world: World): { readonly holds: boolean; readonly values: ClaimResult['values'] } => {
  const sides = [
    { term: claim.left, value: left(world) },
    { term: claim.right, value: right(world) },
  ];
  const values = Object.fromEntries(sides.flatMap(({ term, value }) => ('constant' in term ? [] : [[termText(term), value]])));
  return { holds: compare(claim, sides[0]!.value, sides[1]!.value), values };
};

/** A verdict that this point decides; null: it is still open. `at` is null at the end of the history. */
const decide = (comparison: Ready, world: World, at: number | null): ClaimResult | null => {
  const { claim } = comparison;
  const isEnd = at === null;
  if (claim.mood === 'at-end' && !isEnd) return null;
  const { holds, values } = holdsIn(comparison, world);
  if (claim.mood === 'sometimes') {
    if (holds) return { claim, outcome: 'held', at, values };
    return isEnd ? { claim, outcome: 'never met', at, values } : null;
  }
  if (!holds) return { claim, outcome: 'violated', at, values };
  return isEnd ? { claim, outcome: 'held', at, values } : null;
};

/** A comparison ready to be judged in any world of a search; names are checked against the booted world. */
export interface ComparedClaim {
  readonly claim: Comparing;
  readonly holds: (world: World) => boolean;
}

export const comparedClaim = (claim: Comparing, booted: World): ComparedClaim => {
  const comparison = ready(claim, booted);
  return { claim, holds: (world) => holdsIn(comparison, world).holds };
};

/** The detector that a claim names. */
export const claimedDetector = (claim: Detecting): Detector => {
  const found = detectors.find(({ id }) => id === claim.detector);
  if (found) return found;
  const ids = detectors.map(({ id }) => id);
  const near = nearest(claim.detector, ids);
  const hint = near ? `did you mean ${near}?` : `known: ${ids.join(', ')}`;
  throw new Failure('unknown-name', `no detector is named ${claim.detector}; ${hint}`, claim.place);
};

/** A claim's parameters narrow it: only hits that name these subjects count, e.g. `{ container: c0 }`. */
export const concerns = (claim: Detecting, { subject }: Hit): boolean =>
  Object.entries(claim.parameters).every(([name, value]) => subject[name] === String(value));

const detected = (claim: Detecting, history: readonly Event[], probe: Probe): ClaimResult => {
  const look = openFold([claimedDetector(claim)], probe);
  for (const event of history) {
    const seen = look(event).find(({ hit }) => concerns(claim, hit));
    if (seen) return { claim, outcome: 'violated', at: seen.at, values: { ...seen.hit.subject } as Record<string, Value> };
  }
  return { claim, outcome: 'held', at: null, values: {} };
};

const compared = (claims: readonly Comparing[], history: readonly Event[], last: World): Map<Claim, ClaimResult> => {
  const comparisons = claims.map((claim) => ready(claim, last));
  const world = emptyWorld();
  const results = new Map<Claim, ClaimResult>();
  const judge = (at: number | null): void => {
    for (const comparison of comparisons) {
      const result = results.has(comparison.claim) ? null : decide(comparison, world, at);
      if (result) results.set(comparison.claim, result);
    }
  };
  history.forEach((event, index) => {
    evolve(world, event);
    if (event.type === 'RequestEnded') judge(index + 1);
  });
  judge(null);
  return results;
};

/** One result for each claim, in their order. `last`: the world after the history, where it is at hand. */
export const evaluateClaims = (history: readonly Event[], claims: readonly Claim[], probe: Probe, last?: World): ClaimResult[] => {
  const comparing = claims.filter((claim) => claim.kind === 'compare');
  const results: ReadonlyMap<Claim, ClaimResult> =
    comparing.length === 0 ? new Map() : compared(comparing, history, last ?? worldAfter(history, history.length));
  return claims.map((claim) => (claim.kind === 'compare' ? results.get(claim)! : detected(claim, history, probe)));
};
