// Looking back in histories: the last event of a kind, refusals on a group's devices, and what stands behind a refusal.
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/events.ts';
import { errnoText, failureBehind, inOrder, lastUpTo, refusalsOn, requestStart, siteText } from '../../src/detect/history.ts';
import { started } from './audited.ts';

const refused = (device: string | null, errno = 'EINVAL', task = 't0', row = 'row'): Extract<Event, { type: 'CheckRefused' }> => ({
  type: 'CheckRefused',
  task,
  row,
  device,
  domain: null,
  errno,
  class: 'other',
  values: {},
});
const api = (row: string, task = 't0'): Event => ({ type: 'ApiFailed', task, row, api: 'a', errno: 'EINVAL', on: null, sticky: false });
const begins = (task: string): Event => ({ type: 'RequestStarted', task, request: 0, verb: 'attach', target: '5' });

describe('looking back', () => {
  // Group 5 has device a, group 11 devices b and c.
  const history = [
    started(),
    begins('t0'),
    refused('a'),
    refused('b'),
    refused(null),
    refused('a', '0'),
    begins('t1'),
    refused('c', 'ENOMEM'),
  ];

  it.each([
    ['5', 0, 8, [3]],
    ['11', 0, 8, [4, 8]],
    ['11', 4, 8, [8]],
    ['11', 0, 7, [4]],
    ['5', 3, 8, []],
    ['none', 0, 8, []],
  ])('refusals on devices of group %s after %i up to %i', (group, from, at, expected) => {
    expect(refusalsOn(history, from, at, group).map((found) => found.at)).toEqual(expected);
  });

  it.each([
    [8, 8],
    [7, 6],
    [2, null],
  ])('the last refusal up to %i is %s', (at, expected) => {
    expect(lastUpTo(history, at, 'CheckRefused')?.at ?? null).toBe(expected);
  });

  it.each([
    ['t0', 8, 2],
    ['t1', 8, 7],
    ['t1', 6, 1],
  ])('the request of %s at %i begins at %i', (task, at, expected) => {
    expect(requestStart(history, at, task)).toBe(expected);
  });
});

describe('what stands behind a refusal', () => {
  it.each<[string, Event[], boolean]>([
    ['a failure of the same row', [api('row')], true],
    [
      'the same, with another task and a print between',
      [api('row'), refused('a', 'EIO', 't1'), { type: 'KernelPrinted', task: 't0', row: 'row', level: 'l', text: '', device: null }],
      true,
    ],
    ['nothing: a failure of another row', [api('other')], false],
    ['nothing: a failure of another task', [api('row', 't1')], false],
    ['nothing: something else came between', [api('row'), refused('b')], false],
  ])('is %s', (_, before, isBehind) => {
    const events = [started(), ...before, refused('a')];
    const behind = failureBehind(events, { at: events.length, event: refused('a') });
    expect(behind?.at ?? null).toBe(isBehind ? 2 : null);
  });
});

describe('words', () => {
  it.each([
    ['ENOMEM', '-ENOMEM'],
    ['E2BIG', '-E2BIG'],
    ['NULL', 'NULL'],
    ['0', '0'],
  ])('errno %s is %s', (errno, expected) => {
    expect(errnoText(errno)).toBe(expected);
  });

  it.each([
    ['domain_attach_iommu:1506', 'domain_attach_iommu() line 1506'],
    ['vfio_iommu_iova_insert:1928 (vfio_iommu_aper_resize)', 'vfio_iommu_iova_insert() line 1928 (vfio_iommu_aper_resize)'],
    ['row-id', 'row-id'],
  ])('site %s is %s', (site, expected) => {
    expect(siteText(site)).toBe(expected);
  });

  it('puts links in the order of their events', () => {
    expect(
      inOrder([
        { at: 3, words: 'c' },
        { at: 1, words: 'a' },
      ]).map(({ words }) => words),
    ).toEqual(['a', 'c']);
  });
});
