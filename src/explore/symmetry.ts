// Interchangeable devices, groups and tasks: renamings of the scenario that map its machine, scripts, claims and start onto themselves.
// They touch only the fingerprint: of states that are equal up to a renaming one is explored, as it is.

import { canonical } from '../core/canonical.ts';
import { Alike, SAME } from './alike.ts';
import { ABSENT, type Cells, hashOf } from './cells.ts';
import { type Renaming, renamed, renamedText } from './renaming.ts';
import { type AnyFrame, StackNode } from './stacks.ts';

/** What one cell adds to the fingerprint of a world. */
type Fingerprint = readonly [low: number, high: number, near: number];

/** The cells as a renaming has them. */
class Image {
  readonly #cells: Cells;
  readonly #renaming: Renaming;
  readonly #known: Fingerprint[][] = [];
  /** By cell of a stack. */
  readonly #empty: StackNode[] = [];
  readonly #texts = new Map<AnyFrame, string>();

  constructor(cells: Cells, renaming: Renaming) {
    this.#cells = cells;
    this.#renaming = renaming;
  }

  of(cell: number, value: number): Fingerprint {
    this.#known[cell] ??= [];
    const known = this.#known[cell];
    known[value] ??= this.#fingerprint(cell, value);
    return known[value];
  }

  #fingerprint(cell: number, value: number): Fingerprint {
    const { names, values, neighbours } = this.#cells;
    const name = renamedText(names[cell]!, this.#renaming);
    const own = values[cell]![value];
    if (neighbours[cell] !== undefined) return this.#ofStack(cell, name, own as readonly AnyFrame[]);
    return [...hashOf(`${name}=${canonical(renamed(own, this.#renaming))}`), 0];
  }

  /** As the other task's own stacks are hashed: from the frames below on, and without what tells neighbours apart. */
  #ofStack(cell: number, name: string, stack: readonly AnyFrame[]): Fingerprint {
    const other = this.#cells.neighbours[this.#cells.cell(name)]!;
    this.#empty[cell] ??= new StackNode([], null, () => `${name}=[`);
    let below = this.#empty[cell];
    for (const frame of stack.slice(0, -1)) {
      const text = this.#text(frame);
      below = below.above(text) ?? below.add(frame, text, () => text);
    }
    const top = stack.at(-1);
    return [...below.hashUnder(top && canonical(renamed(other.common(top), this.#renaming))), other.near(stack)];
  }

  #text(frame: AnyFrame): string {
    const known = this.#texts.get(frame);
    if (known !== undefined) return known;
    const made = canonical(renamed(frame, this.#renaming));
    this.#texts.set(frame, made);
    return made;
  }
}

export class Symmetry {
  /** How many renamings; the one that changes nothing is not among them. */
  readonly size: number;
  readonly #cells: Cells;
  readonly #images: readonly Image[];
  readonly #alike: Alike;
  /** By cell and value. */
  readonly #known: number[][] = [];

  constructor(cells: Cells, list: readonly Renaming[]) {
    this.#cells = cells;
    this.#images = list.map((renaming) => new Image(cells, renaming));
    this.#alike = new Alike(list);
    this.size = list.length;
  }

  /** Adds what a value of a cell is under each renaming to the fingerprints that begin there, three words each. */
  add(fingerprints: Int32Array, from: number, cell: number, value: number): void {
    if (value === ABSENT) return;
    let at = from;
    for (const first of this.#firsts(cell, value)) {
      const image = first === SAME ? this.#own(cell, value) : this.#images[first]!.of(cell, value);
      for (const word of image) fingerprints[at++]! ^= word;
    }
  }

  #own(cell: number, value: number): Fingerprint {
    const { low, high, near } = this.#cells;
    return [low[cell]![value]!, high[cell]![value]!, near[cell]![value]!];
  }

  #firsts(cell: number, value: number): Int32Array {
    this.#known[cell] ??= [];
    const known = this.#known[cell];
    const { names, values } = this.#cells;
    known[value] ??= this.#alike.both(this.#alike.of(names[cell]), this.#alike.of(values[cell]![value]));
    return this.#alike.firsts(known[value]);
  }
}
