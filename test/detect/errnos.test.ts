// What errnos say, and what callers make of them: against their class, outside the documented list, with a print.
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/events.ts';
import type { Class } from '../../src/core/rows.ts';
import { detector as discouraged } from '../../src/detect/discouragedErrno.ts';
import { detector as against } from '../../src/detect/errnoAgainstClass.ts';
import { detector as prints } from '../../src/detect/softFailurePrints.ts';
import { audited, chain, ended, ids, probeSaying, seenBy, siteFault, started } from './audited.ts';
import { intel, smmuv3 } from './machines.ts';

const considered = (tried = true, domain = 'c0.d0'): Event => ({
  type: 'CandidateConsidered',
  task: 't0',
  container: 'c0',
  group: '11',
  domain,
  tried,
  because: '',
});
const refused = (meaning: Class, errno = 'EINVAL', domain: string | null = 'c0.d0', task = 't0'): Event => ({
  type: 'CheckRefused',
  task,
  row: 'row',
  device: 'b',
  domain,
  errno,
  class: meaning,
  values: {},
});
const scanned = (made: 'next' | 'stop', task = 't0'): Event => ({
  type: 'StepTaken',
  task,
  workflow: 'w',
  from: 'tryExisting',
  outcome: 'errno.EINVAL',
  to: 'w',
  scanned: made,
});
const entered: Event = { type: 'FrameEntered', task: 't0', frame: { workflow: 'w', state: 's', registers: {} } };
const entity = 'c0/c0.d0/11/row';

describe('given a candidate that is refused, errno-against-class', () => {
  it.each<[Class, 'next' | 'stop', boolean]>([
    ['incompatible', 'next', false],
    ['incompatible', 'stop', true],
    ['device', 'next', true],
    ['device', 'stop', false],
    ['transient-memory', 'next', true],
    ['transient-memory', 'stop', false],
    ['transient-space', 'next', true],
    ['busy', 'next', true],
    ['busy', 'stop', false],
    ['other', 'next', true],
  ])('class %s and the caller makes it %s: %s', (meaning, made, isHit) => {
    const events = [started(), entered, considered(), refused(meaning), scanned(made)];
    expect(seenBy(against, events)).toEqual(isHit ? [[entity, 5]] : []);
  });

  it.each<[string, Event[], [string, number][]]>([
    [
      'judges the last refusal, whatever was tolerated before',
      [considered(), refused('device', '0'), refused('incompatible'), scanned('next')],
      [],
    ],
    [
      'ignores refusals of other domains: a way back',
      [considered(), refused('incompatible'), refused('busy', 'EBUSY', 'c0.d1'), scanned('next')],
      [],
    ],
    [
      'ignores what another task does',
      [considered(), refused('incompatible'), refused('busy', 'EBUSY', 'c0.d0', 't1'), scanned('next')],
      [],
    ],
    ['ignores a candidate that is not tried', [considered(false), refused('busy'), scanned('next')], []],
    ['forgets a try at its verdict', [considered(), refused('busy'), scanned('stop'), scanned('next')], []],
    ['forgets a try at the end of the request', [considered(), refused('busy'), ended(), scanned('next')], []],
    [
      'judges each candidate by its own refusal',
      [
        considered(),
        refused('incompatible'),
        scanned('next'),
        considered(true, 'c0.d1'),
        refused('busy', 'EBUSY', 'c0.d1'),
        scanned('next'),
      ],
      [['c0/c0.d1/11/row', 8]],
    ],
  ])('%s', (_, events, expected) => {
    expect(seenBy(against, [started(), entered, ...events])).toEqual(expected);
  });
});

describe('a caller whose rule does not know the errnos of its drivers', () => {
  it.each([
    ['6.1.y', 'vfio-type1-seed', 'ENXIO', 'errno-against-class:c0/c0.d0/7/arm-smmu-v3-foreign-smmu'],
    ['6.12.y', 'vfio-type1-seed', 'EINVAL', 'errno-against-class:c0/c0.d0/7/arm-smmu-v3-foreign-smmu'],
  ])('%s with %s: stops at %s, and is found', (kernel, caller, result, id) => {
    const run = audited({ kernel, caller, topology: smmuv3, script: 'attach 6; attach 7' });
    expect(run.results).toEqual(['OK', result]);
    expect(ids(run.findings)).toEqual([id]);
    const [finding] = run.findings;
    expect(chain(run.events, finding!.because)).toEqual(['CandidateConsidered', 'CheckRefused', 'StepTaken']);
    expect(finding).toMatchObject({ level: 'contract', evidence: { kind: 'model' }, subject: { errno: result, scanned: 'stop' } });
    expect(finding!.because[2]!.words).toBe(`vfio-type1-seed gets -${result}, which means incompatible here, and stops`);
  });

  it('type1 goes on after a shortage: found beside the duplicate that it makes', () => {
    const faults = [siteFault('domain_attach_iommu', { request: 2, domain: 'c0.d0' })];
    const run = audited({ kernel: '6.12.y', caller: 'vfio-type1', topology: intel, script: 'attach 5; map 4K; attach 11', faults });
    expect(ids(run.findings)).toEqual(['duplicate-domain:c0/c0.d1', 'errno-against-class:c0/c0.d0/11/intel-instance-record-alloc']);
    expect(run.findings[1]).toMatchObject({ level: 'contract', evidence: { kind: 'read' }, plausible: 'small-sleeping' });
  });
});

describe('given a refusal and a print, soft-failure-prints', () => {
  const printed = (row = 'row', level = 'dev_err'): Event => ({ type: 'KernelPrinted', task: 't0', row, level, text: 'no', device: 'b' });

  it.each<[string, Event[], [string, number][]]>([
    ['sees it when the domain does not fit', [considered(), refused('incompatible'), printed()], [[entity, 4]]],
    ['lets a shortage print', [considered(), refused('transient-memory', 'ENOMEM'), printed()], []],
    ['lets debug messages pass', [considered(), refused('incompatible'), printed('row', 'dev_dbg')], []],
    ['lets another row print', [considered(), refused('incompatible'), printed('other')], []],
    ['lets a fresh domain print', [refused('incompatible', 'EINVAL', 'c0.d1'), printed()], []],
  ])('%s', (_, events, expected) => {
    expect(seenBy(prints, [started(), ...events])).toEqual(expected);
  });

  it.each([
    ['6.1.y', 'vfio-type1', ['discouraged-errno:arm-smmu-v3-foreign-smmu', 'soft-failure-prints:c0/c0.d0/7/arm-smmu-v3-foreign-smmu']],
    ['6.12.y', 'vfio-type1', []],
    ['6.12.y', 'iommufd-auto', []],
  ])('SMMUv3 on %s with %s: %j', (kernel, caller, expected) => {
    const run = audited({ kernel, caller, topology: smmuv3, script: 'attach 6; attach 7', cost: true });
    expect(ids(run.findings)).toEqual(expected);
  });
});

describe('a print about a domain that does not fit', () => {
  it('is told by the try, the check and the message', () => {
    const run = audited({ kernel: '6.1.y', caller: 'vfio-type1', topology: smmuv3, script: 'attach 6; attach 7', cost: true });
    const finding = run.findings.find(({ rule }) => rule === 'soft-failure-prints');
    expect(chain(run.events, finding!.because)).toEqual(['CandidateConsidered', 'CheckRefused', 'KernelPrinted']);
    expect(finding!.because[2]!.words).toBe('the kernel prints (dev_err): cannot attach to SMMU <domain smmu> (upstream of <device smmu>)');
  });
});

describe('a kernel API that fails behind a check', () => {
  it('is a link of its own', () => {
    const api: Event = { type: 'ApiFailed', task: 't0', row: 'row', api: 'pm-runtime-resume', errno: 'EINVAL', on: 'smmu0', sticky: true };
    const events = [started(), entered, considered(), api, refused('device'), scanned('next')];
    const hit = { entity, subject: { domain: 'c0.d0', group: '11', row: 'row', errno: 'EINVAL', class: 'device', scanned: 'next' } };
    expect(against.explain(events, 6, hit, probeSaying()).map(({ at, words }) => [at, words])).toEqual([
      [3, 'vfio-type1 tries c0.d0 for group 11'],
      [4, 'pm-runtime-resume gives -EINVAL on smmu0'],
      [5, 'row refuses for b with -EINVAL (device): made.c: row'],
      [6, 'vfio-type1 gets -EINVAL, which means device here, and goes on with the next domain'],
    ]);
  });
});

describe('given a refusal in an attach path, discouraged-errno', () => {
  const path = (name: string): Event => ({
    type: 'FrameEntered',
    task: 't0',
    frame: { workflow: `intel.${name}`, state: name, registers: {}, path: name, driver: 'intel', row: 0, done: [], refusal: null },
  });

  it.each<[string, Event[], [string, number][]]>([
    ...['0', 'EINVAL', 'ENOMEM', 'ENOSPC', 'EBUSY', 'ENODEV', 'EPERM'].map((errno): [string, Event[], [string, number][]] => [
      `lets ${errno} pass`,
      [path('attach'), refused('other', errno)],
      [],
    ]),
    ['sees ENXIO', [path('attach'), refused('incompatible', 'ENXIO')], [['row', 3]]],
    ['sees it in a path within the attach', [path('attach'), path('leave'), refused('other', 'EFAULT')], [['row', 4]]],
    ['leaves other paths alone', [path('map'), refused('other', 'ERANGE')], []],
    ['leaves the core alone', [entered, refused('other', 'ENOENT')], []],
  ])('%s', (_, events, expected) => {
    expect(seenBy(discouraged, [started(), ...events])).toEqual(expected);
  });
});
