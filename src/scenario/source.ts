// What was read, with the place of every part of it: the door through which files, scripts and the builder meet the same checks.
import type { FailureCode, Place } from '../core/failure.ts';

export type Step = string | number;

/** `key`: the name of the entry rather than its value. `offset` counts characters into a one-line text. */
export type PlaceOf = (path: readonly Step[], part?: 'key' | 'value', offset?: number) => Place;

export interface Source {
  readonly value: unknown;
  readonly place: PlaceOf;
}

/** What a text is meant to be, for failures. */
export interface Kind {
  readonly code: FailureCode;
  /** `a scenario`. */
  readonly words: string;
}

export const scenarioKind: Kind = { code: 'bad-scenario', words: 'a scenario' };
export const topologyKind: Kind = { code: 'bad-topology', words: 'a topology' };

/** The places of what stands below `prefix`. */
export const below =
  (place: PlaceOf, prefix: readonly Step[]): PlaceOf =>
  (path, part, offset) =>
    place([...prefix, ...path], part, offset);

/** Places for values that no file holds: the path itself, e.g. `scenario demo: faults[0].nth`. */
export const pathPlaces =
  (title: string): PlaceOf =>
  (path) => ({ file: path.length === 0 ? title : `${title}: ${pathWords(path)}` });

const pathWords = (path: readonly Step[]): string =>
  path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');

export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
