// Sets of small numbers that grow, for footprints: what is asked of them most is whether two meet.
import { wide } from './wide.ts';

export class BitSet {
  #words = new Int32Array(4);

  get words(): Int32Array {
    return this.#words;
  }

  get numbers(): number[] {
    const bits = Array.from(this.#words, (word, index) =>
      Array.from({ length: 32 }, (_, bit) => ((word >>> bit) & 1 ? index * 32 + bit : -1)),
    );
    return bits.flat().filter((number) => number >= 0);
  }

  /** Whether the number is new. */
  add(number: number): boolean {
    const word = number >>> 5;
    if (word >= this.#words.length) this.#words = wide(this.#words, word + 1);
    const bit = 1 << (number & 31);
    if ((this.#words[word]! & bit) !== 0) return false;
    this.#words[word]! |= bit;
    return true;
  }

  /** Takes in another set; whether anything was new. */
  join(other: BitSet): boolean {
    const words = other.#words;
    if (words.length > this.#words.length) this.#words = wide(this.#words, words.length);
    let isNew = false;
    for (let word = 0; word < words.length; word++) {
      if ((words[word]! & ~this.#words[word]!) === 0) continue;
      this.#words[word]! |= words[word]!;
      isNew = true;
    }
    return isNew;
  }

  meets(other: BitSet): boolean {
    const length = Math.min(this.#words.length, other.#words.length);
    for (let word = 0; word < length; word++) if ((this.#words[word]! & other.#words[word]!) !== 0) return true;
    return false;
  }
}
