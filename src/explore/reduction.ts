// Partial-order reduction: where one task's next step is independent of everything that the others may still do before it, no other
// task needs to be tried first. A step is independent if it writes nothing that they touch and reads nothing that they write.
import type { Footprints } from './footprints.ts';
import type { Model } from './model.ts';
import { type Footprint, newFootprint } from './places.ts';
import type { Reduction } from './strategy.ts';
import type { Rested } from './told.ts';
import { wide } from './wide.ts';

interface Future {
  readonly actor: number;
  readonly place: number;
  readonly held: readonly number[];
  readonly footprint: Footprint;
  /** All that was taken to be independent of it. */
  readonly rested: Footprint;
}

const meets = (own: Footprint, { reads, writes }: Footprint): boolean =>
  own.writes.meets(reads) || own.writes.meets(writes) || own.reads.meets(writes);

const UNKNOWN = 0;
const INDEPENDENT = 1;
const DEPENDENT = 2;

/** Frozen for one pass: what is learned on the way counts at its end, in `isStale`. */
export class PersistentSets implements Reduction {
  readonly #model: Model;
  readonly #footprints: Footprints;
  readonly #futures: Future[] = [];
  /** By task and set of held locks, by place. */
  readonly #futureNumbers: Map<number, number[]>[];
  /** By leaf, by future. */
  readonly #decisions: Uint8Array<ArrayBuffer>[] = [];
  readonly #tasks: ReadonlyMap<unknown, number>;
  /** Cells of locks, in the order in which they were seen; a set of them is a number. */
  #locks: number[] = [];
  /** By task: the cells of locks that it takes anywhere, and the same as a set. */
  readonly #taken: readonly ReadonlySet<number>[];
  readonly #wanted: Int32Array;
  /** By lock, by value of its cell: the task that holds it. */
  readonly #holders: number[][] = [];
  #seenCells = 0;
  readonly #held: Int32Array;
  readonly #version: number;

  constructor(model: Model, footprints: Footprints) {
    footprints.places.freeze();
    this.#version = footprints.places.version;
    this.#model = model;
    this.#footprints = footprints;
    this.#futureNumbers = model.tasks.map(() => new Map());
    this.#tasks = new Map(model.tasks.map((task, actor) => [task, actor]));
    this.#held = new Int32Array(model.tasks.length);
    this.#wanted = new Int32Array(model.tasks.length);
    this.#taken = footprints.places.taken;
  }

  only(leaf: (actor: number) => number): number {
    const { memo, tasks } = this.#model;
    this.#lookAtLocks();
    for (let actor = 0; actor < tasks.length; actor++) {
      const own = leaf(actor);
      if (!memo.moves.isEmpty(own) && this.#isAlone(actor, own)) return actor;
    }
    return -1;
  }

  #isAlone(actor: number, leaf: number): boolean {
    for (let other = 0; other < this.#held.length; other++) {
      if (other === actor) continue;
      // Locks that the other never takes are as good as free.
      const future = this.#futureOf(other, this.#held[actor]! & this.#wanted[other]!);
      const decisions = this.#decisionsOf(leaf, future);
      if (decisions[future] === UNKNOWN) decisions[future] = this.#decide(leaf, future);
      if (decisions[future] === DEPENDENT) return false;
    }
    return true;
  }

  #decisionsOf(leaf: number, future: number): Uint8Array<ArrayBuffer> {
    const known = this.#decisions[leaf];
    if (known && future < known.length) return known;
    const wider = wide(known ?? new Uint8Array(16), future + 1);
    for (let index = this.#decisions.length; index <= leaf; index++) this.#decisions.push(new Uint8Array(0));
    this.#decisions[leaf] = wider;
    return wider;
  }

  #decide(leaf: number, future: number): number {
    const own = this.#footprints.of(this.#model.memo.leaves[leaf]!);
    const { footprint, rested } = this.#futures[future]!;
    if (meets(own, footprint)) return DEPENDENT;
    rested.reads.join(own.reads);
    rested.writes.join(own.writes);
    return INDEPENDENT;
  }

  #futureOf(actor: number, held: number): number {
    const place = this.#footprints.place(actor);
    const numbers = this.#futureNumbers[actor]!.get(held) ?? [];
    const known = numbers[place];
    if (known !== undefined) return known;
    this.#futureNumbers[actor]!.set(held, numbers);
    const locks = this.#locks.filter((_, index) => (held & (1 << index)) !== 0);
    const footprint = this.#footprints.places.future(actor, place, new Set(locks), true);
    const number = this.#futures.push({ actor, place, held: locks, footprint, rested: newFootprint() }) - 1;
    numbers[place] = number;
    return number;
  }

  /** Who holds which locks now. Beyond twenty locks the rest count as free, which only reduces less. */
  #lookAtLocks(): void {
    const { cells } = this.#model;
    for (; this.#seenCells < cells.names.length; this.#seenCells++)
      if (/^locks\/.* holder$/.test(cells.names[this.#seenCells]!) && this.#locks.length < 20) {
        const bit = 1 << this.#locks.length;
        this.#taken.forEach((locks, actor) => {
          if (locks.has(this.#seenCells)) this.#wanted[actor]! |= bit;
        });
        this.#locks.push(this.#seenCells);
        this.#holders.push([]);
      }
    this.#held.fill(0);
    for (let index = 0; index < this.#locks.length; index++) {
      const cell = this.#locks[index]!;
      const value = cells.current[cell]!;
      if (value === 0) continue;
      const holders = this.#holders[index]!;
      holders[value] ??= this.#tasks.get(cells.values[cell]![value])!;
      this.#held[holders[value]]! |= 1 << index;
    }
  }

  /** Whether a choice of this pass would be another one, now that more is known. */
  get isStale(): boolean {
    if (this.#footprints.places.version === this.#version) return false;
    return this.#futures.some(({ actor, place, held, rested }) =>
      meets(rested, this.#footprints.places.future(actor, place, new Set(held), false)),
    );
  }

  /** What the choices rested on, by names. */
  get rested(): Rested[] {
    const { names } = this.#footprints.places;
    return this.#futures.map(({ actor, place, held, rested }) => ({
      actor,
      place: this.#footprints.places.text(actor, place),
      held: held.map((lock) => names.cell(lock)!),
      reads: names.of(rested.reads),
      writes: names.of(rested.writes),
    }));
  }

  /** Choices that were made elsewhere count as made here. */
  restOn(rested: readonly Rested[]): void {
    const { names } = this.#footprints.places;
    for (const { actor, place, held, reads, writes } of rested) {
      const locks = held.map((lock) => names.number(lock));
      const footprint = newFootprint();
      this.#futures.push({
        actor,
        place: this.#footprints.places.number(actor, place),
        held: locks,
        footprint,
        rested: { reads: names.set(reads), writes: names.set(writes) },
      });
    }
  }
}
