// One place of the model's sources looked for in another tree: by function and condition, never by line.
import type { Difference } from '../../core/checkedModel.ts';
import type { Place } from '../../core/rowSources.ts';
import type { FunctionSource } from '../c/syntax.ts';
import { tokensOf } from '../conditionTokens.ts';
import type { ModelTree } from './modelTree.ts';
import { calleeOf, conditionKey, errnoKey, gfpKey, placeKey, printsKey, wordingOf } from './placeKeys.ts';
import type { LocatedPlace } from './places.ts';
import { located } from './placeText.ts';

/** What the model's sources have. */
export interface Known {
  /** By function: what one of them is, no other has become. */
  readonly places: ReadonlySet<string>;
  readonly wordings: ReadonlySet<string>;
  /** A check that is found in an old function was there before. */
  readonly functions: ReadonlySet<string>;
}

const isKnown = (known: Known, place: LocatedPlace): boolean => known.places.has(`${place.function} ${place.key}`);

export const knownKey = (place: Place): string => `${place.function} ${placeKey(place)}`;
export const knownWording = (place: Place): string => `${place.function} ${wordingOf(place)}`;

const differ = (status: Difference['status'], what: string, ours: Place, yours: string): Difference => ({
  ...{ status, what, ours: located(ours), yours },
});

const homesOf = (tree: ModelTree, { file, function: name }: Place): readonly FunctionSource[] => {
  const all = tree.functionsNamed(name);
  const own = all.filter((of) => of.file === file);
  return own.length > 0 ? own : all.filter((of) => tree.neighbours(file).includes(of) || !tree.hasFile(file));
};

/** How a place of the same condition differs otherwise. */
const otherwise = (ours: Place, yours: Place): string =>
  [
    ...(errnoKey(ours) === errnoKey(yours) ? [] : ['errno']),
    ...(gfpKey(ours) === gfpKey(yours) ? [] : ['GFP flags']),
    ...(printsKey(ours) === printsKey(yours) ? [] : ['message']),
  ].join(' and ');

const names = (text: string): Set<string> => new Set(text.match(/[A-Za-z_]\w*/g) ?? []);

/** The last name of what is set. */
const memberOf = ({ text }: Place): string | undefined => /(\w+)\W*(?:[-+*/|&^]|<<|>>)?=/.exec(text)?.[1] ?? /\w+/.exec(text)?.[0];

/** At least half of the names are in both. */
const isAlike = (a: Place, b: Place): boolean => {
  if (a.kind === 'change' && memberOf(a) !== memberOf(b)) return false;
  const [one, other] = [names(a.text), names(b.text)];
  const both = [...one].filter((name) => other.has(name)).length;
  return a.kind === b.kind && a.kind !== 'call' && errnoKey(a) === errnoKey(b) && both > 0 && both * 2 >= new Set([...one, ...other]).size;
};

const fullText = (place: Place): string =>
  `${place.kind} ${tokensOf(place.text)?.join(' ') ?? place.text} ${errnoKey(place)} ${gfpKey(place)}`;

/** `ret` or `!page` is tested in every other function. */
const isTelling = ({ text }: Place): boolean => [...names(text)].filter((name) => !name.startsWith('GFP_')).length > 1;

const callees = (tree: ModelTree, of: FunctionSource): (string | null)[] => tree.placesOf(of).map(({ text }) => calleeOf(text));

/** A function that is new, or that the old place calls or is called by. */
const mayHaveIt = (tree: ModelTree, homes: readonly FunctionSource[], of: FunctionSource, known: Known): boolean =>
  !known.functions.has(of.name) || homes.some((home) => callees(tree, home).includes(of.name) || callees(tree, of).includes(home.name));

/** Spares running functions that cannot have it. */
const hasNames = (tree: ModelTree, of: FunctionSource, { text }: Place): boolean => {
  const source = tree.file(of).source.slice(of.from, of.to);
  return [...names(text)].every((name) => source.includes(name));
};

const movedTo = (tree: ModelTree, homes: readonly FunctionSource[], place: Place, known: Known): LocatedPlace | null => {
  if (!isTelling(place)) return null;
  const wanted = fullText(place);
  for (const of of tree.neighbours(place.file)) {
    if (of.name === place.function || !hasNames(tree, of, place)) continue;
    const found = tree.placesOf(of).find((other) => fullText(other) === wanted && !isKnown(known, other));
    if (found && mayHaveIt(tree, homes, of, known)) return found;
  }
  return null;
};

/** The same condition, with something else about it. */
const changedThere = (places: readonly LocatedPlace[], place: Place, known: Known): Difference | null => {
  const found = places.find((other) => conditionKey(other) === conditionKey(place) && !isKnown(known, other));
  return found ? differ('changed', otherwise(place, found), place, located(found)) : null;
};

/** Another condition, where only one can have taken its place. */
const likeIt = (places: readonly LocatedPlace[], place: Place, known: Known): Difference | null => {
  const [alike, second] = places.filter((other) => isAlike(place, other) && !isKnown(known, other));
  return alike && !second ? differ('changed', place.kind === 'change' ? 'what is set' : 'condition', place, located(alike)) : null;
};

const wayOf = ({ file }: Place, found: LocatedPlace): string => (file === found.file ? 'function' : 'file');

const missing = (tree: ModelTree, place: Place): Difference => {
  const part = tree.missingPart(place.file);
  if (part !== null) return differ('unclear', `the tree has no ${part}`, place, '');
  const what = tree.hasFile(place.file) ? `${place.function}() is not there` : `the tree has no ${place.file}`;
  return differ('gone', what, place, '');
};

const lost = (homes: readonly FunctionSource[], place: Place): Difference => {
  const damaged = homes.some((of) => of.damaged);
  if (damaged) return differ('unclear', `${place.function}() could not be read whole`, place, '');
  return differ('gone', `${place.function}() does not have it`, place, '');
};

/** As often as it was, or once with other arguments and no other place's. */
const isSame = (place: Place, exact: readonly LocatedPlace[], equal: readonly LocatedPlace[], known: Known): boolean =>
  exact.length >= place.times ||
  (exact.length === 0 && equal.length >= place.kin && equal.some((other) => !known.wordings.has(`${other.function} ${other.wording}`)));

/** Null: it is the same. */
export const comparePlace = (tree: ModelTree, place: Place, known: Known): Difference | null => {
  const homes = homesOf(tree, place);
  const places = homes.flatMap((of) => tree.placesOf(of));
  const [key, wording] = [placeKey(place), wordingOf(place)];
  const equal = places.filter((other) => other.key === key);
  const exact = places.filter((other) => other.wording === wording);
  if (isSame(place, exact, equal, known)) {
    const { file } = (exact[0] ?? equal[0])!;
    return file === place.file ? null : differ('moved', 'file', place, located((exact[0] ?? equal[0])!, true));
  }
  const moved = (): Difference | null => {
    const found = movedTo(tree, homes, place, known);
    return found && differ('moved', wayOf(place, found), place, located(found, found.file !== place.file));
  };
  const fewer = (): Difference | null =>
    exact.length === 0 ? null : differ('gone', `${place.function}() has only ${exact.length} of ${place.times}`, place, '');
  const changed = changedThere(places, place, known) ?? fewer() ?? likeIt(places, place, known);
  return changed ?? moved() ?? (homes.length === 0 ? missing(tree, place) : lost(homes, place));
};
