// What a side of a claim reads: finds its reading, checks that its arguments name parts of the run, and gives the value.
import type { Reading, ReadingArgument } from '../core/claim.ts';
import type { Value } from '../core/conditions.ts';
import { Failure, nearest, type Place } from '../core/failure.ts';
import { spaceOf } from '../core/ids.ts';
import type { Term } from '../core/scenario.ts';
import type { World } from '../core/world.ts';
import { readings as registered } from './registry.ts';

export const readings: readonly Reading[] = registered;

export const termText = (term: Term): string => ('constant' in term ? String(term.constant) : `${term.reading}(${term.of.join(', ')})`);

/** A short list is shown whole. */
const shown = 8;

const unknown = (kind: string, name: string, known: readonly string[], place: Place | undefined): Failure => {
  const near = known.length > shown ? nearest(name, known) : undefined;
  const hint = near ? `did you mean ${near}?` : `known: ${known.join(', ') || 'none'}`;
  return new Failure('unknown-name', `no ${kind} is named ${name}; ${hint}`, place);
};

const containersOf = (world: World): string[] => [
  ...new Set([...Object.keys(world.containers), ...Object.values(world.tasks).map((task) => task.container)]),
];

/** Domains and page tables come and go; their owner must be known: `c0.d1`, `g5.default`. */
const owners = (world: World): string[] => [...containersOf(world), ...Object.keys(world.groups).map((group) => `g${group}`)];

const poolsOf = (world: World, iommu: string | undefined): string[] =>
  Object.keys(iommu === 'system' ? world.system.attributes : (world.iommus[iommu ?? '']?.attributes ?? {}));

/** Names that an argument may have; a domain is judged by the name of its owner. */
const knownNames = (world: World, kind: ReadingArgument, before: string | undefined): string[] => {
  switch (kind) {
    case 'container':
      return containersOf(world);
    case 'group':
      return Object.keys(world.groups);
    case 'iommu':
      return [...Object.keys(world.iommus), 'system'];
    case 'pool':
      return poolsOf(world, before);
    case 'domain':
    case 'pageTable':
      return owners(world);
  }
};

/** A further container of an address space, `c0+1`, is opened by some callers and not by others; another reads as nothing. */
const judgedName = (kind: ReadingArgument, name: string): string => {
  if (kind === 'container') return spaceOf(name).space;
  return kind === 'domain' || kind === 'pageTable' ? spaceOf(name.replace(/\.[^.]*$/, '')).space : name;
};

/** `g5` is group 5. */
const idOf = (world: World, kind: ReadingArgument, name: string): string =>
  kind === 'group' && !(name in world.groups) ? name.replace(/^g(?=\d)/, '') : name;

const argumentsOf = (world: World, reading: Reading, names: readonly string[], place: Place | undefined): string[] => {
  if (names.length !== reading.arity)
    throw new Failure('bad-scenario', `${reading.name} takes ${reading.takes.join(', ')}; found ${names.length} arguments`, place);
  return reading.takes.map((kind, index) => {
    const id = idOf(world, kind, names[index]!);
    const known = knownNames(world, kind, names[index - 1]);
    if (!known.includes(judgedName(kind, id))) throw unknown(kind, names[index]!, known, place);
    return id;
  });
};

const readingOf = (name: string, place: Place | undefined): Reading => {
  const found = readings.find((reading) => reading.name === name);
  if (found) return found;
  const known = readings.map((reading) => reading.name);
  throw unknown('reading', name, known, place);
};

/**
 * A side made ready to read any world of a history. Its names are checked against the last one, which knows every container; names
 * that the run does not have are the user's error, with the claim's place.
 */
export const termReader = (last: World, term: Term, place: Place | undefined): ((world: World) => Value) => {
  if ('constant' in term) return () => term.constant;
  const reading = readingOf(term.reading, place);
  const given = argumentsOf(last, reading, term.of, place);
  return (world) => reading.read(world, given);
};

/** The value of a side in the world that also knows its names. */
export const readTerm = (world: World, term: Term, place: Place | undefined): Value => termReader(world, term, place)(world);
