// Measures the store against a bare node:sqlite loop over the same events: `node test/store/speed.ts [EVENTS]`. The store serialises and
// checks versions, the bare loop inserts texts made before; the targets are 0.7 of its speed for appending and for folding.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Event } from '../../src/core/events.ts';
import { canonical } from '../../src/store/codec.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { SqliteStore } from '../../src/store/sqlite.ts';
import type { EventStore } from '../../src/store/store.ts';

const total = Number(process.argv[2] ?? 1_000_000);
const batch = 10_000;

/** Eight kinds in turn, about as large as those of a run. */
const sample = (index: number): Event => {
  const task = `t${index % 3}`;
  const kinds: readonly Event[] = [
    { type: 'LockTaken', task, lock: `group.mutex/${index % 20}` },
    {
      type: 'StepTaken',
      task,
      workflow: 'vfio-type1',
      from: 'tryExisting',
      outcome: 'errno.EINVAL',
      to: 'next',
      registers: { index: index % 7 },
    },
    {
      type: 'CheckPassed',
      task,
      row: 'intel.agaw',
      device: `0000:00:10.${index % 8}`,
      domain: 'c0.d1',
      values: { 'iommu.agaw': index % 5 },
    },
    { type: 'MemoryAllocated', task, row: 'core.info', site: `dmar_domain_attach_device:${index % 999}`, n: index % 50 },
    { type: 'RowPassed', task, row: index % 30, done: { row: 4, before: { 'domain.used': true } } },
    { type: 'AttributeChanged', task, row: 'intel.id', part: 'iommu', id: 'dmar0', attribute: 'free', key: null, value: index },
    { type: 'DeviceAttached', task, device: '0000:00:10.0', domain: 'c0.d1', phase: 'attached', domainPhase: 'used' },
    { type: 'KernelPrinted', task, row: 'intel.snoop', level: 'warn', text: 'DMAR: no snoop control', device: '0000:00:11.0' },
  ];
  return kinds[index % kinds.length]!;
};

const directory = mkdtempSync(join(tmpdir(), 'attachlab-speed-'));
const events = Array.from({ length: total }, (_, index) => sample(index));
const texts = events.map(canonical);

const seconds = (action: () => void): number => {
  const start = process.hrtime.bigint();
  action();
  return Number(process.hrtime.bigint() - start) / 1e9;
};

const report = (name: string, time: number, bare: number): void => {
  console.log(
    `${name.padEnd(34)} ${(total / time / 1000).toFixed(0).padStart(6)} k events/s  ${(bare / time).toFixed(2).padStart(6)} of bare`,
  );
};

const bareDatabase = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  database.exec(
    'CREATE TABLE events (position INTEGER PRIMARY KEY, stream INTEGER, number INTEGER, body TEXT, UNIQUE (stream, number)) STRICT',
  );
  return database;
};

const bareInsert = (database: DatabaseSync): void => {
  const insert = database.prepare('INSERT INTO events VALUES (?, 1, ?, ?)');
  for (let from = 0; from < total; from += batch) {
    database.exec('BEGIN IMMEDIATE');
    for (let index = from; index < Math.min(from + batch, total); index++) insert.run(index + 1, index + 1, texts[index]!);
    database.exec('COMMIT');
  }
};

const append = (store: EventStore<Event>): void => {
  for (let from = 0; from < total; from += batch) store.append('s', from, events.slice(from, from + batch));
};

/** The fold is a sum, so that what is measured is the reading. */
const bareFold = (database: DatabaseSync): void => {
  let sum = 0;
  const rows = database.prepare('SELECT body FROM events WHERE stream = 1 ORDER BY number').iterate();
  for (const { body } of rows) sum += (JSON.parse(String(body)) as Event).type.length;
  if (sum === 0) throw new Error('nothing was read');
};

const fold = (store: EventStore<Event>): void => {
  let sum = 0;
  for (const event of store.read('s')) sum += event.type.length;
  if (sum === 0) throw new Error('nothing was read');
};

for (let round = 0; round < 3; round++) {
  const bare = bareDatabase(join(directory, `bare${round}.db`));
  const store = new SqliteStore<Event>(join(directory, `store${round}.db`));
  const memory = new MemoryStore<Event>();
  const inserted = seconds(() => bareInsert(bare));
  report('bare insert, a row for each event', inserted, inserted);
  report('sqlite append', seconds(() => append(store)), inserted); // biome-ignore format: a column
  report('memory append', seconds(() => append(memory)), inserted); // biome-ignore format: a column
  const folded = seconds(() => bareFold(bare));
  report('bare read and parse', folded, folded);
  report('sqlite fold', seconds(() => fold(store)), folded); // biome-ignore format: a column
  report('memory fold', seconds(() => fold(memory)), folded); // biome-ignore format: a column
  bare.close();
  store.close();
}
rmSync(directory, { recursive: true });
