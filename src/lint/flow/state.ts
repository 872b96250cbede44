// What holds at one point of a function: values and roots of variables, the branches taken to get there, locks, messages.
import type { Print } from '../../core/returnSites.ts';
import { isWithin } from './places.ts';
import { common, commonGuards, type Guard, joined, type Value } from './values.ts';

export class State {
  readonly values: Map<string, readonly Value[]>;
  readonly roots: Map<string, number>;
  guards: readonly Guard[] = [];
  locks: readonly string[] = [];
  /** Messages since the last branch. */
  prints: readonly Print[] = [];
  /** Within a short refusal of a mismatch: its check. */
  refusal: Guard | null = null;

  constructor(values: Iterable<readonly [string, readonly Value[]]>, roots: Iterable<readonly [string, number]>) {
    this.values = new Map(values);
    this.roots = new Map(roots);
  }

  clone(): State {
    const copy = new State(this.values, this.roots);
    return Object.assign(copy, { guards: this.guards, locks: this.locks, prints: this.prints, refusal: this.refusal });
  }

  /** The other's contents, for whoever holds this one. */
  become(other: State): void {
    this.values.clear();
    this.roots.clear();
    for (const [name, values] of other.values) this.values.set(name, values);
    for (const [name, bits] of other.roots) this.roots.set(name, bits);
    Object.assign(this, { guards: other.guards, locks: other.locks, prints: other.prints, refusal: other.refusal });
  }

  /** Members of what changes are not what they were. */
  forget(place: string): void {
    for (const other of this.values.keys()) if (other !== place && isWithin(other, place)) this.values.delete(other);
  }

  /** Functions of the tree may change any member. */
  forgetMembers(): void {
    for (const place of this.values.keys()) if (place.includes('.')) this.values.delete(place);
  }

  /** Every value of every variable through `change`; the same array where nothing changes. */
  each(change: (value: Value, all: readonly Value[]) => Value): void {
    for (const [name, values] of this.values) {
      const changed = values.map((value) => change(value, values));
      if (changed.some((value, index) => value !== values[index])) this.values.set(name, changed);
    }
  }

  guarded(guard: Guard): State {
    this.guards = [...this.guards, guard];
    this.prints = [];
    return this;
  }
}

/** Either of two ways; null is a way that nobody takes. */
export const meet = (a: State | null, b: State | null): State | null => {
  if (a === null || b === null || a === b) return a ?? b;
  const result = a.clone();
  for (const [name, values] of b.values) {
    const other = a.values.get(name);
    // A member that only one way follows is unknown behind both; a variable was not set on the other.
    if (other !== undefined || !name.includes('.')) result.values.set(name, joined(other ?? [], values));
  }
  for (const name of a.values.keys()) if (name.includes('.') && !b.values.has(name)) result.values.delete(name);
  for (const [name, bits] of b.roots) result.roots.set(name, (result.roots.get(name) ?? 0) | bits);
  result.guards = commonGuards(a.guards, b.guards);
  result.locks = common(a.locks, b.locks);
  result.prints = common(a.prints, b.prints);
  result.refusal = a.refusal === b.refusal ? a.refusal : null;
  return result;
};

/** Whether another round of a loop, or another way to a label, would bring anything new. */
export const sameValues = (a: State, b: State): boolean =>
  a.values.size === b.values.size &&
  [...a.values].every(([name, values]) => {
    const other = b.values.get(name);
    return other !== undefined && (other === values || joined(other, values).length === other.length);
  });
