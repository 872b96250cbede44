// An audit of sources for programs: JSON a record a return site, KTAP a test a driver, SARIF valid against the standard's own schema.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baselineOf } from '../../src/lint/baseline.ts';
import { lintJson } from '../../src/report/lintJson.ts';
import { printLintKtap } from '../../src/report/lintKtap.ts';
import { lintSarif, printLintSarif } from '../../src/report/lintSarif.ts';
import { readKtap } from '../support/ktap.ts';
import { contractOf, lintReportOf, mixedReading } from '../support/lintReports.ts';
import { sarifErrors } from '../support/sarif.ts';
import { printOf, readingOf, siteOf } from '../support/treeReadings.ts';

const report = lintReportOf(mixedReading());

/** The first excused, the second no longer, one gone. */
const baselined = () => {
  const [first, second, ...others] = baselineOf(report.findings);
  const reason = 'under repair';
  const entries = [
    { ...first!, suppressed: { reason, until: '2027-01-31' } },
    { ...second!, suppressed: { reason, until: '2027-01-30' } },
    ...others.slice(1),
  ];
  return lintReportOf(mixedReading(), [...entries, { ...first!, fingerprint: '0'.repeat(16), rule: 'a-rule-of-before' }]);
};

describe('JSON', () => {
  const value = lintJson(report);

  it('counts', () => {
    expect(value.summary).toEqual({
      files: 40,
      functions: 900,
      operations: 4,
      sites: 5,
      certain: 4,
      findings: { error: 4, stricter: 1, cost: 1, maybe: 2 },
      failing: 4,
    });
  });

  it('has a record for each return site, and one for a dropped result', () => {
    expect(value.sites.map(({ driver, line, freshDomainOnly, findings }) => [driver, line, freshDomainOnly, findings.length])).toEqual([
      ['arm-smmu-v3', 2431, false, 2],
      ['arm-smmu-v3', 2431, false, 2],
      ['arm-smmu-v3', 2450, false, 1],
      ['arm-smmu-v3', 2460, false, 1],
      ['omap', 225, false, 1],
    ]);
    expect(value.sites[0]!.findings[0]).toEqual({
      rule: 'incompatible-other-errno',
      level: 'error',
      message: '-ENXIO where device and domain do not fit; the contract has -EINVAL',
      clause: contractOf().clauses.map(({ errno, text }) => `${errno}: ${text}`)[1],
      fingerprint: '90a5147cece5f733',
      state: 'new',
      suppressed: null,
    });
    expect(value.dropped.map(({ function: name, findings }) => [name, findings[0]!.rule])).toEqual([
      ['iommu_enable_pci_caps', 'failure-ignored'],
    ]);
  });
});

describe('KTAP', () => {
  it('has a test for each driver and a subtest for each operation', () => {
    const tests = readKtap(`${printLintKtap(report, { all: true })}\n`);
    expect(tests.map(({ ok, name, subtests, data }) => [ok, name, subtests.length, data])).toEqual([
      [false, 'arm-smmu-v3', 2, ''],
      [true, 'intel', 1, ''],
      [false, 'omap', 1, 'inconclusive: see its subtests'],
    ]);
    expect(tests[0]!.subtests[0]).toEqual({
      ok: false,
      name: 'attach_dev of arm_smmu_ops',
      directive: null,
      data: '',
      diagnostics: [
        'attach_dev of arm_smmu_ops: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c:2431 arm_smmu_attach_dev() error: incompatible-other-errno: -ENXIO where device and domain do not fit; the contract has -EINVAL',
        'attach_dev of arm_smmu_ops: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c:2431 arm_smmu_attach_dev() error: message-on-soft-path: dev_err() where a caller may only try whether the domain fits',
        'attach_dev of arm_smmu_ops: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c:2450 arm_smmu_attach_dev() maybe: incompatible-other-errno: -EXDEV where device and domain do not fit; the contract has -EINVAL',
        'attach_dev of arm_smmu_ops: drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c:2460 arm_smmu_attach_dev() cost: discouraged-errno: -EPERM, which the contract does not list',
      ],
      subtests: [],
    });
    const [short] = readKtap(`${printLintKtap(report)}\n`);
    expect(short!.subtests[0]!.diagnostics).toEqual(tests[0]!.subtests[0]!.diagnostics.slice(0, 2));
    expect(tests[2]!.subtests[0]!.data).toBe('inconclusive: drivers/iommu/omap-iommu.c:7 omap_odd() could not be read whole');
  });

  it('passes what the baseline knows', () => {
    const all = lintReportOf(mixedReading(), baselineOf(report.findings));
    expect(readKtap(`${printLintKtap(all)}\n`).map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(readKtap(`${printLintKtap(all)}\n`)[0]!.subtests[1]!.diagnostics[0]).toMatch(/the contract has -EINVAL \(known\)$/);
  });
});

describe('SARIF', () => {
  const run = lintSarif(report).runs[0]!;

  it.each([
    ['a mixed audit', report],
    ['one with a baseline', baselined()],
    ['an empty one', lintReportOf(readingOf([]))],
    ['one under a contract without clauses', lintReportOf(mixedReading(), [], 'legacy-type1')],
  ])('is valid for %s', (_, some) => {
    expect(sarifErrors(JSON.parse(printLintSarif(some)))).toEqual([]);
  });

  it('is not valid for anything', () => {
    expect(sarifErrors({ ...lintSarif(report), version: '2.0.0' }).length).toBe(1);
    expect(sarifErrors({ runs: [{ results: [{ level: 'grave' }] }] }).length).toBeGreaterThan(2);
  });

  it('has rules that rest on one clause each', () => {
    const rules = run.tool.driver.rules;
    expect(rules.map(({ id }) => id)).toHaveLength(13);
    expect(rules.find(({ id }) => id === 'busy-for-exhaustion')!.properties.clause).toBe(
      'EBUSY: the device is attached to a domain and cannot be changed',
    );
  });

  it('gives a level to failures only', () => {
    expect(run.results.map(({ ruleId, kind, level }) => `${ruleId} ${kind} ${level}`)).toEqual([
      'incompatible-other-errno fail error',
      'message-on-soft-path fail error',
      'incompatible-other-errno fail error',
      'message-on-soft-path fail error',
      'incompatible-other-errno review none',
      'discouraged-errno fail note',
      'failure-ignored review none',
      'leaked-errno fail warning',
    ]);
  });

  it('has a code flow of one thread for each witness', () => {
    const [result] = run.results as readonly { codeFlows?: readonly { threadFlows: readonly { locations: readonly unknown[] }[] }[] }[];
    expect(result!.codeFlows!.map(({ threadFlows }) => threadFlows.map(({ locations }) => locations.length))).toEqual([[2]]);
    expect(result!.codeFlows![0]!.threadFlows[0]!.locations[0]).toEqual({
      location: {
        physicalLocation: {
          artifactLocation: { uri: 'drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c', uriBaseId: 'KERNEL' },
          region: { startLine: 2430, snippet: { text: 'if (smmu_domain->smmu != smmu)' } },
        },
        logicalLocations: [{ name: 'arm_smmu_attach_dev', kind: 'function' }],
        message: { text: 'arm_smmu_attach_dev(): if (smmu_domain->smmu != smmu)' },
      },
    });
  });

  it('has states and justifications with a baseline, and neither without', () => {
    expect(run.results.some((result) => 'baselineState' in result || 'suppressions' in result)).toBe(false);
    const results = lintSarif(baselined()).runs[0]!.results as readonly {
      baselineState: string;
      suppressions: readonly { justification: string }[];
    }[];
    expect(
      results.map(({ baselineState, suppressions }) => [baselineState, ...suppressions.map(({ justification }) => justification)]),
    ).toEqual([
      ['unchanged', 'under repair (until 2027-01-31)'],
      ['unchanged'],
      ['new'],
      ['unchanged'],
      ['unchanged'],
      ['unchanged'],
      ['unchanged'],
      ['unchanged'],
      ['absent'],
    ]);
  });

  it('is valid whatever the sources hold', () => {
    const word = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }).map((text) => text.toWellFormed());
    const site = fc.record({
      driver: word,
      file: word,
      line: fc.nat(),
      function: word,
      condition: word,
      errnos: fc.constantFrom(['ENXIO'], ['0'], ['EINVAL'], []),
      prints: fc.constantFrom([], [printOf()]),
      witness: fc.constantFrom([], [{ file: 'a b.c', line: 1, function: 'f', text: '"' }]),
    });
    fc.assert(
      fc.property(fc.array(site, { maxLength: 3 }), (sites) => {
        expect(sarifErrors(lintSarif(lintReportOf(readingOf(sites.map((changes) => siteOf(changes))), [])))).toEqual([]);
      }),
      { seed: 5, numRuns: 100 },
    );
  });
});
