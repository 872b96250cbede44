// The states that a search has seen, as 64-bit fingerprints in one table of open addresses, each with a bit for every neighbour that has
// it (src/explore/neighbours.ts). It lies in shared memory: several workers may add to it, and whoever sets a bit first found the state.
// When the memory limit is reached it becomes a bit state: from then on a new state may be taken for a known one, and the chance of that
// is printed.
import { hasBits, likelihood, setBits } from './bitState.ts';
import { NEAR_BITS } from './neighbours.ts';

/** Words of a slot: two of the fingerprint, two of bits. */
const SLOT = 4;
const BYTES_PER_SLOT = SLOT * 4;
/** A table fuller than this is slow. */
const FULL = 0.75;
/** Stand for a half of zeros, as a word of zero is a free one. */
const ZERO_LOW = 0x5bd1e995;
const ZERO_HIGH = 0x27d4eb2f;

export interface Omission {
  /** Chance that any state was taken for another one because their fingerprints are equal: n²/2^65 at most. */
  readonly collision: number;
  /** Once the memory limit was reached: how likely a new state was left out at the end; null before that. */
  readonly bitState: number | null;
}

export interface Table {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly isBits: boolean;
}

const tableOf = (words: number): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(words * 4));

const firstTable = (limit: number): Table => {
  const slots = 2 ** Math.max(3, Math.min(12, Math.floor(Math.log2(limit / BYTES_PER_SLOT))));
  return { words: tableOf(slots * SLOT), isBits: false };
};

const entriesOf = ({ words, isBits }: Table): number =>
  isBits ? 0 : words.reduce((entries, word, at) => entries + Number(at % SLOT === 0 && word !== 0), 0);

export class Visited {
  /** Distinct states that were added here; several workers add up theirs. */
  size: number;
  /** Slots that were taken here. */
  entries: number;
  /** Others use the table too: it grows only when all of them wait. */
  isShared = false;
  readonly limit: number;
  #words!: Int32Array<SharedArrayBuffer>;
  #mask = 0;
  #isBits = false;
  /** Entries after which a table that nobody shares grows. */
  #most = 0;

  /** `limit`: bytes that the table may take; `size`: states that are in `table` already. */
  constructor(limit: number = 2 ** 31, table: Table = firstTable(limit), size = 0) {
    this.limit = limit;

    this.size = size;
    this.entries = size === 0 ? 0 : entriesOf(table);
    this.use(table);
  }

  use({ words, isBits }: Table): void {
    this.#words = words;
    this.#mask = words.length - 1;
    this.#isBits = isBits;
    this.#most = isBits ? Number.POSITIVE_INFINITY : (words.length / SLOT) * FULL;
  }

  get table(): Table {
    return { words: this.#words, isBits: this.#isBits };
  }

  /** Entries that the table holds before it is slow. */
  get most(): number {
    return this.#most;
  }

  /** What is known was added. */
  get isExact(): boolean {
    return !this.#isBits;
  }

  get bytes(): number {
    return this.#words.byteLength;
  }

  /** `states`: of all workers. */
  omissionOf(states: number = this.size): Omission {
    const collision = states ** 2 / 2 ** 65;
    if (!this.#isBits) return { collision, bitState: null };
    return { collision, bitState: likelihood(this.#words) };
  }

  /** Whether the state is new; it is known afterwards. */
  add(low: number, high: number, near: number): boolean {
    const first = low === 0 ? ZERO_LOW : low;
    const second = high === 0 ? ZERO_HIGH : high;
    const isNew = this.#isBits
      ? setBits(this.#words, first, second, near)
      : this.isShared
        ? this.#putShared(first, second, near)
        : this.#put(first, second, near);
    if (!isNew) return false;
    this.size += 1;
    if (this.entries > this.#most && !this.isShared) this.use(this.larger());
    return true;
  }

  /** Whether the state is known; by the time of the answer another worker may know one that is not. */
  has(low: number, high: number, near: number): boolean {
    const first = low === 0 ? ZERO_LOW : low;
    const second = high === 0 ? ZERO_HIGH : high;
    if (this.#isBits) return hasBits(this.#words, first, second, near);
    const words = this.#words;
    const mask = this.#mask;
    for (let at = (first << 2) & mask; ; at = (at + SLOT) & mask) {
      const found = words[at]!;
      if (found === first && words[at + 1] === second) return ((words[at + 2 + (near >>> 5)]! >>> (near & 31)) & 1) === 1;
      if (found === 0) return false;
    }
  }

  /** The slot of the fingerprint, taken when it is new. */
  #slot(low: number, high: number): number {
    const words = this.#words;
    const mask = this.#mask;
    for (let at = (low << 2) & mask; ; at = (at + SLOT) & mask) {
      const found = words[at]!;
      if (found === low && words[at + 1] === high) return at;
      if (found !== 0) continue;
      words[at] = low;
      words[at + 1] = high;
      this.entries += 1;
      return at;
    }
  }

  #put(low: number, high: number, near: number): boolean {
    const words = this.#words;
    const word = this.#slot(low, high) + 2 + (near >>> 5);
    const before = words[word]!;
    const after = before | (1 << (near & 31));
    words[word] = after;
    return before !== after;
  }

  #putShared(low: number, high: number, near: number): boolean {
    const words = this.#words;
    const mask = this.#mask;
    let at = (low << 2) & mask;
    for (;;) {
      let found = words[at]!;
      if (found === 0) {
        found = Atomics.compareExchange(words, at, 0, low);
        if (found === 0) {
          Atomics.store(words, at + 1, high);
          this.entries += 1;
          break;
        }
      }
      if (found === low && (words[at + 1] || this.#second(at + 1)) === high) break;
      at = (at + SLOT) & mask;
    }
    const bit = 1 << (near & 31);
    return (Atomics.or(words, at + 2 + (near >>> 5), bit) & bit) === 0;
  }

  /** Whoever claimed the slot writes its second word next. */
  #second(at: number): number {
    let found = Atomics.load(this.#words, at);
    while (found === 0) found = Atomics.load(this.#words, at);
    return found;
  }

  /** The next table, with everything in it: twice as large, or the bit state. Nobody may use this one meanwhile. */
  larger(): Table {
    const old = this.#words;
    // The old and the new table live side by side for a moment.
    const isBits = old.byteLength * 3 > this.limit;
    const next = new Visited(this.limit, { words: tableOf(isBits ? old.length : old.length * 2), isBits });
    for (let at = 0; at < old.length; at += SLOT) {
      if (old[at] === 0) continue;
      if (isBits) next.#setEach(old, at);
      else next.#adopt(old, at);
    }
    return next.table;
  }

  #adopt(old: Int32Array, at: number): void {
    const slot = this.#slot(old[at]!, old[at + 1]!);
    this.#words[slot + 2] = old[at + 2]!;
    this.#words[slot + 3] = old[at + 3]!;
  }

  #setEach(words: Int32Array, at: number): void {
    for (let near = 0; near < 1 << NEAR_BITS; near++)
      if (((words[at + 2 + (near >>> 5)]! >>> (near & 31)) & 1) === 1) setBits(this.#words, words[at]!, words[at + 1]!, near);
  }
}
