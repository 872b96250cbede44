// Detectors lifted into a stream: what is seen, and when, as marbles; equal to what the audit of the same history sees.
import { from, lastValueFrom, toArray } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/events.ts';
import type { Detector } from '../../src/core/finding.ts';
import { shownDetectors } from '../../src/detect/audit.ts';
import type { Seen } from '../../src/detect/fold.ts';
import { detector as freed } from '../../src/detect/freedDomainRecorded.ts';
import { watch } from '../../src/detect/watch.ts';
import { nth } from '../support/runs.ts';
import { audited, madeDomain, probeSaying, started } from './audited.ts';
import { intel } from './machines.ts';

const drop = (groups: string[]): Event => ({
  type: 'DomainFreed',
  task: 't0',
  domain: 'c0.d0',
  recordedBy: groups.map((group) => ({ group, phase: 'dangling' })),
});

const events: Record<string, Event> = {
  s: started(),
  m: { type: 'DomainAllocated', task: 't0', domain: madeDomain('c0.d0') },
  f: drop([]),
  x: drop(['5']),
  y: drop(['5', '11']),
};

const detector = freed as Detector;
const seen = (group: string, at: number): Seen => ({
  detector,
  at,
  hit: { entity: `${group}/c0.d0`, subject: { group, domain: 'c0.d0' } },
});

describe('watch', () => {
  it.each([
    ['s-m-f-|', '------|'],
    ['s-m-x-|', '----a-|'],
    ['s-m-y---|', '----(ab)|'],
    ['s-m-x-m-x-|', '----a---c-|'],
    ['s-m-#', '----#'],
  ])('%s gives %s', (given, expected) => {
    const scheduler = new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted));
    scheduler.run(({ cold, expectObservable }) => {
      const stream = cold(given, events).pipe(watch([detector], probeSaying()));
      expectObservable(stream).toBe(expected, { a: seen('5', 3), b: seen('11', 3), c: seen('5', 5) });
    });
  });

  it('begins anew for each subscriber', () => {
    const scheduler = new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted));
    scheduler.run(({ cold, expectObservable }) => {
      const stream = cold('smx|', events).pipe(watch([detector], probeSaying()));
      expectObservable(stream).toBe('--a|', { a: seen('5', 3) });
      expectObservable(stream).toBe('--a|', { a: seen('5', 3) });
    });
  });

  it('sees what the audit of the whole history sees', async () => {
    const given = { kernel: '6.12.y', caller: 'vfio-type1', topology: intel, script: 'attach 5; map 4K; attach 11', faults: [nth(2, 20)] };
    const run = audited(given);
    const watched = await lastValueFrom(from(run.events).pipe(watch(shownDetectors, run.probe), toArray()));
    const found = watched.map(({ detector: { id }, hit, at }) => [`${id}:${hit.entity}`, at]);
    expect(found.toSorted()).toEqual(run.findings.map(({ id, at }) => [id, at]).toSorted());
    expect(found.length).toBe(2);
  });
});
