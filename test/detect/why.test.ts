// Why this domain and no other: candidates, who refused them with what, what the caller made of it, what was kept.
import { describe, expect, it } from 'vitest';
import type { Why } from '../../src/core/why.ts';
import { whyOf } from '../../src/detect/why.ts';
import { nth } from '../support/runs.ts';
import { type Audited, audited, type Given, siteFault } from './audited.ts';
import { intel, mixedCoherency, smmuv3, sprd } from './machines.ts';

const asked = (given: Given): { run: Audited; whys: Why[] } => {
  const run = audited(given);
  return { run, whys: whyOf(run.events, run.probe) };
};

/** `c0.d0 refused by driver intel -ENOMEM next`, one line a candidate. */
const tried = (why: Why): string[] =>
  why.groups.flatMap(({ candidates }) =>
    candidates.map(({ domain, fate, refusal, reaction }) =>
      [domain, fate, ...(refusal ? [`by ${refusal.by}`, refusal.row, refusal.errno] : []), ...(reaction ? [reaction] : [])].join(' '),
    ),
  );

const ends = (why: Why): string => why.groups.map(({ group, kept, how }) => `${group} on ${kept}, ${how}`).join('; ');

const foreign = 'arm-smmu-v3-foreign-smmu';
const record = 'intel-instance-record-alloc';

describe('why a group is on its domain', () => {
  it.each<[string, Given, string[], string]>([
    [
      'the first one of a container: there was none',
      { kernel: '6.12.y', caller: 'vfio-type1', topology: intel, script: 'attach 5' },
      [],
      '5 on c0.d0, fresh',
    ],
    [
      'one that fits is joined',
      { kernel: '6.12.y', caller: 'vfio-type1', topology: intel, script: 'attach 5; attach 11' },
      ['c0.d0 joined'],
      '11 on c0.d0, joined',
    ],
    [
      'one that fits is joined by iommufd',
      { kernel: '6.12.y', caller: 'iommufd-auto', topology: intel, script: 'attach 5; attach 11' },
      ['c0.d0 joined'],
      '11 on c0.d0, joined',
    ],
    [
      'another instance refuses, and the newest that fits is joined',
      { kernel: '6.1.y', caller: 'vfio-type1', topology: smmuv3, script: 'attach 7; attach 6; attach 10; attach 9' },
      [`c0.d2 refused by driver arm-smmu-v3 ${foreign} ENXIO next`, 'c0.d1 joined'],
      '9 on c0.d1, joined',
    ],
    [
      'iommufd begins with the oldest',
      { kernel: '6.12.y', caller: 'iommufd-auto', topology: smmuv3, script: 'attach 7; attach 6; attach 10; attach 9' },
      [`c0.d0 refused by driver arm-smmu-v3 ${foreign} EINVAL next`, 'c0.d1 joined'],
      '9 on c0.d1, joined',
    ],
    [
      'the coherency flag differs: not even tried',
      { kernel: '6.12.y', caller: 'vfio-type1', topology: mixedCoherency, script: 'attach 1; attach 2' },
      ['c0.d0 skipped'],
      '2 on c0.d1, fresh',
    ],
    [
      'an allocation fails and type1 goes on',
      { kernel: '6.12.y', caller: 'vfio-type1', topology: intel, script: 'attach 5; map 4K; attach 11', faults: [nth(2, 20)] },
      [`c0.d0 refused by driver intel ${record} ENOMEM next`],
      '11 on c0.d1, fresh',
    ],
    [
      'an allocation fails and iommufd stops',
      {
        kernel: '6.12.y',
        caller: 'iommufd-auto',
        topology: intel,
        script: 'attach 5; map 4K; attach 11',
        faults: [siteFault('domain_attach_iommu', { request: 2, domain: 'c0.d0' })],
      },
      [`c0.d0 refused by driver intel ${record} ENOMEM stop`],
      '11 on g11.blocking, unchanged',
    ],
    [
      'a replace that the oldest page table takes',
      {
        kernel: '6.12.y',
        caller: 'iommufd-auto',
        topology: intel,
        script: 'attach 5; attach 6 in c1; replace 6 in c0',
        context: 'ctx',
      },
      ['c0.d0 joined'],
      '6 on c0.d0, joined',
    ],
    [
      'a replace that makes a page table of its own',
      {
        kernel: '6.12.y',
        caller: 'retry-any',
        topology: intel,
        script: 'attach 5; attach 6 in c1; replace 6 in c0',
        context: 'ctx',
        faults: [siteFault('domain_attach_iommu', { request: 2, domain: 'c0.d0' })],
      },
      [`c0.d0 refused by driver intel ${record} ENOMEM next`],
      '6 on c0.d1, fresh',
    ],
    [
      'a refusal of the caller itself',
      {
        kernel: '6.12.y',
        caller: 'iommufd-auto',
        topology: intel,
        script: 'attach 5; map 4K; attach 11',
        faults: [siteFault('iommufd_hwpt_attach_device', { request: 2 })],
      },
      ['c0.d0 refused by caller iommufd-auto iommufd-handle-alloc ENOMEM stop'],
      '11 on g11.blocking, unchanged',
    ],
    [
      'the core refuses what a failed detach left behind',
      { kernel: '6.1.y', caller: 'vfio-type1', topology: sprd, script: 'attach 1; attach 2' },
      ['c0.d0 refused by core core-attach-group-busy EBUSY next'],
      '2 on c0.d1, unchanged',
    ],
  ])('%s', (_, given, candidates, end) => {
    const why = asked(given).whys.at(-1)!;
    expect([tried(why), ends(why)]).toEqual([candidates, end]);
  });

  it('names the request, its events and its result', () => {
    const { run, whys } = asked({
      kernel: '6.12.y',
      caller: 'vfio-type1',
      topology: intel,
      script: 'attach 5; map 4K; detach 5; attach 11',
    });
    expect(whys.map(({ request, verb, target, result }) => [request, verb, target, result])).toEqual([
      [1, 'attach', '5', 'OK'],
      [4, 'attach', '11', 'OK'],
    ]);
    expect(whys.map(({ from, to }) => [run.events[from - 1]!.type, run.events[to! - 1]!.type])).toEqual([
      ['RequestStarted', 'RequestEnded'],
      ['RequestStarted', 'RequestEnded'],
    ]);
  });

  it('carries the values, the words and the place of the check', () => {
    const { run, whys } = asked({ kernel: '6.12.y', caller: 'vfio-type1', topology: smmuv3, script: 'attach 6; attach 7' });
    const [candidate] = whys[1]!.groups[0]!.candidates;
    expect(candidate!.refusal).toMatchObject({
      class: 'incompatible',
      device: '0000:01:00.0',
      domain: 'c0.d0',
      values: { 'domain.iommu': 'smmu3.0x000000000c020000', 'device.iommu': 'smmu3.0x000000000c000000' },
      words: 'the domain was finalised on a different SMMU',
      allocation: null,
    });
    expect(candidate!.refusal!.citation).toMatch(/^drivers\/iommu\/arm\/arm-smmu-v3\/arm-smmu-v3\.c: arm_smmu_attach_dev:/);
    expect([candidate!.at, candidate!.refusal!.at, candidate!.reactionAt].map((at) => run.events[at! - 1]!.type)).toEqual([
      'CandidateConsidered',
      'CheckRefused',
      'StepTaken',
    ]);
  });

  it('carries the allocation that failed', () => {
    const { whys } = asked({
      kernel: '6.12.y',
      caller: 'vfio-type1',
      topology: intel,
      script: 'attach 5; map 4K; attach 11',
      faults: [nth(2, 21)],
    });
    expect(whys[1]!.groups[0]!.candidates[0]!.refusal!.allocation).toEqual({
      site: 'cache_tag_assign:52',
      gfp: 'GFP_KERNEL',
      n: 21,
      plausible: 'small-sleeping',
    });
  });

  it('says what stopped an attach before any candidate', () => {
    const { whys } = asked({ kernel: '6.12.y', caller: 'vfio-type1', topology: intel, script: 'bind-driver 5; attach 5' });
    const [group] = whys[0]!.groups;
    expect([whys[0]!.result, group!.candidates, group!.kept, group!.how]).toEqual(['EPERM', [], 'g5.default', 'unchanged']);
    expect(group!.refusals.map(({ row, errno, by }) => [row, errno, by])).toEqual([['core-claim-group-owned', 'EPERM', 'core']]);
  });

  it('needs no words where only places are known', () => {
    const run = audited({ kernel: '6.12.y', caller: 'vfio-type1', topology: smmuv3, script: 'attach 6; attach 7' });
    const whys = whyOf(run.events, { citation: (row) => `somewhere: ${row}` });
    expect(whys[1]!.groups[0]!.candidates[0]!.refusal).toMatchObject({ words: null, citation: `somewhere: ${foreign}` });
  });

  it('leaves a request that has not ended open', () => {
    const run = audited({ kernel: '6.12.y', caller: 'vfio-type1', topology: smmuv3, script: 'attach 6; attach 7' });
    const until = run.events.findLastIndex(({ type }) => type === 'CandidateConsidered') + 1;
    const why = whyOf(run.events.slice(0, until), run.probe).at(-1)!;
    expect([why.to, why.result, tried(why)]).toEqual([null, null, ['c0.d0 undecided']]);
  });
});
