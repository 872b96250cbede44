// The states that a search has seen, as 64-bit fingerprints in one table of open addresses. When the memory limit is reached it becomes a
// bit state: from then on a new state may be taken for a known one, and the chance of that is printed.

const BYTES_PER_SLOT = 8;
/** A table fuller than this is slow. */
const FULL = 0.75;
/** Bits set for each state once it is a bit state. */
const BITS = 3;

export interface Omission {
  /** Chance that any state was taken for another one because their fingerprints are equal: n²/2^65. */
  readonly collision: number;
  /** Once the memory limit was reached: how likely a new state was left out at the end; null before that. */
  readonly bitState: number | null;
}

export class Visited {
  #slots: Int32Array;
  #mask: number;
  #bits: Uint32Array | null = null;
  #setBits = 0;
  readonly #limit: number;
  /** Distinct states. */
  size = 0;

  /** `limit`: bytes that the table may take. */
  constructor(limit: number = 2 ** 31) {
    this.#limit = limit;
    const slots = 2 ** Math.max(4, Math.min(12, Math.floor(Math.log2(limit / BYTES_PER_SLOT))));
    this.#slots = new Int32Array(slots * 2);
    this.#mask = slots * 2 - 1;
  }

  get omission(): Omission {
    const bits = this.#bits;
    const bitState = bits === null ? null : (this.#setBits / (bits.length * 32)) ** BITS;
    return { collision: this.size ** 2 / 2 ** 65, bitState };
  }

  get bytes(): number {
    return this.#bits?.byteLength ?? this.#slots.byteLength;
  }

  /** Whether the state is new; it is known afterwards. */
  add(low: number, high: number): boolean {
    if (this.#bits !== null) return this.#addBits(low, high);
    // A slot of two zeros is free.
    if (!this.#put(low === 0 && high === 0 ? 1 : low, high)) return false;
    this.size += 1;
    if (this.size > ((this.#mask + 1) / 2) * FULL) this.#grow();
    return true;
  }

  #put(low: number, high: number): boolean {
    const slots = this.#slots;
    const mask = this.#mask;
    let at = (low << 1) & mask;
    for (;;) {
      const found = slots[at]!;
      if (found === 0 && slots[at + 1] === 0) break;
      if (found === low && slots[at + 1] === high) return false;
      at = (at + 2) & mask;
    }
    slots[at] = low;
    slots[at + 1] = high;
    return true;
  }

  #grow(): void {
    const old = this.#slots;
    // The old and the new table live side by side for a moment.
    if (old.byteLength * 3 > this.#limit) {
      this.#becomeBits();
      return;
    }
    this.#slots = new Int32Array(old.length * 2);
    this.#mask = this.#slots.length - 1;
    for (let at = 0; at < old.length; at += 2) if (old[at] !== 0 || old[at + 1] !== 0) this.#put(old[at]!, old[at + 1]!);
  }

  #becomeBits(): void {
    const old = this.#slots;
    this.#bits = new Uint32Array(2 ** Math.floor(Math.log2(Math.max(old.byteLength, 64) / 4)));
    this.#slots = new Int32Array(2);
    for (let at = 0; at < old.length; at += 2) if (old[at] !== 0 || old[at + 1] !== 0) this.#setAll(old[at]!, old[at + 1]!);
  }

  #addBits(low: number, high: number): boolean {
    if (!this.#setAll(low, high)) return false;
    this.size += 1;
    return true;
  }

  #setAll(low: number, high: number): boolean {
    const bits = this.#bits!;
    let isNew = false;
    for (let index = 0; index < BITS; index++) {
      const hash = Math.imul(low ^ Math.imul(high, 2 * index + 1), 0x9e3779b1) ^ (high >>> (index + 1));
      const word = (hash >>> 5) & (bits.length - 1);
      const bit = 1 << (hash & 31);
      if ((bits[word]! & bit) !== 0) continue;
      bits[word] = bits[word]! | bit;
      this.#setBits += 1;
      isNew = true;
    }
    return isNew;
  }
}
