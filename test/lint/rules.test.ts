// Each rule on the sites that it is for, the near misses beside them, and what lowers a level.
import { describe, expect, it } from 'vitest';
import type { LintContract } from '../../src/core/lintReport.ts';
import type { ReturnSite } from '../../src/core/returnSites.ts';
import { namedContracts } from '../../src/lint/contracts/named.ts';
import { findingsOf } from '../../src/lint/judge.ts';
import { rules } from '../../src/lint/registry.ts';
import { ruleNamed } from '../../src/lint/ruleNamed.ts';
import { ignoredOf, printOf, readingOf, siteOf } from '../support/treeReadings.ts';

const contract = (name: string, standing: LintContract['standing'] = 'asked'): LintContract => ({
  ...namedContracts.find((found) => found.name === name)!,
  standing,
});

const judged = (site: Partial<ReturnSite>, name = 'einval-soft'): string[] =>
  findingsOf(readingOf([siteOf(site)]), contract(name)).map(({ rule, level, message }) => `${level}: ${rule}: ${message}`);

const api = { origin: 'api', class: 'device', api: 'pm_runtime_get_sync', condition: 'pm_runtime_get_sync(dev)' } as const;
const memory = { origin: 'memory', class: 'transient-memory', condition: '!cfg', api: 'kzalloc' } as const;
const space = { class: 'transient-space', condition: 'asid == size' } as const;

describe('under the merged text', () => {
  it.each<[string, Partial<ReturnSite>, string[]]>([
    ['a silent EINVAL for a misfit is as it should be', {}, []],
    [
      'a likely misfit told as a shortage, which may be one',
      { errnos: ['ENOMEM'], confidence: 'medium', domain: 'any', prints: [printOf()] },
      [
        'maybe: incompatible-other-errno: -ENOMEM where device and domain do not fit; the contract has -EINVAL',
        'maybe: message-on-soft-path: dev_err() where a caller may only try whether the domain fits',
      ],
    ],
    [
      'a likely misfit told as busy, of a domain in use: another one fits',
      { errnos: ['EBUSY'], confidence: 'medium', domain: 'used' },
      ['error: incompatible-other-errno: -EBUSY where device and domain do not fit; the contract has -EINVAL'],
    ],
    [
      'EINVAL where a configuration may be refused as well',
      { ...memory, api: 'alloc_io_pgtable_ops', errnos: ['EINVAL'] },
      ['maybe: errno-for-memory: -EINVAL for a shortage of memory; callers take it for a domain that does not fit'],
    ],
    [
      'ENODEV there',
      { ...memory, api: 'alloc_io_pgtable_ops', errnos: ['ENODEV'] },
      ['maybe: memory-other-errno: -ENODEV for a shortage of memory; the contract has -ENOMEM'],
    ],
    [
      'another errno for a misfit',
      { errnos: ['ENXIO'] },
      ['error: incompatible-other-errno: -ENXIO where device and domain do not fit; the contract has -EINVAL'],
    ],
    [
      'another errno on a fresh domain, of which the text does not speak',
      { errnos: ['ENXIO'], domain: 'fresh' },
      ['stricter: incompatible-other-errno: -ENXIO where device and domain do not fit; the contract has -EINVAL'],
    ],
    [
      'a message beside it',
      { prints: [printOf()] },
      ['error: message-on-soft-path: dev_err() where a caller may only try whether the domain fits'],
    ],
    [
      'a message that is no error',
      { prints: [printOf('pr_info'), printOf('pr_info')] },
      ['cost: message-on-soft-path: pr_info() where a caller may only try whether the domain fits'],
    ],
    [
      'a warning',
      { prints: [printOf('dev_warn')] },
      ['cost: message-on-soft-path: dev_warn() where a caller may only try whether the domain fits'],
    ],
    [
      'a trap',
      { prints: [printOf('WARN_ON')] },
      ['error: message-on-soft-path: WARN_ON() where a caller may only try whether the domain fits'],
    ],
    ['a debug message', { prints: [printOf('dev_dbg'), printOf('pr_debug')] }, []],
    ['a message where only a fresh domain comes', { prints: [printOf()], domain: 'fresh' }, []],
    ['a message of a hard failure', { errnos: ['ENODEV'], class: 'device', prints: [printOf()] }, []],
    [
      'EINVAL for memory',
      { ...memory, errnos: ['EINVAL'] },
      ['error: errno-for-memory: -EINVAL for a shortage of memory; callers take it for a domain that does not fit'],
    ],
    ['ENOMEM for memory', { ...memory, errnos: ['ENOMEM'] }, []],
    [
      'ENODEV for memory',
      { ...memory, errnos: ['ENODEV'] },
      ['cost: memory-other-errno: -ENODEV for a shortage of memory; the contract has -ENOMEM'],
    ],
    [
      'EINVAL for ids',
      { ...space, errnos: ['EINVAL'] },
      ['error: errno-for-exhaustion: -EINVAL where ids or contexts are used up; callers take it for a domain that does not fit'],
    ],
    ['ENOSPC for ids', { ...space, errnos: ['ENOSPC'] }, []],
    ['EBUSY for ids', { ...space, errnos: ['EBUSY'] }, ['error: busy-for-exhaustion: -EBUSY where ids or contexts are used up']],
    [
      'EBUSY of the allocator, passed on',
      { ...space, origin: 'api', api: 'xa_alloc', errnos: ['EBUSY', 'ENOMEM'] },
      ['error: busy-for-exhaustion: -EBUSY where ids or contexts are used up: xa_alloc() gives it for a full range'],
    ],
    ['EBUSY for a device in use', { class: 'busy', errnos: ['EBUSY'] }, []],
    [
      'EINVAL for a device',
      { class: 'device', errnos: ['EINVAL'] },
      ['stricter: errno-for-device: -EINVAL for a device that no domain can be attached to; -ENODEV says so'],
    ],
    ['EINVAL for a busy device', { class: 'busy' }, ['stricter: errno-for-other: -EINVAL for a device that is pinned to something else']],
    ['EINVAL for something else', { class: 'other' }, ['stricter: errno-for-other: -EINVAL for something that is no incompatible pair']],
    [
      'EINVAL of a kernel function',
      { ...api, errnos: ['EINVAL', 'EACCES'] },
      ['stricter: leaked-errno: pm_runtime_get_sync() can give -EINVAL, which is passed on as it is'],
    ],
    ['other errnos of a kernel function', { ...api, errnos: ['EACCES', 'EIO'] }, []],
    ['a kernel function of which nothing is known', { ...api, errnos: [] }, []],
    [
      'a call whose ENOMEM becomes EINVAL',
      { class: 'other', api: 'finalise', replaced: ['ENOMEM', 'EINVAL'] },
      ['error: errno-collapse: -EINVAL instead of -ENOMEM of finalise()'],
    ],
    ['a call whose EIO becomes EINVAL', { class: 'device', replaced: ['EIO'] }, ['stricter: errno-collapse: -EINVAL instead of -EIO']],
    ['a call that is converted as the thread wanted', { class: 'device', errnos: ['ENODEV'], replaced: ['EINVAL'] }, []],
    [
      'a conversion that hides memory',
      { class: 'device', errnos: ['ENODEV'], replaced: ['EINVAL', 'ENOMEM'] },
      ['cost: memory-other-errno: -ENODEV for a shortage of memory; the contract has -ENOMEM'],
    ],
    [
      'an errno that is not listed',
      { class: 'device', errnos: ['EPERM'] },
      ['cost: discouraged-errno: -EPERM, which the contract does not list'],
    ],
    ['a misfit that returns 0', { errnos: ['0'] }, ['error: silent-success: returns 0 where a domain that does not fit is refused']],
    ['an early return of 0', { errnos: ['0'], class: 'other' }, ['maybe: silent-success: returns 0 where a check leaves early']],
  ])('%s', (_, site, expected) => {
    expect(judged(site)).toEqual(expected);
  });
});

describe('under other contracts', () => {
  it.each<[string, string, Partial<ReturnSite>, string[]]>([
    [
      'einval-exclusive',
      'a leak',
      { ...api, errnos: ['EINVAL'] },
      ['error: leaked-errno: pm_runtime_get_sync() can give -EINVAL, which is passed on as it is'],
    ],
    [
      'einval-exclusive',
      'a device',
      { class: 'device' },
      ['error: errno-for-device: -EINVAL for a device that no domain can be attached to; -ENODEV says so'],
    ],
    [
      'einval-exclusive',
      'a note in the log',
      { prints: [printOf('pr_info')] },
      ['error: message-on-soft-path: pr_info() where a caller may only try whether the domain fits'],
    ],
    [
      'emediumtype',
      'EINVAL for a misfit',
      {},
      ['error: incompatible-other-errno: -EINVAL where device and domain do not fit; the contract has -EMEDIUMTYPE'],
    ],
    ['emediumtype', 'EINVAL for a device', { class: 'device' }, []],
    [
      'emediumtype',
      'a message',
      { errnos: ['EMEDIUMTYPE'], prints: [printOf()] },
      ['cost: message-on-soft-path: dev_err() where a caller may only try whether the domain fits'],
    ],
    ['legacy-type1', 'anything', { errnos: ['ENXIO'], prints: [printOf()] }, []],
    ['legacy-type1', 'silent success', { errnos: ['0'] }, ['error: silent-success: returns 0 where a domain that does not fit is refused']],
  ])('%s: %s', (name, _, site, expected) => {
    expect(judged(site, name)).toEqual(expected);
  });
});

describe('a level is lowered', () => {
  const wrong = { errnos: ['ENXIO'] } as const;
  const levelsOf = (site: Partial<ReturnSite>, standing: LintContract['standing'] = 'asked') =>
    findingsOf(readingOf([siteOf(site)]), contract('einval-soft', standing)).map(({ rule, level }) => `${level} ${rule}`);

  it.each<[string, Partial<ReturnSite>, string[]]>([
    ['to maybe where the way there is not certain', { ...wrong, certainty: 'maybe' }, ['maybe incompatible-other-errno']],
    ['to maybe where the class is guessed', { ...wrong, confidence: 'low' }, ['cost discouraged-errno', 'maybe incompatible-other-errno']],
    ['not where the class is likely', { ...wrong, confidence: 'medium' }, ['error incompatible-other-errno']],
    ['to maybe for a guessed class whatever the level', { class: 'device', confidence: 'low' }, ['maybe errno-for-device']],
    ['not where the class does not matter', { ...api, errnos: ['EINVAL'], confidence: 'low' }, ['stricter leaked-errno']],
    ['to stricter for an op that the text does not name', { ...wrong, op: 'set_dev_pasid' }, ['stricter incompatible-other-errno']],
  ])('%s', (_, site, expected) => {
    expect(levelsOf(site)).toEqual(expected);
  });

  it('to stricter where the tree could not know the contract', () => {
    expect(levelsOf(wrong, 'borrowed')).toEqual(['stricter incompatible-other-errno']);
    expect(levelsOf({ errnos: ['0'], op: 'set_dev_pasid' }, 'borrowed')).toEqual(['error silent-success']);
  });

  it('and the message says so of the op', () => {
    const [finding] = findingsOf(readingOf([siteOf({ ...wrong, op: 'set_dev_pasid' })]), contract('einval-soft', 'stated'));
    expect(finding!.message).toMatch(/\(the text is about attach_dev, not set_dev_pasid\)$/);
  });
});

describe('findings', () => {
  it('of dropped results are maybes at the call', () => {
    const [finding, ...others] = findingsOf(readingOf([], { ignored: [ignoredOf()] }), contract('einval-soft'));
    expect(others).toEqual([]);
    expect([finding!.rule, finding!.level, finding!.site.condition, finding!.message, finding!.clause]).toEqual([
      'failure-ignored',
      'maybe',
      'pci_enable_pasid() fails',
      'the result of pci_enable_pasid() is dropped',
      '0: the device is attached to the domain',
    ]);
  });

  it('stand in the order of drivers, files and lines, whatever the order of the sites', () => {
    const sites = [
      siteOf({ errnos: ['ENXIO'], driver: 'b', line: 9 }),
      siteOf({ errnos: ['0'], driver: 'b', line: 10 }),
      siteOf({ errnos: ['EXDEV'], driver: 'a', line: 30 }),
      siteOf({ errnos: ['EXDEV'], driver: 'b', line: 9, table: 'a_ops', prints: [printOf()] }),
    ];
    const found = findingsOf(readingOf(sites), contract('einval-soft'));
    expect(found.map(({ site, rule }) => `${site.driver}:${site.line} ${rule}`)).toEqual([
      'a:30 incompatible-other-errno',
      'b:9 incompatible-other-errno',
      'b:9 message-on-soft-path',
      'b:9 incompatible-other-errno',
      'b:10 silent-success',
    ]);
    expect(findingsOf(readingOf(sites.toReversed()), contract('einval-soft'))).toEqual(found);
  });
});

describe('the rules', () => {
  it('are found by name, or the nearest is named', () => {
    expect(ruleNamed('leaked-errno').title).toBe("a kernel function's errno leaks and means an incompatible pair to callers");
    expect(() => ruleNamed('leaked-erno')).toThrow(
      'expected a rule, found "leaked-erno"; did you mean leaked-errno?\nThe rules are busy-for',
    );
    expect(() => ruleNamed('x')).toThrow('expected a rule, found "x"\n');
  });

  it('have an id of their own, words, one clause and a whole page', () => {
    expect(rules.map(({ id, clause }) => `${id} ${clause}`)).toEqual([
      'busy-for-exhaustion busy',
      'discouraged-errno others',
      'errno-collapse incompatible',
      'errno-for-device device',
      'errno-for-exhaustion transient-space',
      'errno-for-memory transient-memory',
      'errno-for-other incompatible',
      'failure-ignored success',
      'incompatible-other-errno incompatible',
      'leaked-errno incompatible',
      'memory-other-errno transient-memory',
      'message-on-soft-path incompatible',
      'silent-success success',
    ]);
    for (const { page } of rules) for (const text of [page.means, page.mend, page.suppress]) expect(text).toMatch(/\.$/);
  });
});
