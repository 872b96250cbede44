// Detectors of wrong states: domains freed while recorded, groups stuck, split or without their owner, orphaned domains.
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/events.ts';
import { detector as freed } from '../../src/detect/freedDomainRecorded.ts';
import { detector as split } from '../../src/detect/groupSplit.ts';
import { detector as stuck } from '../../src/detect/groupStuckOnBlocking.ts';
import { detector as orphaned } from '../../src/detect/orphanedDomain.ts';
import { detector as ownership } from '../../src/detect/ownershipBroken.ts';
import { audited, bootedWorld, chain, ended, ids, madeDomain, probeSaying, seenBy, siteFault, started } from './audited.ts';
import { intel } from './machines.ts';

const attachFault = (request: number, more: Parameters<typeof siteFault>[1]) => siteFault('domain_attach_iommu', { request, ...more });

describe('a switch that fails while a group is given back (Intel, type1)', () => {
  it.each([
    [
      '6.1: the stand-in at detach',
      '6.1.y',
      'attach 5; map 4K; detach 5',
      [attachFault(2, { domain: 'g5.blocking' })],
      ['freed-domain-recorded:5/c0.d0'],
    ],
    [
      '6.1: the stand-in and then the default domain',
      '6.1.y',
      'attach 5; map 4K; detach 5; attach 5',
      [attachFault(2, { sticky: true })],
      ['freed-domain-recorded:5/c0.d0', 'ownership-broken:5/unclaimable'],
    ],
    [
      '6.1: both, and a kernel driver binds afterwards',
      '6.1.y',
      'attach 5; map 4K; detach 5; bind-driver 5',
      [attachFault(2, { sticky: true })],
      ['freed-domain-recorded:5/c0.d0', 'ownership-broken:5/unclaimable', 'ownership-broken:5/driver'],
    ],
    [
      "6.1: both, on a domain that another group keeps: the group stays in the user's memory",
      '6.1.y',
      'attach 5; attach 11; detach 5',
      [attachFault(2, { sticky: true })],
      ['ownership-broken:5/unowned'],
    ],
    [
      '6.1: the default domain at release',
      '6.1.y',
      'attach 5; map 4K; detach 5',
      [attachFault(2, { domain: 'g5.default' })],
      ['group-stuck-on-blocking:5'],
    ],
    [
      '6.12: the default domain at release',
      '6.12.y',
      'attach 5; map 4K; detach 5',
      [attachFault(2, { domain: 'g5.default' })],
      ['group-stuck-on-blocking:5'],
    ],
    [
      '6.12: the default domain of one device of three',
      '6.12.y',
      'attach 11; detach 11',
      [attachFault(1, { domain: 'g11.default', device: '0000:05:01.0' })],
      ['group-split:11', 'group-stuck-on-blocking:11'],
    ],
    [
      '6.1: the stand-in of one device of three at claim',
      '6.1.y',
      'attach 11',
      [attachFault(0, { domain: 'g11.blocking', device: '0000:05:01.0' })],
      ['group-split:11', 'group-stuck-on-blocking:11'],
    ],
    ['6.12: the fresh domain at attach: undone, nothing is wrong', '6.12.y', 'attach 5', [attachFault(0, {})], []],
  ])('%s', (_, kernel, script, faults, expected) => {
    const { findings } = audited({ kernel, caller: 'vfio-type1', topology: intel, script, faults });
    expect(ids(findings)).toEqual(expected);
    expect(findings.map(({ level, evidence, plausible }) => [level, evidence.kind, plausible])).toEqual(
      expected.map(() => ['bug', 'read', 'small-sleeping']),
    );
  });

  it('is told from the record to the freed domain', () => {
    const faults = [attachFault(2, { domain: 'g5.blocking' })];
    const { events, findings } = audited({
      kernel: '6.1.y',
      caller: 'vfio-type1',
      topology: intel,
      script: 'attach 5; map 4K; detach 5',
      faults,
    });
    const [finding] = findings;
    expect(chain(events, finding!.because)).toEqual([
      'GroupDomainRecorded',
      'AllocationFailed',
      'CheckRefused',
      'KernelPrinted',
      'DomainFreed',
      '-',
    ]);
    expect(finding!.because[3]!.words).toContain('iommu driver failed to attach the default/blocking domain');
  });

  it('is told from the release to the end of the request', () => {
    const faults = [attachFault(2, { domain: 'g5.default' })];
    const { events, findings } = audited({
      kernel: '6.12.y',
      caller: 'vfio-type1',
      topology: intel,
      script: 'attach 5; map 4K; detach 5',
      faults,
    });
    const [finding] = findings;
    expect(chain(events, finding!.because)).toEqual([
      'GroupReleased',
      'AllocationFailed',
      'CheckRefused',
      'GroupDomainRecorded',
      'RequestEnded',
      '-',
    ]);
    expect(finding!.because.at(-2)!.words).toBe('the request is over: 0');
    expect(finding!.because.at(-1)!.words).toBe(
      'the record is the default domain, but 0000:00:10.0 is not on it; DMA of the group faults until an attach succeeds',
    );
  });
});

describe('a claim that fails for one device of three (6.1)', () => {
  const faults = [attachFault(0, { domain: 'g11.blocking', device: '0000:05:01.0' })];
  const { findings } = audited({ kernel: '6.1.y', caller: 'vfio-type1', topology: intel, script: 'attach 11', faults });

  it('says what the request gave', () => {
    expect(findings[1]!.because.at(-2)!.words).toBe('the request is over: -ENOMEM');
  });

  it('says where each device is', () => {
    expect(findings[0]!.because.at(-1)!.words).toBe(
      'group 11 is split: 0000:04:00.0 on g11.blocking, 0000:05:01.0 on none, 0000:05:02.0 on g11.default',
    );
  });
});

describe('a group that cannot be claimed again', () => {
  it('is told with both failures, the free and the release', () => {
    const faults = [attachFault(2, { sticky: true })];
    const { events, findings } = audited({
      kernel: '6.1.y',
      caller: 'vfio-type1',
      topology: intel,
      script: 'attach 5; map 4K; detach 5',
      faults,
    });
    const finding = findings.find(({ rule }) => rule === 'ownership-broken');
    expect(chain(events, finding!.because)).toEqual([
      'GroupClaimed',
      'GroupDomainRecorded',
      'AllocationFailed',
      'CheckRefused',
      'DomainFreed',
      'GroupReleased',
      'AllocationFailed',
      'CheckRefused',
      '-',
    ]);
    expect(finding!.because.at(-1)!.words).toBe('group 5: it records c0.d0, which was freed: every claim gets -EBUSY for good');
  });
});

const released = (group: string): Event => ({ type: 'GroupReleased', task: 't0', group, count: 0, phase: 'onBlocking' });
const recordedOn = (domain: string | null, phase: string): Event => ({
  type: 'GroupDomainRecorded',
  task: 't0',
  group: '11',
  domain,
  phase,
});
const moved = (device: string, domain: string, phase: string): Event => ({
  type: 'DeviceAttached',
  task: 't0',
  device,
  domain,
  phase,
  domainPhase: 'used',
});
const made = (id: string): Event => ({ type: 'DomainAllocated', task: 't0', domain: madeDomain(id) });
const working = (task: string, registers: Record<string, string>): Event => ({
  type: 'FrameEntered',
  task,
  frame: { workflow: 'releaseOwner', state: 'set', registers },
});
const idle = (task: string): Event => ({ type: 'FrameLeft', task, workflow: 'releaseOwner', outcome: 'OK' });

describe('given a group that is touched, group-stuck-on-blocking', () => {
  it.each<[string, Event[], [string, number][]]>([
    ['sees it on blocking without an owner at the end of the request', [released('11'), ended()], [['11', 3]]],
    ['says nothing before the request ends', [released('11')], []],
    ['says nothing while another task is at work on the group', [working('t1', { group: '11' }), released('11'), ended()], []],
    ['says nothing while another task is at work on a device of it', [working('t1', { device: 'b' }), released('11'), ended()], []],
    [
      'sees it when that task ends',
      [working('t1', { group: '11' }), released('11'), ended(), idle('t1'), { type: 'TaskEnded', task: 't1' }],
      [['11', 6]],
    ],
    ['sees it once', [released('11'), ended(), ended('t1')], [['11', 3]]],
    [
      'sees a device that is blocked under a default record',
      [made('g11.blocking'), moved('c', 'g11.blocking', 'blocked'), ended()],
      [['11', 4]],
    ],
    ['sees a group that lost its record', [recordedOn(null, 'lost'), ended()], [['11', 3]]],
    ['is content with the default domain', [released('11'), recordedOn('g11.default', 'free'), ended()], []],
    [
      'is content with blocking under an owner',
      [{ type: 'GroupClaimed', task: 't0', group: '11', owner: 'c0', count: 1, phase: 'owned' }, ended()],
      [],
    ],
  ])('%s', (_, events, expected) => {
    expect(seenBy(stuck, [started(), ...events])).toEqual(expected);
  });
});

describe('given devices that move, group-split', () => {
  it.each<[string, Event[], [string, number][]]>([
    ['sees one of two elsewhere', [made('c0.d0'), moved('b', 'c0.d0', 'translating'), ended()], [['11', 4]]],
    [
      'sees one of two nowhere',
      [{ type: 'DeviceLeft', task: 't0', device: 'b', domain: 'g11.default', phase: 'idle', domainPhase: null }, ended()],
      [['11', 3]],
    ],
    ['is content when both moved', [made('c0.d0'), moved('b', 'c0.d0', 'translating'), moved('c', 'c0.d0', 'translating'), ended()], []],
    ['is content with a group of one', [made('c0.d0'), moved('a', 'c0.d0', 'translating'), ended()], []],
  ])('%s', (_, events, expected) => {
    expect(seenBy(split, [started(), ...events])).toEqual(expected);
  });
});

describe('given a freed domain, freed-domain-recorded', () => {
  const drop = (groups: string[]): Event => ({
    type: 'DomainFreed',
    task: 't0',
    domain: 'c0.d0',
    recordedBy: groups.map((group) => ({ group, phase: 'dangling' })),
  });

  it.each<[string, string[], [string, number][]]>([
    [
      'sees each group that records it',
      ['5', '11'],
      [
        ['5/c0.d0', 3],
        ['11/c0.d0', 3],
      ],
    ],
    ['is content when none does', [], []],
  ])('%s', (_, groups, expected) => {
    expect(seenBy(freed, [started(), made('c0.d0'), drop(groups)])).toEqual(expected);
  });
});

describe('given a domain made for a user, orphaned-domain', () => {
  const holding = (registers: Record<string, string>): Event => working('t1', registers);

  it.each<[string, Event[], [string, number][]]>([
    ['sees one that nothing refers to', [made('c0.d0'), ended()], [['c0.d0', 3]]],
    ['is content while a frame holds it', [made('c0.d0'), holding({ fresh: 'c0.d0' }), ended()], []],
    ['is content while a group records it', [made('c0.d0'), recordedOn('c0.d0', 'inUse'), ended()], []],
    [
      'is content with a kept blocking stand-in',
      [made('g11.blocking'), { type: 'BlockingDomainKept', task: 't0', group: '11', domain: 'g11.blocking' }, ended()],
      [],
    ],
    [
      'is content with a parent of a nested one, and sees the nested one',
      [
        made('c0.d0'),
        { type: 'DomainAllocated', task: 't0', domain: { ...madeDomain('c0.n0'), type: 'nested', parent: 'c0.d0' } },
        ended(),
      ],
      [['c0.n0', 4]],
    ],
    [
      'is content with a default domain',
      [{ type: 'DomainAllocated', task: 't0', domain: { ...madeDomain('g7.default'), type: 'dma' } }, ended()],
      [],
    ],
  ])('%s', (_, events, expected) => {
    expect(seenBy(orphaned, [started(), ...events])).toEqual(expected);
  });
});

describe('an orphaned domain', () => {
  it('is told from its making to the end of the request', () => {
    const unlisted: Event = { type: 'RecordUnlisted', task: 't0', container: 'c0', record: 'c0.d0' };
    const listed: Event = {
      type: 'RecordListed',
      task: 't0',
      container: 'c0',
      record: { id: 'c0.d0', domain: 'c0.d0', groups: ['11'], coherent: false, automatic: true, users: 0 },
      at: 'head',
    };
    const open: Event = { type: 'ContainerOpened', task: 't0', container: 'c0', kind: 'vfio', context: 'c0', phase: 'ready' };
    const events = [started(), open, made('c0.d0'), listed, made('g11.blocking'), unlisted, ended()];
    const hit = { entity: 'c0.d0', subject: { domain: 'c0.d0' } };
    expect(orphaned.explain(events, 7, hit, probeSaying()).map(({ at }) => at)).toEqual([3, 6, 7, null]);
  });
});

describe('given claims and kernel drivers, ownership-broken', () => {
  const claim = (owner: string, count = 1): Event => ({ type: 'GroupClaimed', task: 't0', group: '11', owner, count, phase: 'owned' });
  const bind: Event = { type: 'DriverBound', task: 't0', group: '11', count: 1, phase: 'driven' };
  const dangling: Event[] = [
    made('c0.d0'),
    recordedOn('c0.d0', 'inUse'),
    { type: 'DomainFreed', task: 't0', domain: 'c0.d0', recordedBy: [{ group: '11', phase: 'dangling' }] },
  ];

  it.each<[string, Event[], [string, number][]]>([
    ['sees a second owner', [claim('c0'), claim('c1', 2)], [['11/second owner', 3]]],
    ['lets the same owner count up', [claim('c0'), claim('c0', 2)], []],
    ['lets another one follow a release', [claim('c0'), released('11'), claim('c1')], []],
    ['sees a driver bind off the default domain', [made('c0.d0'), recordedOn('c0.d0', 'inUse'), bind], [['11/driver', 4]]],
    ['lets a driver bind on it', [bind], []],
    ['sees a group that can never be claimed again', [...dangling, ended()], [['11/unclaimable', 5]]],
    ["sees a user's domain without an owner", [made('c0.d0'), recordedOn('c0.d0', 'inUse'), ended()], [['11/unowned', 4]]],
    [
      'lets a private container keep a group without an owner',
      [
        made('c0.d0'),
        { type: 'ContainerOpened', task: 't0', container: 'c0', kind: 'private', context: 'c0', phase: 'ready' },
        {
          type: 'RecordListed',
          task: 't0',
          container: 'c0',
          record: { id: 'c0.d0', domain: 'c0.d0', groups: ['11'], coherent: false, automatic: true, users: 0 },
          at: 'head',
        },
        recordedOn('c0.d0', 'inUse'),
        ended(),
      ],
      [],
    ],
  ])('%s', (_, events, expected) => {
    expect(seenBy(ownership, [started(), ...events])).toEqual(expected);
  });

  it.each<[string, Event[]]>([
    ['lets an owner be on any domain', [claim('c0'), made('c0.d0'), recordedOn('c0.d0', 'attached'), ended()]],
    ['leaves a group without a record to others', [recordedOn(null, 'lost'), ended()]],
    [
      'leaves a group on its blocking domain to others',
      [
        made('g11.blocking'),
        { type: 'BlockingDomainKept', task: 't0', group: '11', domain: 'g11.blocking' },
        recordedOn('g11.blocking', 'onBlocking'),
        ended(),
      ],
    ],
  ])('%s', (_, events) => {
    expect(seenBy(ownership, [started(), ...events])).toEqual([]);
  });

  it('knows who owned a group when the history began', () => {
    const world = bootedWorld();
    world.groups['11']!.owner = 'c7';
    expect(seenBy(ownership, [started('6.12.y', world), claim('c0', 2)])).toEqual([['11/second owner', 2]]);
  });
});
