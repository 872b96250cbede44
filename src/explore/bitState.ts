// States as a few bits each in one table, where memory is short: a new state may be taken for a known one.

/** Bits set for each state. */
const BITS = 3;

const onesOf = (word: number): number => {
  let left = word - ((word >>> 1) & 0x55555555);
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333);
  return Math.imul((left + (left >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

/** One of the bits of a state. */
const bitOf = (low: number, high: number, near: number, index: number): number =>
  Math.imul(low ^ Math.imul(high + near, 2 * index + 1), 0x9e3779b1) ^ (high >>> (index + 1));

export const hasBits = (words: Int32Array, low: number, high: number, near: number): boolean => {
  for (let index = 0; index < BITS; index++) {
    const hash = bitOf(low, high, near, index);
    if ((words[(hash >>> 5) & (words.length - 1)]! & (1 << (hash & 31))) === 0) return false;
  }
  return true;
};

/** Whether the state was new. */
export const setBits = (words: Int32Array, low: number, high: number, near: number): boolean => {
  let isNew = false;
  for (let index = 0; index < BITS; index++) {
    const hash = bitOf(low, high, near, index);
    const word = (hash >>> 5) & (words.length - 1);
    const bit = 1 << (hash & 31);
    if ((words[word]! & bit) === 0 && (Atomics.or(words, word, bit) & bit) === 0) isNew = true;
  }
  return isNew;
};

/** How likely a new state is taken for a known one. */
export const likelihood = (words: Int32Array): number => {
  let ones = 0;
  for (const word of words) ones += onesOf(word);
  return (ones / (words.length * 32)) ** BITS;
};
