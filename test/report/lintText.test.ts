// An audit of sources as text, exactly; and at most 75 columns whatever it holds.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baselineOf } from '../../src/lint/baseline.ts';
import { rules } from '../../src/lint/registry.ts';
import { printRule, printRules } from '../../src/report/lintRule.ts';
import { printLint } from '../../src/report/lintText.ts';
import { contractOf, lintReportOf, mixedReading } from '../support/lintReports.ts';
import { printOf, readingOf, siteOf } from '../support/treeReadings.ts';

const mixed = [
  'contract einval-soft: the kernel-doc of attach_dev as merged for v6.2',
  '  asked for by name',
  '',
  'arm-smmu-v3',
  'drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c:2431 arm_smmu_attach_dev()',
  '  error: incompatible-other-errno: -ENXIO where device and domain do not',
  '         fit; the contract has -EINVAL',
  '  error: message-on-soft-path: dev_err() where a caller may only try',
  '         whether the domain fits',
  '    attach_dev of arm_smmu_ops, arm_smmu_v1_ops',
  '    class incompatible, confidence high: compares domain with device',
  '    prints dev_err: cannot attach to SMMU %s',
  '    arm_smmu_attach_dev()',
  '      2430  if (smmu_domain->smmu != smmu)',
  '      2431  ret = -ENXIO;',
  '',
  'omap',
  'drivers/iommu/omap-iommu.c:225 iommu_enable()',
  '  stricter: leaked-errno: pm_runtime_get_sync() can give -EINVAL, which is',
  '            passed on as it is',
  '    attach_dev of omap_iommu_ops',
  '    class device, confidence high: runtime PM',
  '    iommu_enable()',
  '      224  if (pm_runtime_get_sync(obj->dev))',
  '      225  ret = -EINVAL;',
  '',
  'they rest on',
  '  EINVAL: can mean that device and domain do not fit as the domain was',
  '  configured before, and then no error is logged; or another fundamental',
  '  problem',
  '',
  'linux-6.12: 40 files, 3 drivers, 4 operations, 5 return sites (4 certain, 1',
  'maybe)',
  'findings: 2 error, 1 stricter, 1 cost, 2 maybe; not shown: 1 cost, 2 maybe;',
  '2 fail',
  '2 functions could not be read whole, 1 on a way that was followed',
  '  drivers/iommu/omap-iommu.c:7 omap_odd()',
  'not read: 1',
  '  drivers/iommu/loop: symbolic links in a circle',
].join('\n');

const notCertain = [
  'not certain',
  '',
  'arm-smmu-v3',
  'drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c:2450 arm_smmu_attach_dev()',
  '  maybe: incompatible-other-errno: -EXDEV where device and domain do not',
  '         fit; the contract has -EINVAL',
  '    attach_dev of arm_smmu_ops',
  '    class incompatible, confidence high: compares domain with device; not',
  '    resolved: foo() is not in the tree',
  '    arm_smmu_attach_dev()',
  '      2449  if (foo(domain))',
  '      2450  ret = -EXDEV;',
  '',
  'intel',
  '  maybe: failure-ignored: 1 result dropped',
  '    drivers/iommu/intel/iommu.c',
  '      1400  iommu_enable_pci_caps(): pci_enable_pasid()',
].join('\n');

const well = [
  'contract einval-soft: the kernel-doc of attach_dev as merged for v6.2',
  '  asked for by name',
  '',
  'linux-6.12: 40 files, 1 driver, 1 operation, 1 return site (1 certain, 0',
  'maybe)',
  'no finding',
].join('\n');

const page = [
  "leaked-errno: a kernel function's errno leaks and means an incompatible",
  '  pair to callers',
  '',
  'what it means',
  '  A kernel function outside the IOMMU drivers can return the errno of the',
  '  contract for reasons of its own (runtime PM after an earlier failure, a',
  '  firmware call that refuses), and the operation passes it on. Callers that',
  '  search then go on, for ever in vain. The final text of the 2022 thread',
  '  wanted it converted; the merged text does not.',
  'example',
  '    ret = pm_runtime_resume_and_get(iommu->dev);',
  '    if (ret < 0)',
  '            return ret;',
  'how to mend it',
  '  Convert that errno only, to -ENODEV where it is about the device; pass on',
  '  the others.',
  'when to suppress it',
  '  When the function cannot return it with these arguments.',
  'the clause',
  '  einval-soft (the kernel-doc of attach_dev as merged for v6.2): EINVAL:',
  '  can mean that device and domain do not fit as the domain was configured',
  '  before, and then no error is logged; or another fundamental problem',
].join('\n');

describe('an audit as text', () => {
  it('tells what breaks the contract, and counts the rest', () => {
    expect(printLint(lintReportOf(mixedReading()))).toBe(mixed);
  });

  it('tells the rest too when asked', () => {
    const text = printLint(lintReportOf(mixedReading()), { all: true });
    expect(text).toContain(`\n\n${notCertain}\n\nthey rest on\n`);
    expect(text).toContain('  cost: discouraged-errno: -EPERM, which the contract does not list\n');
    expect(text).toContain('\nfindings: 2 error, 1 stricter, 1 cost, 2 maybe; 2 fail\n');
  });

  it('tells a place once, by its gravest level, though the text does not cover every operation that leads there', () => {
    const wrong = { errnos: ['ENXIO'] };
    const text = printLint(lintReportOf(readingOf([siteOf({ ...wrong, op: 'set_dev_pasid' }), siteOf(wrong)])));
    expect(text.match(/(error|stricter): /g)).toEqual(['error: ']);
    expect(text).toContain('    attach_dev of arm_smmu_ops; set_dev_pasid of arm_smmu_ops\n');
    expect(text).toContain('\nfindings: 1 error; 1 fails');
  });

  it('is short where all is well', () => {
    expect(printLint(lintReportOf(readingOf([siteOf()])))).toBe(well);
  });

  it('says what a baseline knows, excuses, no longer excuses, and what is gone', () => {
    const report = lintReportOf(mixedReading());
    const [first, second, ...others] = baselineOf(report.findings);
    const suppressed = { reason: 'under repair', until: '2027-01-30' };
    const entries = [{ ...first!, suppressed }, { ...second!, suppressed: { ...suppressed, until: null } }, ...others];
    const text = printLint(lintReportOf(mixedReading(), [...entries, { ...first!, fingerprint: '0'.repeat(16) }]), { all: true });
    expect(text).toContain('fit; the contract has -EINVAL\n    was suppressed until 2027-01-30: under repair\n');
    expect(text).toContain('whether the domain fits\n    suppressed: under repair\n');
    expect(text).toContain('\nfindings: 4 error, 1 stricter, 1 cost, 2 maybe; 1 fails\n');
    expect(text).toContain(
      'gone since the baseline\n  arm-smmu-v3 attach_dev: arm_smmu_attach_dev() incompatible-other-errno:\n  smmu_domain->smmu != smmu\n',
    );
    expect(printLint(lintReportOf(mixedReading(), entries))).toContain(
      '; not shown: 3 error, 1\nstricter, 1 cost, 2 maybe (7 in the baseline); 1 fails\n',
    );
  });

  it('keeps to 75 columns', () => {
    const word = fc.stringMatching(/^[ -~]{1,120}$/);
    const site = fc.record({
      driver: word,
      function: word,
      condition: word,
      errnos: fc.constantFrom(['ENXIO'], ['0'], ['EINVAL']),
      prints: fc.constantFrom([], [printOf()]),
      reason: word,
      unresolved: fc.option(word),
    });
    fc.assert(
      fc.property(fc.array(site, { maxLength: 3 }), (sites) => {
        const lines = printLint(lintReportOf(readingOf(sites.map((changes) => siteOf(changes)))), { all: true }).split('\n');
        expect(lines.filter((line) => line.length > 75)).toEqual([]);
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});

describe('a rule as a page', () => {
  it('has its parts and the clause of the contract', () => {
    expect(printRule(rules.find(({ id }) => id === 'leaked-errno')!, contractOf())).toBe(page);
  });

  it.each(rules.map((rule) => [rule.id, rule] as const))('of %s fits 75 columns and any contract', (_, rule) => {
    const text = [printRule(rule, contractOf()), printRule(rule, contractOf('legacy-type1')), printRules(rules)].join('\n');
    expect(text.split('\n').filter((line) => line.length > 75)).toEqual([]);
  });
});
