// What a variable can hold, as far as errnos are concerned: a small set of values, each with where it came from. Values are immutable.

import type { Print, SourceLine, WitnessStep } from '../../core/returnSites.ts';
import type { Class } from '../../core/rows.ts';

/** Where what an expression reads comes from, as bits: the domain and device that were handed in, or neither. */
export const roots = { domain: 1, device: 2, global: 4 } as const;

export interface Term {
  readonly roots: number;
  readonly isDirect: boolean;
}

/** A branch that was taken. */
export interface Guard extends SourceLine {
  readonly function: string;
  readonly text: string;
  readonly holds: boolean;
  readonly roots: number;
  /** What each of the tests that `&&` and `||` join reads, and whether it reads members of one thing only, against a constant. */
  readonly terms: readonly Term[];
  /** It holds because the domain and the device do not agree. */
  readonly mismatch: boolean;
  readonly domain: 'fresh' | 'used' | null;
  /** It holds only because the other branch never comes here. */
  readonly after: boolean;
  /** What made it hold, where that is the result of a call. */
  readonly causes: readonly Value[];
}

export interface Origin extends SourceLine {
  readonly function: string;
  readonly text: string;
  readonly how: 'constant' | 'api' | 'memory';
  readonly api: string | null;
  readonly class: Class | null;
}

/**
 * `named`: a constant whose number is not known; `good`: neither null nor an errno; `index`: a number that is no errno; `function`: the
 * function of that name. A `good` or `index` with an origin is the answer of a call that tells of a failure.
 */
export type Kind = 'zero' | 'errno' | 'good' | 'index' | 'named' | 'function' | 'unknown';

export interface Value {
  readonly kind: Kind;
  /** Errnos that a kernel function chooses from; empty where none is known. For `named` its name. */
  readonly names: readonly string[];
  readonly origin: Origin | null;
  readonly guards: readonly Guard[];
  /** The check that it belongs to; undefined while later checks may still claim it. */
  readonly check: Guard | null | undefined;
  /** Success that a check of another thing than success led to. */
  readonly silent: Guard | null;
  readonly locks: readonly string[];
  readonly prints: readonly Print[];
  /** Calls on the way here, outermost first. */
  readonly steps: readonly WitnessStep[];
  readonly unresolved: string | null;
}

const nothing = { names: [], origin: null, guards: [], check: undefined, silent: null, locks: [], prints: [], steps: [], unresolved: null };

export const zero: Value = { ...nothing, kind: 'zero' };
export const good: Value = { ...nothing, kind: 'good' };
export const index: Value = { ...nothing, kind: 'index' };
export const functionNamed = (name: string): Value => ({ ...nothing, kind: 'function', names: [name] });
export const named = (name: string): Value => ({ ...nothing, kind: 'named', names: [name] });
export const unknown = (what: string): Value => ({ ...nothing, kind: 'unknown', unresolved: what });
export const errno = (names: readonly string[], origin: Origin): Value => ({ ...nothing, kind: 'errno', names, origin });

/** The check that a constant belongs to: the newest branch, unless all that is left is not to have left before. */
export const checkOf = (guards: readonly Guard[]): Guard | null => guards.findLast(({ after }) => !after) ?? guards.at(-1) ?? null;

/**
 * A constant that no later check may claim any more. What remained when all else had left is its check only where it is returned at once
 * (`isDirect`): a variable may hold what a loop did not find.
 */
export const bound = (value: Value, guards: readonly Guard[], isDirect = false): Value => {
  if (value.check !== undefined || value.origin === null) return value;
  const check = checkOf(guards);
  return { ...value, check: check?.after && !isDirect ? null : check };
};

const place = (at: SourceLine | null): string => (at === null ? '' : `${at.file}:${at.line}`);

/** Two values of equal keys are the same value met on two ways. */
export const keyOf = ({ kind, names, origin, check, silent, steps, unresolved }: Value): string =>
  [
    kind,
    names.join('|'),
    place(origin),
    check ? `${place(check)}${check.holds}${check.text}` : `${check}`,
    place(silent),
    steps.map(place).join('>'),
    unresolved,
  ].join(';');

export const common = <T>(a: readonly T[], b: readonly T[]): readonly T[] => (a === b ? a : a.filter((item) => b.includes(item)));

/** A branch is met again in every round of a loop. */
const sameGuard = (a: Guard, b: Guard): boolean =>
  a === b || (a.line === b.line && a.holds === b.holds && a.text === b.text && a.file === b.file);

export const commonGuards = (a: readonly Guard[], b: readonly Guard[]): readonly Guard[] =>
  a === b ? a : a.filter((guard) => b.includes(guard) || b.some((other) => sameGuard(guard, other)));

const merged = (a: Value, b: Value): Value => ({
  ...a,
  guards: commonGuards(a.guards, b.guards),
  locks: common(a.locks, b.locks),
  prints: common(a.prints, b.prints),
});

/** The union; of a value met on both ways remains what both ways share. */
export const joined = (a: readonly Value[], b: readonly Value[]): readonly Value[] => {
  if (a === b) return a;
  const byKey = new Map(a.map((value) => [keyOf(value), value]));
  for (const value of b) {
    const key = keyOf(value);
    const same = byKey.get(key);
    byKey.set(key, same === undefined || same === value ? value : merged(same, value));
  }
  return [...byKey.values()];
};

/** A failure, whether as an errno, as a null pointer of an allocation, or as an answer that tells of one. */
export const fails = ({ kind, origin }: Value): boolean => kind === 'errno' || (kind !== 'unknown' && origin !== null);
