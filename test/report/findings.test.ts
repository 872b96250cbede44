// Findings and the answers to "why" as text: every line fits 75 columns, and says what a reader needs to act.
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { whyOf } from '../../src/detect/why.ts';
import { block } from '../../src/report/blocks.ts';
import { printFinding, printFindings } from '../../src/report/findings.ts';
import { printWhy, printWhys } from '../../src/report/why.ts';
import { audited, siteFault } from '../detect/audited.ts';
import { intel, smmuv3 } from '../detect/machines.ts';
import { nth } from '../support/runs.ts';

const finding: Finding = {
  id: 'duplicate-domain:c0/c0.d1',
  rule: 'duplicate-domain',
  level: 'bug',
  title: 'a second domain',
  entity: 'c0/c0.d1',
  subject: {},
  at: 1286,
  because: [
    { at: 815, words: 'the caller tries c0.d0 for group 11, which is a domain that was there before and that fits it' },
    { at: null, words: 'it would have been taken there' },
  ],
  evidence: { kind: 'recorded', source: 'recording made' },
  plausible: 'atomic',
};

describe('a finding as text', () => {
  it('has level, chain, likelihood, evidence and the command to look', () => {
    expect(printFinding(finding, 'r1').split('\n')).toEqual([
      'bug: duplicate-domain, c0/c0.d1',
      '  a second domain',
      '  because',
      '    #815     the caller tries c0.d0 for group 11, which is a domain that',
      '             was there before and that fits it',
      '             it would have been taken there',
      '  how it can come about: the failing allocation is atomic: cannot sleep:',
      '                         fails under memory pressure',
      '  evidence (recorded): recording made',
      '  look: attachlab replay r1 --at 1286',
    ]);
  });

  it('says when no failure is needed', () => {
    expect(printFinding({ ...finding, plausible: null })).toContain('  how it can come about: no failure is needed\n');
  });

  it('counts by level, and says when there is none', () => {
    const all = [finding, finding, { ...finding, level: 'cost' as const }];
    expect(printFindings(all).split('\n')[0]).toBe('findings: 2 bug, 1 cost');
    expect(printFindings([])).toBe('no finding');
  });

  it.each([
    ['a: ', 'b c', ['a: b c']],
    ['a: ', 'x'.repeat(80), [`a: ${'x'.repeat(72)}`, `   ${'x'.repeat(8)}`]],
    ['a: ', `b ${'x'.repeat(72)}`, ['a: b', `   ${'x'.repeat(72)}`]],
  ])('a block %j of %j', (first, text, expected) => {
    expect(block(first, text)).toEqual(expected);
  });
});

const runs = [
  audited({ kernel: '6.12.y', caller: 'vfio-type1', topology: intel, script: 'attach 5; map 4K; attach 11', faults: [nth(2, 20)] }),
  audited({ kernel: '6.1.y', caller: 'vfio-type1', topology: smmuv3, script: 'attach 6; attach 7; attach 8' }),
  audited({ kernel: '6.12.y', caller: 'iommufd-auto', topology: intel, script: 'bind-driver 5; attach 5; attach 11' }),
];

describe('why, as text', () => {
  it('tells of each domain that was there', () => {
    const [, why] = whyOf(runs[1]!.events, runs[1]!.probe);
    expect(printWhy(why!).replace(/#\d+/g, '#N').split('\n')).toEqual([
      't0 request 2, attach 7: 0 (vfio-type1 on 6.1.y, #N to #N)',
      '  group 7 is on c0.d1: made for it, as none that was there took the group',
      '    c0.d0  tried and refused (#N): ops and coherency flag are equal',
      '      #N driver arm-smmu-v3 refuses 0000:01:00.0 with -ENXIO',
      '      (incompatible): the domain was finalised on a different SMMU',
      '      with domain.iommu = smmu3.0x000000000c020000, device.iommu =',
      '      smmu3.0x000000000c000000',
      '      arm-smmu-v3-foreign-smmu:',
      '      drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c:',
      '      arm_smmu_attach_dev:2479-2485',
      '      #N caller vfio-type1 gets -ENXIO and takes it for "try the next"',
    ]);
  });

  it('tells of a failed allocation', () => {
    const text = printWhys(whyOf(runs[0]!.events, runs[0]!.probe));
    expect(text).toContain('      domain_attach_iommu() line 1506 gets no memory: GFP_KERNEL,\n      allocation 20 of the call\n');
  });

  it('tells of what was refused on the way', () => {
    const [why] = whyOf(runs[2]!.events, runs[2]!.probe);
    expect(printWhy(why!)).toMatch(
      /^t0 request 2, attach 5: -EPERM .*\n {2}group 5 is on g5.default: this request gave it no other\n {4}refused on the way\n {6}#\d+ core refuses/s,
    );
  });

  it('tells a row once, and then by its name', () => {
    const faults = [siteFault('domain_attach_iommu', { request: 1, sticky: true })];
    const run = audited({ kernel: '6.12.y', caller: 'retry-any', topology: intel, script: 'attach 5; attach 11', faults });
    const text = printWhy(whyOf(run.events, run.probe)[1]!);
    expect(text.match(/^ {6}#\d+ driver intel refuses 0000:04:00.0 with -ENOMEM again:\n {6}intel-instance-record-alloc$/gm)).toHaveLength(
      1,
    );
    expect(text.match(/domain_attach_iommu\(\) line 1506/g)).toHaveLength(1);
  });

  it('says when nothing was attached', () => {
    expect(printWhys([])).toBe('no request of this run attaches a group');
  });

  it.each(runs.map((run, index) => [index, run] as const))('keeps to 75 columns (run %i)', (_, run) => {
    const lines = [...printFindings(run.findings, 'run').split('\n'), ...printWhys(whyOf(run.events, run.probe)).split('\n')];
    expect(lines.filter((line) => line.length > 75)).toEqual([]);
  });
});
