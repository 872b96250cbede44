// Differences of trees and effects of patches as text, exactly; and at most 75 columns whatever the sources hold.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareTrees } from '../../src/lint/compareTrees.ts';
import { patchEffect } from '../../src/lint/patchEffects.ts';
import { printTreeDifference } from '../../src/report/lintDiff.ts';
import { printPatchEffect } from '../../src/report/lintPatch.ts';
import { contractOf } from '../support/lintReports.ts';
import { seedSides } from '../support/lintSides.ts';
import { printOf, readingOf, siteOf } from '../support/treeReadings.ts';

const title = '[PATCH v6 1/5] iommu: Return -EMEDIUMTYPE for incompatible domain and device/group';
const [before, after] = seedSides();

const difference = [
  'return sites of attach operations, linux-6.1 to linux-6.1 under the patch',
  '',
  'driver       before  after  new  gone  changed',
  'arm-smmu-v3  3       3      0    0     2',
  'omap         1       1      0    0     1',
  'no difference in 1 driver: sprd',
  '',
  'arm-smmu-v3',
  '  attach_dev',
  '  before   after         where',
  '  -ENXIO   -EMEDIUMTYPE  arm_smmu_attach_dev()',
  '                           smmu_domain->smmu != smmu',
  '                           message dropped: dev_err: cannot attach to SMMU',
  '                           %s',
  '  -EINVAL  -EMEDIUMTYPE  arm_smmu_attach_dev()',
  '                           smmu_domain->s1_cfg.s1cdmax!=master->ssid_bits',
  '',
  'omap',
  '  attach_dev',
  '  before  after         where',
  '  -EBUSY  -EMEDIUMTYPE  omap_iommu_attach_dev()',
  '                          omap_domain->dev',
].join('\n');

const patch = [
  '[PATCH v6 1/5] iommu: Return -EMEDIUMTYPE for incompatible domain and',
  'device/group',
  '',
  'before   after         where',
  '-ENXIO   -EMEDIUMTYPE  arm-smmu-v3 attach_dev, arm_smmu_attach_dev()',
  '                         smmu_domain->smmu != smmu',
  '                         message dropped: dev_err: cannot attach to SMMU %s',
  '-EINVAL  -EMEDIUMTYPE  arm-smmu-v3 attach_dev, arm_smmu_attach_dev()',
  '                         smmu_domain->s1_cfg.s1cdmax!=master->ssid_bits',
  '-EBUSY   -EMEDIUMTYPE  omap attach_dev, omap_iommu_attach_dev()',
  '                         omap_domain->dev',
  'callers that try existing domains',
  '  VFIO type1: no difference (goes on at any errno)',
  "  iommufd's automatic domain (goes on at -EINVAL, stops at others): 1 check",
  '  at which it stops, and went on before',
  "  the seed series' type1 (goes on at -EMEDIUMTYPE, stops at others): 3",
  '  checks at which it goes on, and stopped before',
  'clauses touched',
  '  EMEDIUMTYPE: device and domain do not fit: a soft failure, try another',
  '  domain; better without a kernel print',
  '  not listed: EBUSY, EINVAL, ENXIO',
  'findings: 0 new, 4 gone, 0 older',
  'did not apply, so that what they change is not known:',
  '  drivers/iommu/amd/iommu.c: hunk at line 1755',
].join('\n');

describe('a difference as text', () => {
  it('is a table of drivers, and one of changes for each', () => {
    expect(printTreeDifference(compareTrees(before, after))).toBe(difference);
  });

  it('is a line where there is none', () => {
    expect(printTreeDifference(compareTrees(before, { ...before, tree: 'linux-6.1.1' }))).toBe(
      ['return sites of attach operations, linux-6.1 to linux-6.1.1', 'no difference in 3 drivers: arm-smmu-v3, omap, sprd'].join('\n'),
    );
  });

  it('says what is new, what is gone, what was renamed, what is not certain', () => {
    const many = ['EIO', 'EINVAL', 'ENOMEM', 'EBUSY'];
    const one = readingOf([siteOf({ function: 'old_attach' }), siteOf({ condition: 'gone(x)', errnos: ['EIO'] })]);
    const other = readingOf([
      siteOf({ function: 'new_attach', prints: [printOf('pr_info', 'reused')] }),
      siteOf({ condition: 'fresh(x)', errnos: many, certainty: 'maybe', domain: 'fresh', table: 'b_ops' }),
    ]);
    const compared = compareTrees(one, other);
    expect(printTreeDifference(compared).split('\n').slice(3)).toEqual([
      'arm-smmu-v3  2       2      1    1     1',
      '',
      'arm-smmu-v3',
      '  attach_dev',
      '  before   after    where',
      '  -EINVAL  -EINVAL  new_attach() (was old_attach())',
      '                      smmu_domain->smmu != smmu',
      '                      message added: pr_info: reused',
    ]);
    expect(printTreeDifference(compared, { all: true }).split('\n').slice(3)).toEqual([
      'arm-smmu-v3  2       2      1    1     1',
      '',
      'arm-smmu-v3',
      '  new: attach_dev of b_ops',
      '  attach_dev',
      '  before   after            where',
      '  -EINVAL  -EINVAL          new_attach() (was old_attach())',
      '                              smmu_domain->smmu != smmu',
      '                              message added: pr_info: reused',
      '  -EIO     none             arm_smmu_attach_dev()',
      '                              gone(x)',
      '  none     -EIO/-EINVAL +2  arm_smmu_attach_dev()',
      '                              fresh(x)',
      '                              only on a fresh domain',
      '                              not certain',
    ]);
  });
});

describe('the effect of a patch as text', () => {
  it('is fit to be pasted', () => {
    const notApplied = ['drivers/iommu/amd/iommu.c: hunk at line 1755'];
    expect(printPatchEffect(patchEffect({ title, before, after, contract: contractOf('emediumtype'), notApplied }))).toBe(patch);
  });

  it('groups the findings that it brings', () => {
    const text = printPatchEffect(patchEffect({ title, before, after, contract: contractOf() }));
    expect(text.slice(text.indexOf('findings that')).split('\n')).toEqual([
      'findings that it brings',
      '  error: incompatible-other-errno: -EMEDIUMTYPE where device and domain do',
      '  not fit; the contract has -EINVAL; 3 checks in arm_smmu_attach_dev(),',
      '  omap_iommu_attach_dev()',
      'findings: 3 new, 3 gone, 1 older',
    ]);
  });

  it('is short where nothing changes', () => {
    expect(printPatchEffect(patchEffect({ title: 'a patch', before, after: before, contract: contractOf() }))).toBe(
      ['a patch', '', 'no return site of an attach operation changes', 'findings: 0 new, 0 gone, 4 older'].join('\n'),
    );
  });

  it('says what comes, what goes, and what a fresh domain meets', () => {
    const one = readingOf([siteOf({ errnos: ['0'] }), siteOf({ condition: 'a', errnos: ['EIO'] })]);
    const other = readingOf([siteOf(), siteOf({ condition: 'b', domain: 'fresh', errnos: ['ENODEV'], class: 'device' })]);
    const text = printPatchEffect(patchEffect({ title: 'a patch', before: one, after: other, contract: contractOf() }));
    expect(text).toContain(
      '  VFIO type1 (goes on at any errno): 1 check at which it goes on, and took\n  it for success before; 1 check gone at which it went on\n',
    );
    expect(text).toContain('  1 change only on a fresh domain: nobody searches then, user space reads\n  the errno\n');
  });
});

describe('both', () => {
  it('keep to 75 columns', () => {
    const word = fc.stringMatching(/^[ -~]{1,90}$/);
    const site = fc.record({
      driver: word,
      function: word,
      condition: word,
      errnos: fc.constantFrom(['ENXIO'], ['0'], ['EINVAL', 'EMEDIUMTYPE', 'EIO']),
      prints: fc.constantFrom([], [printOf()]),
    });
    const reading = fc.array(site, { maxLength: 3 }).map((sites) => readingOf(sites.map((changes) => siteOf(changes))));
    fc.assert(
      fc.property(reading, reading, word, (one, other, words) => {
        const effect = patchEffect({ title: words, before: one, after: other, contract: contractOf(), notApplied: [words] });
        const text = [printTreeDifference(compareTrees(one, other), { all: true }), printPatchEffect(effect)].join('\n');
        expect(text.split('\n').filter((line) => line.length > 75)).toEqual([]);
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});
