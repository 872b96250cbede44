// What is known of each place of each task: what its steps touch and where they lead, and so what a task may still touch from there. A pass
// rests on what was known when it began, whatever it learns on the way, so that it does not matter who learns what first.
import { BitSet } from './bitSet.ts';
import type { Cells } from './cells.ts';
import { FieldNames, type Told } from './told.ts';

/** Reads and writes; a write counts as one of each question about the cell whose answer it changes. */
export interface Footprint {
  readonly reads: BitSet;
  readonly writes: BitSet;
}

export const newFootprint = (): Footprint => ({ reads: new BitSet(), writes: new BitSet() });

type Step = Footprint & { readonly next: Set<number> };

/** Its steps by the lock that they take (-1: none). */
type Place = Map<number, Step>;

/** Takes in a step; `next`: the place behind it, or -1. */
export type Grow = (lock: number, reads: BitSet, writes: BitSet, next: number) => void;

const newStep = (): Step => ({ ...newFootprint(), next: new Set() });

const copyOf = ({ reads, writes, next }: Step): Step => {
  const copy: Step = { ...newFootprint(), next: new Set(next) };
  copy.reads.join(reads);
  copy.writes.join(writes);
  return copy;
};

export class Places {
  /** Grows with all that was not known. */
  version = 0;
  readonly names: FieldNames;
  readonly #places: Place[][];
  #frozen: readonly (readonly Place[])[] = [];
  readonly #numbers: Map<string, number>[];

  constructor(cells: Cells, tasks: number) {
    this.names = new FieldNames(cells);
    this.#places = Array.from({ length: tasks }, () => []);
    this.#numbers = this.#places.map(() => new Map());
  }

  /** The number of a task's place by its text. */
  number(actor: number, text: string): number {
    const numbers = this.#numbers[actor]!;
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return this.#places[actor]!.push(new Map()) - 1;
  }

  text(actor: number, place: number): string {
    return [...this.#numbers[actor]!.keys()][place]!;
  }

  growing(actor: number, number: number): Grow {
    const place = this.#places[actor]![number]!;
    return (lock, reads, writes, next) => {
      const step = place.get(lock) ?? newStep();
      place.set(lock, step);
      const isNew = [step.reads.join(reads), step.writes.join(writes), next >= 0 && !step.next.has(next)].some(Boolean);
      if (next >= 0) step.next.add(next);
      if (isNew) this.version += 1;
    };
  }

  /** From now on `future` tells what is known now, until the next time. */
  freeze(): void {
    this.#frozen = this.#places.map((places) => places.map((place) => new Map([...place].map(([lock, step]) => [lock, copyOf(step)]))));
  }

  /** By task: the locks that it takes anywhere, as known when it was frozen. */
  get taken(): Set<number>[] {
    return this.#frozen.map((places) => new Set(places.flatMap((place) => [...place.keys()])));
  }

  /** What the task may touch from a place on, as long as it cannot take the locks that are held by others. */
  future(actor: number, number: number, held: ReadonlySet<number>, isFrozen: boolean): Footprint {
    const places = (isFrozen ? this.#frozen : this.#places)[actor]!;
    const future = newFootprint();
    const reached = new Set([number]);
    for (const at of reached) {
      for (const [lock, step] of places[at] ?? []) {
        future.reads.join(step.reads);
        if (held.has(lock)) continue;
        future.writes.join(step.writes);
        for (const next of step.next) reached.add(next);
      }
    }
    return future;
  }

  /** What is known, or what was when it was frozen, by names, for a worker whose numbers are others. */
  told(isFrozen: boolean): Told[] {
    const { names } = this;
    return (isFrozen ? this.#frozen : this.#places).flatMap((places, actor) => {
      const texts = [...this.#numbers[actor]!.keys()];
      return places.flatMap((place, number) =>
        [...place].map(([lock, { reads, writes, next }]) => ({
          actor,
          place: texts[number]!,
          lock: names.cell(lock),
          reads: names.of(reads),
          writes: names.of(writes),
          next: [...next].map((at) => texts[at]!),
        })),
      );
    });
  }

  /** Joins what another worker knows. */
  hear(told: readonly Told[]): void {
    const { names } = this;
    for (const { actor, place, lock, reads, writes, next } of told) {
      const grow = this.growing(actor, this.number(actor, place));
      const [read, written] = [names.set(reads), names.set(writes)];
      for (const after of next.length === 0 ? [-1] : next.map((text) => this.number(actor, text)))
        grow(names.number(lock), read, written, after);
    }
  }
}
