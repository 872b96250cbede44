// What every event store must do, as one suite that takes a factory. Nothing here knows which store it runs against.
import { describe, expect, it } from 'vitest';
import type { EventStore, Expected } from '../../src/store/store.ts';
import { type Counted, counted, numbers } from './counted.ts';
import { refusal } from './refusal.ts';

const about = { when: '2024-05-01T10:00:00Z', host: 'h', commandLine: ['run', 'x'], parent: null };

export const storeContract = (name: string, open: () => EventStore<Counted>): void => {
  const opened = (...streams: readonly (readonly [string, number])[]): EventStore<Counted> => {
    const store = open();
    for (const [stream, count] of streams) store.append(stream, 'any', counted(1, count));
    return store;
  };

  describe(`${name}: expected versions`, () => {
    const rows: readonly (readonly [events: number, expected: Expected, outcome: string | number])[] = [
      [0, 'absent', 1],
      [0, 'any', 1],
      [0, 0, 1],
      [0, 1, 'version-conflict: stream s: expected at version 1, found absent'],
      [2, 'absent', 'version-conflict: stream s: expected absent, found at version 2'],
      [2, 'any', 3],
      [2, 0, 'version-conflict: stream s: expected absent, found at version 2'],
      [2, 1, 'version-conflict: stream s: expected at version 1, found at version 2'],
      [2, 2, 3],
      [2, 3, 'version-conflict: stream s: expected at version 3, found at version 2'],
    ];
    it.each(rows)('after %i events, expecting %s: %s', (events, expected, outcome) => {
      const store = opened(['s', events]);
      const append = () => store.append('s', expected, [{ type: 'Counted', at: 99 }]);
      if (typeof outcome === 'number') expect(append()).toBe(outcome);
      else expect(refusal(append)).toBe(outcome);
      expect(store.version('s')).toBe(typeof outcome === 'number' ? outcome : events);
      expect([...store.readAll()].map(({ event }) => event.at)).toEqual([
        ...numbers(counted(1, events)),
        ...(typeof outcome === 'number' ? [99] : []),
      ]);
      store.close();
    });

    it('lets only one of two first writers in', () => {
      const store = open();
      const outcomes = [1, 2].map((at) => refusal(() => store.append('s', 'absent', counted(at, at))));
      expect(outcomes).toEqual(['no failure', 'version-conflict: stream s: expected absent, found at version 1']);
      expect(numbers(store.read('s'))).toEqual([1]);
      store.close();
    });

    it('checks the expectation of an append without events, and makes no stream', () => {
      const store = opened(['s', 2]);
      expect(store.append('s', 2, [])).toBe(2);
      expect(store.append('new', 'absent', [])).toBe(0);
      expect(refusal(() => store.append('s', 1, []))).toBe('version-conflict: stream s: expected at version 1, found at version 2');
      expect(store.streams()).toEqual([{ id: 's', version: 2 }]);
      store.close();
    });

    it.each([-1, 1.5, Number.NaN])('takes %d for an error of the program', (expected) => {
      const store = open();
      expect(refusal(() => store.append('s', expected, []))).toBe(`model-error: ${expected} is not a version`);
      store.close();
    });
  });

  describe(`${name}: reading`, () => {
    it.each([0, 1, 255, 256, 257, 511, 512, 698, 699, 700, 701])('a stream of 700 events after the first %i', (from) => {
      const store = opened(['before', 3], ['s', 600]);
      store.append('s', 600, counted(601, 700));
      expect(numbers(store.read('s', from))).toEqual(numbers(counted(from + 1, 700)));
      store.close();
    });

    it('ends at the version that was there at the call, begun or not', () => {
      const store = opened(['s', 300]);
      const unbegun = [store.read('s'), store.readAll()];
      const begun = [store.read('s')[Symbol.iterator](), store.readAll()[Symbol.iterator]()];
      for (const reading of begun) expect(reading.next().done).toBe(false);
      store.append('s', 300, counted(301, 400));
      expect(unbegun.map((reading) => [...reading].length)).toEqual([300, 300]);
      expect(begun.map((reading) => [...{ [Symbol.iterator]: () => reading }].length)).toEqual([299, 299]);
      expect(numbers(store.read('s'))).toEqual(numbers(counted(1, 400)));
      store.close();
    });

    it('two readers of one stream do not disturb each other', () => {
      const store = opened(['s', 300]);
      const pairs: [number, number][] = [];
      for (const outer of store.read('s', 298)) for (const inner of store.read('s', 298)) pairs.push([outer.at, inner.at]);
      expect(pairs).toEqual([[299, 299], [299, 300], [300, 299], [300, 300]]); // biome-ignore format: one line reads best
      store.close();
    });

    it('the whole store in the order of appending', () => {
      const store = opened(['b', 2], ['a', 1], ['b', 1]);
      expect([...store.readAll()]).toEqual([
        { position: 1, stream: 'b', number: 1, event: { type: 'Counted', at: 1 } },
        { position: 2, stream: 'b', number: 2, event: { type: 'Counted', at: 2 } },
        { position: 3, stream: 'a', number: 1, event: { type: 'Counted', at: 1 } },
        { position: 4, stream: 'b', number: 3, event: { type: 'Counted', at: 1 } },
      ]);
      store.close();
    });

    it('the whole store in pages: stopping anywhere and going on gives every event once', () => {
      const store = opened(['a', 300], ['b', 2], ['a', 1], ['b', 300]);
      const whole = [...store.readAll()];
      expect(whole.map(({ position }) => position)).toEqual(numbers(counted(1, 603)));
      for (const after of [0, 1, 255, 256, 257, 299, 300, 301, 302, 303, 304, 558, 559, 602, 603, 604]) {
        expect([after, ...store.readAll(after)]).toEqual([after, ...whole.slice(after)]);
      }
      store.close();
    });
  });

  describe(`${name}: streams and what is kept beside them`, () => {
    it('are listed oldest first, whatever their names', () => {
      const ids = ['z', '__proto__', 'runs/ä b\n"%', '10', '9'];
      const store = opened(...ids.map((id, index) => [id, index + 1] as const));
      expect(store.streams()).toEqual(ids.map((id, index) => ({ id, version: index + 1 })));
      expect(numbers(store.read('__proto__'))).toEqual([1, 2]);
      store.close();
    });

    it.each<[string, (store: EventStore<Counted>) => unknown]>([
      ['read', (store) => store.read('rum')],
      ['about', (store) => store.about('rum')],
      ['setAbout', (store) => store.setAbout('rum', about)],
      ['snapshot', (store) => store.snapshot('rum', 'm')],
      ['keepSnapshot', (store) => store.keepSnapshot('rum', 'm', { version: 0, state: {} })],
    ])('%s of a stream that does not exist is refused', (_, use) => {
      const store = opened(['run', 1]);
      expect(refusal(() => use(store))).toMatch(/^unknown-name: stream rum: expected a stream of .*, found run, which is near$/);
      expect(store.version('rum')).toBe(0);
      store.close();
    });

    it('about is null until set, then the last one set; events stay as they were', () => {
      const store = opened(['s', 1], ['other', 1]);
      expect(store.about('s')).toBeNull();
      store.setAbout('s', { ...about, host: 'first' });
      store.setAbout('s', { ...about, parent: 'other' });
      expect(store.about('s')).toEqual({ ...about, parent: 'other' });
      expect([store.about('other'), [...store.readAll()].length]).toEqual([null, 2]);
      store.close();
    });

    it('a snapshot is found by stream, model and version, and the latest one wins', () => {
      const store = opened(['s', 10], ['other', 10]);
      for (const version of [3, 7, 5]) store.keepSnapshot('s', 'm1', { version, state: { sum: version } });
      const found = (model: string, atMost?: number) => store.snapshot('s', model, atMost);
      expect([2, 3, 4, 6, 7, 10].map((atMost) => found('m1', atMost)?.version ?? null)).toEqual([null, 3, 3, 5, 7, 7]);
      expect([found('m1'), found('m2'), store.snapshot('other', 'm1')]).toEqual([{ version: 7, state: { sum: 7 } }, null, null]);
      expect(refusal(() => store.keepSnapshot('s', 'm1', { version: 11, state: {} }))).toMatch(/^model-error: snapshot of version 11/);
      store.close();
    });

    it('a snapshot is not changed by what happens to the state afterwards, and keeps the order of keys', () => {
      const store = opened(['s', 1]);
      const state: Record<string, number> = { z: 1, a: 2 };
      store.keepSnapshot('s', 'm', { version: 1, state });
      state.z = 9;
      expect(JSON.stringify(store.snapshot('s', 'm')?.state)).toBe('{"z":1,"a":2}');
      store.close();
    });

    it('a snapshot and the tail after it fold to what the whole stream folds to', () => {
      const store = opened(['s', 700]);
      const sum = (from: number, events: Iterable<Counted>): number => numbers(events).reduce((total, at) => total + at, from);
      store.keepSnapshot('s', 'm', { version: 400, state: sum(0, counted(1, 400)) });
      const { version, state } = store.snapshot('s', 'm')!;
      expect(sum(Number(state), store.read('s', version))).toBe(245_350);
      store.close();
    });

    it('closes more than once', () => {
      const store = opened(['s', 1]);
      store.close();
      expect(() => store.close()).not.toThrow();
    });
  });
};
