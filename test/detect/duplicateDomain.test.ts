// Duplicate domains: found where a real kernel was recorded making one, and nowhere else.
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/events.ts';
import { detector } from '../../src/detect/duplicateDomain.ts';
import { eventsOf, nth } from '../support/runs.ts';
import { audited, chain, ended, ids, madeDomain, probeSaying, seenBy, siteFault, started } from './audited.ts';
import { intel, mixedCoherency, smmuv3 } from './machines.ts';

const script = 'attach 5; map 4K; attach 11';
const onExisting = siteFault('domain_attach_iommu', { request: 2, domain: 'c0.d0' });
const finding = 'duplicate-domain:c0/c0.d1';

describe('the second group of a container while the n-th allocation fails (Intel, 6.12, type1)', () => {
  const found = Array.from({ length: 26 }, (_, index) => {
    const run = audited({ kernel: '6.12.y', caller: 'vfio-type1', topology: intel, script, faults: [nth(2, index + 1)] });
    return { n: index + 1, result: run.results[2], isDuplicate: ids(run.findings).includes(finding), findings: run.findings };
  });

  it('makes a duplicate at n = 20 to 25, as the recording shows, and at no other', () => {
    expect(found.filter(({ isDuplicate }) => isDuplicate).map(({ n, result }) => [n, result])).toEqual(
      [20, 21, 22, 23, 24, 25].map((n) => [n, 'OK']),
    );
  });

  it('has the recording as its evidence', () => {
    const evidence = found.flatMap(({ findings }) => findings.filter(({ id }) => id === finding)).map((one) => one.evidence.kind);
    expect(evidence).toEqual(Array.from({ length: 6 }, () => 'recorded'));
  });

  it('has no other finding of level bug', () => {
    expect(found.flatMap(({ findings }) => findings.filter(({ level, id }) => level === 'bug' && id !== finding))).toEqual([]);
  });
});

describe('one failed allocation on the existing domain', () => {
  it.each([
    ['6.1.y', 'vfio-type1', 'OK', [finding], 'read'],
    ['6.1.y+seed-v6', 'vfio-type1', 'OK', [finding], 'model'],
    ['6.12.y', 'vfio-type1', 'OK', [finding], 'recorded'],
    ['6.12.y', 'retry-any', 'OK', [finding], 'model'],
    ['6.12.y', 'iommufd-auto', 'ENOMEM', [], undefined],
    ['6.1.y+seed-v6', 'vfio-type1-seed', 'ENOMEM', [], undefined],
    ['6.12.y', 'vfio-type1-seed', 'ENOMEM', [], undefined],
  ])('on %s with %s: %s', (kernel, caller, result, bugs, evidence) => {
    const run = audited({ kernel, caller, topology: intel, script, faults: [onExisting] });
    const found = run.findings.filter(({ level }) => level === 'bug');
    expect({ result: run.results[2], bugs: ids(found), evidence: found[0]?.evidence.kind }).toEqual({ result, bugs, evidence });
  });

  it('is told from the older domain to what the second one costs', () => {
    const run = audited({ kernel: '6.12.y', caller: 'vfio-type1', topology: intel, script, faults: [nth(2, 20)] });
    const [duplicate] = run.findings;
    expect(chain(run.events, duplicate!.because)).toEqual([
      'RecordListed',
      'CandidateConsidered',
      'AllocationFailed',
      'CheckRefused',
      'StepTaken',
      'RecordListed',
      '-',
      '-',
    ]);
    expect(duplicate!.because.map(({ words }) => words)).toEqual([
      'c0 has c0.d0, made for group 5',
      'vfio-type1 tries it for group 11: ops and coherency flag are equal',
      'domain_attach_iommu() line 1506 gets no memory for 0000:04:00.0 (GFP_KERNEL, allocation 20 of the call): -ENOMEM',
      expect.stringMatching(
        /^intel-instance-record-alloc refuses for 0000:04:00.0 with -ENOMEM \(transient-memory\): .*intel\/iommu\.c: domain_attach_iommu:/,
      ),
      'vfio-type1 takes -ENOMEM for "try the next" and goes on',
      'c0.d1 is kept for group 11 and listed',
      'no row refuses group 11 on c0.d0: it would have been taken there',
      'cost: page tables of its own with 1 mapping replayed, 1 id taken, 1 group on it; every later map and unmap is done once more',
    ]);
    expect(duplicate).toMatchObject({ level: 'bug', plausible: 'small-sleeping', entity: 'c0/c0.d1', at: run.events.length - 1 });
    expect(duplicate!.subject).toEqual({ container: 'c0', record: 'c0.d1', domain: 'c0.d1', group: '11', older: 'c0.d0' });
  });

  it('counts every mapping that is replayed, and the groups on the second domain only', () => {
    const maps = 'attach 5; map 4K @0x1000000; map 4K @0x2000000; map 64K @0x3000000; attach 6; attach 11';
    const fault = siteFault('domain_attach_iommu', { request: 5, domain: 'c0.d0' });
    const run = audited({ kernel: '6.1.y', caller: 'vfio-type1', topology: intel, script: maps, faults: [fault] });
    expect(run.findings[0]!.because.at(-1)!.words).toContain('with 3 mappings replayed, 1 id taken, 1 group on it');
  });

  it('has nothing to replay where nothing is mapped', () => {
    const fault = siteFault('domain_attach_iommu', { request: 1, domain: 'c0.d0' });
    const run = audited({ kernel: '6.1.y', caller: 'vfio-type1', topology: intel, script: 'attach 5; attach 11', faults: [fault] });
    expect(run.findings[0]!.because.at(-1)!.words).toMatch(/^cost: page tables of its own, 1 id taken/);
  });
});

describe('a replace into an address space whose page table fits (6.12)', () => {
  const replace = 'attach 5; map 4K; attach 6 in c1; replace 6 in c0';
  const given = { kernel: '6.12.y', topology: intel, script: replace, context: 'ctx' };

  it.each([
    ['iommufd-auto', false, 'ENOMEM', []],
    ['retry-any', false, 'OK', [finding]],
    // The fresh page table is listed before the switch to it fails.
    ['retry-any', true, 'ENOMEM', []],
  ])('%s, failing for ever %s: %s', (caller, sticky, result, bugs) => {
    const fault = siteFault('domain_attach_iommu', { request: 3, sticky, ...(sticky ? {} : { domain: 'c0.d0' }) });
    const run = audited({ ...given, caller, faults: [fault] });
    const found = run.findings.filter(({ level }) => level === 'bug');
    expect([run.results[3], ids(found)]).toEqual([result, bugs]);
    expect(found.map(({ subject }) => subject.group)).toEqual(bugs.map(() => '6'));
  });
});

describe('a second domain that is no finding', () => {
  const secondDomain = (run: ReturnType<typeof audited>): boolean => eventsOf(run.events, 'RecordListed').length === 2;

  it.each([
    ['6.1.y', 'vfio-type1'],
    ['6.12.y', 'vfio-type1'],
    ['6.12.y', 'iommufd-auto'],
  ])('the hardware needs it: another SMMUv3 instance (%s, %s)', (kernel, caller) => {
    const run = audited({ kernel, caller, topology: smmuv3, script: 'attach 6; map 4K; attach 7' });
    expect([secondDomain(run), run.findings]).toEqual([true, []]);
  });

  it.each(['6.1.y', '6.12.y'])("the caller's coherency flags differ (%s, type1)", (kernel) => {
    const run = audited({ kernel, caller: 'vfio-type1', topology: mixedCoherency, script: 'attach 1; map 4K; attach 2' });
    const skipped = eventsOf(run.events, 'CandidateConsidered').map(({ tried, because }) => [tried, because]);
    expect(skipped).toEqual([[false, 'enforce_cache_coherency differs: true != false']]);
    expect([secondDomain(run), run.findings]).toEqual([true, []]);
  });
});

describe('given a container with one domain, when a second record is listed', () => {
  const record = (id: string, automatic = true) => ({ id, domain: id, groups: ['11'], coherent: false, automatic, users: 0 });
  const open: Event = { type: 'ContainerOpened', task: 't0', container: 'c0', kind: 'vfio', context: 'c0', phase: 'ready' };
  const listed = (id: string, automatic = true): Event => ({
    type: 'RecordListed',
    task: 't0',
    container: 'c0',
    record: record(id, automatic),
    at: 'head',
  });
  const made = (id: string): Event => ({ type: 'DomainAllocated', task: 't0', domain: madeDomain(id) });
  const considered = (tried: boolean, task = 't0'): Event => ({
    type: 'CandidateConsidered',
    task,
    container: 'c0',
    group: '11',
    domain: 'c0.d0',
    tried,
    because: '',
  });
  const before = [started(), open, made('c0.d0'), listed('c0.d0'), ended(), made('c0.d1')];
  const at = before.length;

  it.each<[string, Event[], [string, number][], string[]]>([
    ['and the request succeeds: a duplicate, seen at its end', [considered(true), listed('c0.d1'), ended()], [['c0/c0.d1', at + 3]], []],
    ['although nothing was tried: a duplicate all the same', [listed('c0.d1'), ended()], [['c0/c0.d1', at + 2]], []],
    ['and the request fails later: none', [considered(true), listed('c0.d1'), ended('t0', 'ENOMEM')], [], []],
    ['and another task ends first: seen at the end of its own', [listed('c0.d1'), ended('t1'), ended()], [['c0/c0.d1', at + 3]], []],
    [
      'and it is dropped again: none',
      [listed('c0.d1'), { type: 'RecordUnlisted', task: 't0', container: 'c0', record: 'c0.d1' }, ended()],
      [],
      [],
    ],
    ["and the caller's rule set the older one aside: none", [considered(false), listed('c0.d1'), ended()], [], []],
    ['and another task set it aside: a duplicate', [considered(false, 't1'), listed('c0.d1'), ended()], [['c0/c0.d1', at + 3]], []],
    ['and a row refuses the older one: none', [considered(true), listed('c0.d1'), ended()], [], ['c0.d0']],
    ['that the user asked for by name: none', [listed('c0.d1', false), ended()], [], []],
    [
      'and the older domain is gone by then: none',
      [{ type: 'DomainFreed', task: 't0', domain: 'c0.d0', recordedBy: [] }, listed('c0.d1'), ended()],
      [],
      [],
    ],
  ])('%s', (_, then, expected, refused) => {
    expect(seenBy(detector, [...before, ...then], probeSaying(refused))).toEqual(expected);
  });

  it('keeps nothing of a request that is over', () => {
    const { step, initial } = detector;
    expect(step({ t0: { aside: ['c0.d0'], pending: [] } }, ended(), {} as never, probeSaying()).state).toEqual(initial);
  });
});
