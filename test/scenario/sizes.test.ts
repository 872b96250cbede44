// Sizes and addresses as text, both ways.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSize, printSize } from '../../src/scenario/sizes.ts';

const seed = Number(process.env.SEED ?? 1);

describe('a size', () => {
  it.each([
    ['4096', 4096],
    ['0', 0],
    ['0x1000', 4096],
    ['0X1f', 31],
    ['64K', 65536],
    ['64k', 65536],
    ['2M', 2097152],
    ['1G', 1073741824],
    ['1T', 1099511627776],
    ['0x10K', 16384],
    ['', null],
    ['K', null],
    ['64KB', null],
    ['-1', null],
    ['1.5K', null],
    ['0x', null],
    ['64 K', null],
  ])('%j is %j', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each([
    [0, '0'],
    [1, '1'],
    [1000, '1000'],
    [1024, '1K'],
    [1536, '1536'],
    [65536, '64K'],
    [3 * 2 ** 20, '3M'],
    [2 ** 64, '16777216T'],
  ])('%d prints as %s', (bytes, text) => {
    expect(printSize(bytes)).toBe(text);
  });

  it(`is read back from its print (seed ${seed})`, () => {
    const sizes = fc.oneof(
      fc.nat(),
      fc.maxSafeNat(),
      fc.nat({ max: 64 }).map((bits) => 2 ** bits),
    );
    fc.assert(
      fc.property(sizes, (bytes) => parseSize(printSize(bytes)) === bytes),
      { seed, numRuns: 500 },
    );
  });
});
