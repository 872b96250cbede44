// Claims that a renaming turns into each other: a run that decides one of them is, its actors exchanged, a run that decides the other.
import { canonical } from '../core/canonical.ts';
import type { Claim, Scenario } from '../core/scenario.ts';
import { claimLabel, type Labels } from './observer.ts';
import { type Renaming, renamed } from './renaming.ts';
import type { Choice, Found } from './strategy.ts';

const nothing: Renaming = new Map();

/** Parameters are compared as words, so that a group by its number is a name. */
const wordsOf = (claim: Claim): object =>
  claim.kind === 'compare'
    ? claim
    : { ...claim, parameters: Object.fromEntries(Object.entries(claim.parameters).map(([name, value]) => [name, String(value)])) };

/** What a claim says, however and wherever it is written. */
const meaning = (claim: Claim, renaming: Renaming): string =>
  canonical(renamed({ ...wordsOf(claim), text: '', place: undefined }, renaming));

/** Claims have no state of their own in the world: what a detector keeps is keyed by names, so that a renaming renames it. */
export const mapsClaims = (claims: readonly Claim[], renaming: Renaming): boolean => {
  const own = new Set(claims.map((claim) => meaning(claim, nothing)));
  const images = new Set(claims.map((claim) => meaning(claim, renaming)));
  return images.size === own.size && [...images].every((image) => own.has(image));
};

/** Answers are numbers of outcomes, in an order that no name decides: they stay. */
const mirrored = (path: readonly Choice[], tasks: readonly string[], renaming: Renaming): Choice[] => {
  const actors = tasks.map((task) => tasks.indexOf(renaming.get(task) ?? task));
  return path.map(({ actor, answers }) => ({ actor: actors[actor]!, answers }));
};

/** Of states that are mirror images one was searched: what was found for a claim is noted for its images. Renamings are a group. */
export const noteMirrors = (
  found: Found,
  labels: Labels,
  { claims }: Scenario,
  { tasks, renamings }: { readonly tasks: readonly string[]; readonly renamings: readonly Renaming[] },
): void => {
  for (const [label, path] of labels.named(found.paths)) {
    if (label.kind !== 'claim') continue;
    for (const renaming of renamings) {
      const image = meaning(claims[label.claim]!, renaming);
      const numbers = claims.flatMap((claim, index) =>
        meaning(claim, nothing) === image ? [labels.number(claimLabel(claim, index, label.outcome))] : [],
      );
      found.note(numbers, () => mirrored(path, tasks, renaming));
    }
  }
};
