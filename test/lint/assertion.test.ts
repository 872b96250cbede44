// Assertions read back as they print, conditions are compared in one form, and only what is certain is a yes or a no.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import type { ReturnSite } from '../../src/core/returnSites.ts';
import { judgeAssertion, parseAssertion, printAssertion } from '../../src/lint/assertion.ts';
import { printAssertionVerdict } from '../../src/report/lintAssertion.ts';
import { readingOf, siteOf } from '../support/treeReadings.ts';

const claim = 'arm-smmu-v3 attach_dev: smmu_domain->smmu != smmu returns EINVAL';

const judged = (text: string, sites: readonly Partial<ReturnSite>[]): [string, string] => {
  const { verdict, because } = judgeAssertion(parseAssertion(text), readingOf(sites.map(siteOf)));
  return [verdict, because];
};

describe('an assertion', () => {
  it('has a driver, an op, a condition and an errno', () => {
    expect(parseAssertion(`  arm-smmu-v3   attach_dev :  a ? b : c(returns d)\n  returns -einval `)).toEqual({
      driver: 'arm-smmu-v3',
      op: 'attach_dev',
      condition: 'a ? b : c(returns d)',
      errno: 'EINVAL',
    });
  });

  it('reads back as it prints', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9-]*$/);
    const assertion = fc.record({
      driver: word,
      op: fc.stringMatching(/^[a-z_]+$/),
      condition: fc
        .stringMatching(/^[ -~]+$/)
        .map((text) => text.trim())
        .filter((text) => text !== ''),
      errno: fc.constantFrom('EINVAL', 'ENXIO', '0', 'EMEDIUMTYPE'),
    });
    fc.assert(
      fc.property(assertion, (some) => {
        expect(parseAssertion(printAssertion(some))).toEqual(some);
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it.each([
    ['', 'expected DRIVER OP: CONDITION returns ERRNO, found ""'],
    ['arm-smmu-v3: a returns EINVAL', 'expected DRIVER OP: CONDITION returns ERRNO'],
    ['arm-smmu-v3 attach_dev: a is EINVAL', 'expected DRIVER OP: CONDITION returns ERRNO'],
    ['arm-smmu-v3 attach_dev: returns EINVAL', 'expected DRIVER OP: CONDITION returns ERRNO'],
    ['arm-smmu-v3 attach_dev: a returns EINVL', 'expected an errno or 0 after "returns" (EINVAL?), found "EINVL"'],
    ['arm-smmu-v3 attach_dev: a returns 22', 'expected an errno or 0 after "returns"'],
  ])('that is none is refused: %s', (text, message) => {
    expect(() => parseAssertion(text)).toThrow(Failure);
    expect(() => parseAssertion(text)).toThrow(message);
  });
});

describe('a tree', () => {
  it.each<[string, readonly Partial<ReturnSite>[], string, string]>([
    ['returns it', [{}], 'holds', 'it returns -EINVAL'],
    ['returns it, written otherwise', [{ condition: '!( smmu==smmu_domain->smmu )' }], 'holds', 'it returns -EINVAL'],
    ['returns it through two tables', [{}, { table: 'b' }], 'holds', 'it returns -EINVAL'],
    ['returns another', [{ errnos: ['ENXIO'] }], 'fails', 'it returns -ENXIO'],
    ['returns 0', [{ errnos: ['0'] }], 'fails', 'it returns 0'],
    ['returns none of several', [{ errnos: ['ENXIO', 'EIO'] }], 'fails', 'it returns -ENXIO, -EIO'],
    ['may return it', [{ errnos: ['EINVAL', 'EIO'] }], 'unknown', 'it may return -EINVAL, -EIO'],
    ['returns it here and not there', [{}, { line: 9, errnos: ['EIO'] }], 'unknown', 'it may return -EINVAL, -EIO'],
    ['returns what is not known', [{ errnos: [] }], 'unknown', 'nothing is known of what it returns'],
    [
      'returns it perhaps',
      [{ certainty: 'maybe', unresolved: 'foo() is unknown' }],
      'unknown',
      'what it returns is not certain: foo() is unknown',
    ],
    [
      'returns another perhaps',
      [{ errnos: ['EIO'], certainty: 'maybe' }],
      'unknown',
      'what it returns is not certain: something on the way was not resolved',
    ],
    ['has no such check', [{ condition: 'a' }], 'unknown', 'no check with this condition was found on the ways of attach_dev'],
    ['has no such op', [{ op: 'set_dev_pasid' }], 'unknown', 'arm-smmu-v3 of linux-6.12 has no attach_dev; it has set_dev_pasid'],
    ['has no such driver', [{ driver: 'arm-smmu' }], 'unknown', 'linux-6.12 has no driver arm-smmu-v3; the nearest is arm-smmu'],
  ])('%s', (_, sites, verdict, because) => {
    expect(judged(claim, sites)).toEqual([verdict, because]);
  });

  it('says where, in text', () => {
    expect(printAssertionVerdict(claim, judgeAssertion(parseAssertion(claim), readingOf([siteOf({ errnos: ['ENXIO'] })])))).toBe(
      [
        'arm-smmu-v3 attach_dev: smmu_domain->smmu != smmu returns EINVAL',
        '  does not hold: it returns -ENXIO',
        '  drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c:2431 arm_smmu_attach_dev()',
        '    arm_smmu_attach_dev()',
        '      2430  if (smmu_domain->smmu != smmu)',
        '      2431  ret = -ENXIO;',
      ].join('\n'),
    );
  });
});
