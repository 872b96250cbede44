// What a scenario may name, and how a name that nobody knows is refused.
import { Failure, type Place } from '../core/failure.ts';
import { suggestion } from './schemaParts.ts';
import type { Kind } from './source.ts';

/** The names that the rest of the program knows; what is absent here is not checked. */
export interface Known {
  readonly kernels: readonly string[];
  readonly callers: readonly string[];
  readonly detectors: readonly string[];
  /** How many arguments each reading takes. */
  readonly readings: Readonly<Record<string, number>>;
  readonly drivers?: readonly string[];
  /** Kernel APIs and rows that a fault may name. */
  readonly apis?: readonly string[];
  /** The errnos that each of them can give. */
  readonly apiErrnos?: ReadonlyMap<string, readonly string[]>;
  /** Functions and rows that a fault may name as an allocation site, without lines. */
  readonly sites?: readonly string[];
  /** Attribute names for each kind of part. */
  readonly attributes?: Readonly<Record<'iommu' | 'device' | 'group' | 'system', readonly string[]>>;
}

export interface Naming {
  /** `a group of the topology`. */
  readonly words: string;
  readonly names: readonly string[];
  readonly kind: Kind;
  readonly place: Place;
}

/** Refuses a name that is not in the list. */
export const demandName = (found: string, { words, names, kind, place }: Naming): void => {
  if (names.includes(found)) return;
  throw new Failure(kind.code, `expected ${words}, found ${found}${suggestion(found, names)}`, place);
};

/** `./mine.yaml`, `../mine.ts`, `/home/me/mine.yaml`: a file of the user's own instead of a name. */
export const isPath = (word: string): boolean => /^\.{0,2}\//.test(word);

export interface Placed {
  readonly name: string;
  readonly place: Place;
}

/** Refuses the second of two equal names and says where the first is. */
export const demandUnique = (words: string, placed: readonly Placed[], kind: Kind): void => {
  const seen = new Map<string, Place>();
  for (const { name, place } of placed) {
    const first = seen.get(name);
    if (first) throw new Failure(kind.code, `expected each ${words} once, found ${name} again${lineWords(first)}`, place);
    seen.set(name, place);
  }
};

const lineWords = ({ line }: Place): string => (line === undefined ? '' : `; it is first in line ${line}`);
