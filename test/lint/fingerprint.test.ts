// A finding keeps its fingerprint when lines move, tables are renamed or conditions are written otherwise, and no two share one.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReturnSite } from '../../src/core/returnSites.ts';
import { namedContracts } from '../../src/lint/contracts/named.ts';
import { findingsOf } from '../../src/lint/judge.ts';
import { readingOf, siteOf } from '../support/treeReadings.ts';

const contract = { ...namedContracts[0]!, standing: 'asked' } as const;
const printsOf = (sites: readonly ReturnSite[]): string[] => findingsOf(readingOf(sites), contract).map(({ fingerprint }) => fingerprint);
const wrong = { errnos: ['ENXIO'] } as const;

describe('a fingerprint', () => {
  it('is sixteen hexadecimal digits, and these ones', () => {
    expect(printsOf([siteOf(wrong)])).toEqual(['90a5147cece5f733']);
  });

  it.each<[string, Partial<ReturnSite>, boolean]>([
    ['the line', { line: 3 }, true],
    ['the table', { table: 'arm_smmu_other_ops' }, true],
    ['how the condition is written', { condition: '!(smmu == smmu_domain->smmu)' }, true],
    ['the messages', { locks: [], reason: 'guessed', witness: [] }, true],
    ['the driver', { driver: 'arm-smmu' }, false],
    ['the op', { op: 'set_dev_pasid' }, false],
    ['the function', { function: 'arm_smmu_attach' }, false],
    ['the condition', { condition: 'smmu_domain->smmu != other' }, false],
    ['the errno', { errnos: ['EXDEV'] }, false],
  ])('and %s', (_, change, isSame) => {
    const [before, after] = [printsOf([siteOf(wrong)]), printsOf([siteOf({ ...wrong, ...change })])];
    expect(after.length).toBe(1);
    expect(after[0] === before[0]).toBe(isSame);
  });

  it('and the arguments of a kernel function that was called', () => {
    const called = (condition: string) => siteOf({ ...wrong, origin: 'api', api: 'xa_alloc', condition });
    const [before, after, other] = ['xa_alloc(&ids, &cfg->cd)', 'xa_alloc(&ids, domain)', 'xa_store(&ids, domain)'].map(
      (text) => printsOf([called(text)])[0],
    );
    expect(after).toBe(before);
    expect(other).not.toBe(before);
  });

  it('counts equal places in the order of the source, and does not change when lines move', () => {
    const place = fc.record({
      function: fc.constantFrom('a', 'b'),
      condition: fc.constantFrom('x != y', 'y != x', 'z'),
      errnos: fc.constantFrom(['ENXIO'], ['0']),
    });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 8 }), fc.array(fc.nat(9), { minLength: 8, maxLength: 8 }), (places, gaps) => {
        const sites = places.map((changes, index) => siteOf({ ...changes, line: 10 * (index + 1) }));
        let line = 0;
        const moved = sites.map((site, index) => {
          line += gaps[index]! + 1;
          return siteOf({ ...site, line });
        });
        const prints = printsOf(sites);
        expect(new Set(prints).size).toBe(prints.length);
        expect(printsOf(moved)).toEqual(prints);
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});
