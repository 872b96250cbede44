// Which renamings make the same of a value: most values name one task and what is its own, so that all renamings which send that task to
// the same place have one image of it.
import { type Renaming, renamedText } from './renaming.ts';

/** Of a renaming that leaves it as it is. */
export const SAME = -1;

/** By renaming: the first one that makes the same of a value, or SAME. */
type Firsts = Int32Array;

const firstsOf = <Item>(images: readonly Item[], isSame: (image: Item) => boolean): Firsts =>
  Int32Array.from(images, (image) => (isSame(image) ? SAME : images.indexOf(image)));

export class Alike {
  readonly #list: readonly Renaming[];
  /** By number; 0: every renaming leaves it as it is. */
  readonly #firsts: Firsts[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #texts = new Map<string, number>();
  readonly #records = new Map<object, number>();
  readonly #both = new Map<string, number>();

  constructor(list: readonly Renaming[]) {
    this.#list = list;
    this.#number(new Int32Array(list.length).fill(SAME));
  }

  firsts(number: number): Firsts {
    return this.#firsts[number]!;
  }

  /** The number of what is alike in both. */
  both(one: number, other: number): number {
    if (one === other || other === 0) return one;
    if (one === 0) return other;
    const key = `${one} ${other}`;
    const known = this.#both.get(key);
    if (known !== undefined) return known;
    const [left, right] = [this.firsts(one), this.firsts(other)];
    const pairs = Array.from(left, (first, lane) => `${first} ${right[lane]}`);
    const made = this.#number(firstsOf(pairs, (pair) => pair === `${SAME} ${SAME}`));
    this.#both.set(key, made);
    return made;
  }

  /** The number of a value that changes no more. */
  of(value: unknown): number {
    if (typeof value === 'string') return this.#ofText(value);
    if (typeof value !== 'object' || value === null) return 0;
    const known = this.#records.get(value);
    if (known !== undefined) return known;
    const parts: readonly unknown[] = Array.isArray(value) ? value : Object.entries(value).flat();
    const number = parts.reduce<number>((sum, part) => this.both(sum, this.of(part)), 0);
    this.#records.set(value, number);
    return number;
  }

  #ofText(text: string): number {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const images = this.#list.map((renaming) => renamedText(text, renaming));
    const made = this.#number(firstsOf(images, (image) => image === text));
    this.#texts.set(text, made);
    return made;
  }

  #number(firsts: Firsts): number {
    const key = firsts.join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#firsts.length);
    return this.#firsts.push(firsts) - 1;
  }
}
