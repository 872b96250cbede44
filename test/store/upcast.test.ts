// Old events read as new ones, with a made-up history of two changes: from an export, and from a store that an older program wrote.
import { describe, expect, it } from 'vitest';
import { exportLines, readExport } from '../../src/store/codec.ts';
import { SqliteStore } from '../../src/store/sqlite.ts';
import type { PlainEvent } from '../../src/store/store.ts';
import { currentVersion, type Upcasters, upcast, upcasters } from '../../src/store/upcast.ts';
import { newFile } from './files.ts';
import { refusal } from './refusal.ts';

type Old = PlainEvent & { readonly device?: string; readonly devices?: readonly string[]; readonly reason?: string };

/** Version 2: DeviceMoved names several devices. Version 3: it is called DevicesMoved, and says why. */
const history: Upcasters = [
  { DeviceMoved: ({ device, ...event }: Old): Old => ({ ...event, devices: [device ?? ''] }) },
  { DeviceMoved: (event: Old): Old => ({ ...event, type: 'DevicesMoved', reason: 'not recorded' }) },
];

const first = { type: 'DeviceMoved', device: 'a' };
const second: Old = { type: 'DeviceMoved', devices: ['b', 'c'] };
const third = { type: 'DevicesMoved', devices: ['a'], reason: 'not recorded' };
const other = { type: 'TaskEnded', task: 't0' };

describe('upcast', () => {
  const rows: readonly (readonly [version: number, event: PlainEvent, lifted: PlainEvent])[] = [
    [1, first, third],
    [2, second, { ...third, devices: ['b', 'c'] } as Old],
    [3, third, third],
    [1, other, other],
    [1, { type: 'constructor' }, { type: 'constructor' }],
  ];
  it.each(rows)('from version %i: %j', (version, event, lifted) => {
    expect(upcast(event, version, history)).toEqual(lifted);
  });

  it('does not change the event that it is given', () => {
    upcast(first, 1, history);
    expect(first).toEqual({ type: 'DeviceMoved', device: 'a' });
  });

  it('knows as many versions as changes and one', () => {
    expect([currentVersion([]), currentVersion(history), currentVersion(upcasters)]).toEqual([1, 3, 1]);
    expect(refusal(() => upcast(first, 4, history))).toBe('model-error: event version 4 is not known');
    expect(refusal(() => upcast(first, 0, history))).toBe('model-error: event version 0 is not known');
  });
});

describe('an export of an older program', () => {
  it('is validated after it was lifted, and written again in the current version', () => {
    const seen: unknown[] = [];
    const validate = (value: unknown): PlainEvent => {
      seen.push(value);
      return value as PlainEvent;
    };
    const old = [...exportLines('s', 2, [first, other])];
    const events = [...readExport('old.ndjson', old, validate, history).events];
    expect([events, seen]).toEqual([
      [third, other],
      [third, other],
    ]);
    expect([...exportLines('s', 2, events, history)].slice(1)).toEqual([
      '{"v":3,"number":1,"type":"DevicesMoved","devices":["a"],"reason":"not recorded"}',
      '{"v":3,"number":2,"type":"TaskEnded","task":"t0"}',
    ]);
  });
});

describe('a store that programs of three versions wrote', () => {
  const file = newFile();
  [first, second, third].forEach((event, index) => {
    const store = new SqliteStore(file, { upcasters: history.slice(0, index) });
    store.append('s', index, [event]);
    store.close();
  });

  it('is read in the newest', () => {
    const store = new SqliteStore(file, { upcasters: history });
    expect([...store.read('s')]).toEqual([third, { ...third, devices: ['b', 'c'] }, third]);
    expect([...store.readAll(1)].map(({ event }) => event.type)).toEqual(['DevicesMoved', 'DevicesMoved']);
    store.close();
  });

  it('is refused by an older program where it is newer', () => {
    const store = new SqliteStore(file, { upcasters: history.slice(0, 1) });
    expect(refusal(() => [...store.read('s')])).toBe(`store-unusable: ${file}: expected events of version 2 or older, found version 3`);
    store.close();
  });
});
