// Decoding of VT-d registers: one bit at a time, and what depends on scalable mode.
import { describe, expect, it } from 'vitest';
import { parseRegister, scalableMode, scalableModeAsked, vtdAttributes } from '../../src/recordings/vtd.ts';

const bits = (...positions: number[]): bigint => positions.reduce((sum, position) => sum | (1n << BigInt(position)), 0n);
const decode = (cap: bigint, ecap: bigint, scalable: boolean | undefined) => vtdAttributes({ cap, ecap }, scalable);

describe('single fields', () => {
  const nothing = decode(bits(10), 0n, false);
  it.each([
    ['ecap 7', 0n, bits(7), 'snoopControl', true],
    ['ecap 47', 0n, bits(47), 'flts', true],
    ['ecap 46', 0n, bits(46), 'slts', true],
    ['cap 60', bits(60), 0n, 'fl5lp', true],
    ['ecap 26', 0n, bits(26), 'nest', true],
    ['ecap 31', 0n, bits(31), 'srs', true],
    ['ecap 34', 0n, bits(34), 'eafs', true],
    ['ecap 6', 0n, bits(6), 'passThrough', true],
    ['cap 34', bits(34), 0n, 'superpages', true],
    ['cap 35', bits(35), 0n, 'superpages', true],
    ['ecap 2', 0n, bits(2), 'deviceTlb', true],
    ['ecap 3', 0n, bits(3), 'interruptRemapping', true],
    ['cap 16 to 21', 0x2fn << 16n, 0n, 'mgaw', 48],
    ['cap 0 to 2, most', 0b111n, 0n, 'domainIds', 2 ** 18],
    ['cap 0 to 2', 0b010n, 0n, 'domainIds', 256],
    ['cap 11, five levels', bits(11), 0n, 'agaw', 57],
  ])('%s changes %s alone', (_, cap, ecap, name, expected) => {
    expect(decode(bits(10) | cap, ecap, false)).toEqual({ ...nothing, [name as string]: expected });
  });

  it('reads nothing else into an empty register', () => {
    expect(nothing).toMatchObject({ agaw: 48, mgaw: 1, domainIds: 16, snoopControl: false, scalableMode: false, ssads: false });
    expect(Object.values(nothing).filter((found) => found === true)).toEqual([]);
  });
});

describe('width of a table walk', () => {
  const firstAndSecond = bits(43, 46, 47);
  it.each([
    ['39 and 48 bits', bits(9, 10), 0n, false, 48],
    ['39 bits only', bits(9), 0n, false, 39],
    ['48 and 57 bits', bits(10, 11), 0n, false, 57],
    ['64 bits, which the driver does not ask for', bits(12), 0n, false, undefined],
    ['no width at all', 0n, 0n, false, undefined],
    ['both stages: what both can', bits(10, 11), firstAndSecond, true, 48],
    ['both stages, first with five levels', bits(10, 11, 60), firstAndSecond, true, 57],
    ['first stage only', bits(9), bits(43, 47), true, 48],
    ['second stage only', bits(10, 11), bits(43, 46), true, 57],
    ['mode not known, and it matters', bits(10, 11), firstAndSecond, undefined, undefined],
    ['mode not known, and it does not matter', bits(10), firstAndSecond, undefined, 48],
  ])('%s', (_, cap, ecap, scalable, agaw) => {
    expect(decode(cap, ecap, scalable).agaw).toBe(agaw);
  });
});

describe('scalable mode', () => {
  it.each([
    [undefined, undefined],
    ['quiet intel_iommu=on', undefined],
    ['intel_iommu=on,sm_on', true],
    ['intel_iommu=sm_off', false],
    ['intel_iommu=sm_on intel_iommu=on,sm_off', false],
    ['xintel_iommu=sm_on', undefined],
  ])('asked for by %j: %s', (commandLine, asked) => {
    expect(scalableModeAsked(commandLine)).toBe(asked);
  });

  it.each([
    [0n, true, false],
    [0n, undefined, false],
    [bits(43), true, true],
    [bits(43), false, false],
    [bits(43), undefined, undefined],
  ])('needs hardware: ecap %s, asked %s: %s', (ecap, asked, expected) => {
    expect(scalableMode({ cap: 0n, ecap }, asked)).toBe(expected);
  });

  it('leaves out what the unknown mode decides', () => {
    const dirtyTracking = bits(43, 45, 48);
    expect(decode(bits(10), dirtyTracking, true)).toMatchObject({ ssads: true });
    expect(decode(bits(10), dirtyTracking, false)).toMatchObject({ ssads: false });
    const open = Object.keys(decode(bits(10), dirtyTracking, undefined));
    expect(['agaw', 'scalableMode', 'ssads'].filter((name) => open.includes(name))).toEqual(['agaw']);
    expect(decode(bits(10), bits(43, 45), true)).toMatchObject({ ssads: false });
  });
});

describe('register text', () => {
  it.each([
    ['f00f4a', 0xf00f4an],
    ['80d2008c222f0686', 0x80d2008c222f0686n],
    ['0xf00f4a', undefined],
    ['', undefined],
    ['180d2008c222f0686', undefined],
  ])('%j', (text, expected) => {
    expect(parseRegister(text)).toBe(expected);
  });
});
