// What the SQLite store promises to several processes: writers at once, a writer that is killed, and files that come and go.
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SqliteStore } from '../../src/store/sqlite.ts';
import { type Counted, counted, numbers } from './counted.ts';
import { newFile } from './files.ts';

const patience = 60_000;

const start = (...words: readonly (string | number)[]): ChildProcess =>
  spawn(process.execPath, [join(import.meta.dirname, 'child.ts'), ...words.map(String)], { stdio: ['ignore', 'pipe', 'pipe'] });

interface Ending {
  readonly lines: readonly string[];
  readonly errors: string;
  readonly signal: NodeJS.Signals | null;
}

/** What the process said until it ended; `each` sees the whole lines so far. */
const ended = (child: ChildProcess, each: (lines: readonly string[]) => void = () => {}): Promise<Ending> =>
  new Promise((resolve) => {
    let said = '';
    let errors = '';
    child.stderr?.on('data', (data) => {
      errors += data;
    });
    child.stdout?.on('data', (data) => {
      said += data;
      each(said.split('\n').slice(0, -1));
    });
    child.on('close', (_, signal) => resolve({ lines: said.split('\n').slice(0, -1), errors, signal }));
  });

describe('two processes that append to one stream of a store that neither found', () => {
  it('store everything that was acknowledged, in versions without gaps', { timeout: patience }, async () => {
    const file = newFile();
    const [size, times] = [3, 150];
    const writers = await Promise.all([1, 2].map((mark) => ended(start('race', file, size, times, mark))));
    expect(writers.map(({ errors }) => errors)).toEqual(['', '']);

    const acknowledged = writers.flatMap(({ lines }) => lines.map(Number)).sort((a, b) => a - b);
    expect(acknowledged).toEqual(Array.from({ length: 2 * times }, (_, index) => (index + 1) * size));

    const store = new SqliteStore<Counted & { mark: number }>(file);
    const events = [...store.read('s')];
    expect(numbers(events)).toEqual(numbers(counted(1, 2 * times * size)));
    writers.forEach(({ lines }, index) => {
      const mine = events.filter(({ at, mark }) => mark === index + 1 && at % size === 0).map(({ at }) => at);
      expect(mine).toEqual(lines.map(Number));
    });
    store.close();
  });

  it('may all be the first to open it', { timeout: patience }, async () => {
    const file = newFile();
    const writers = await Promise.all([1, 2, 3, 4, 5, 6].map((mark) => ended(start('race', file, 1, 1, mark))));
    expect(writers.map(({ errors }) => errors)).toEqual(['', '', '', '', '', '']);
    expect(writers.flatMap(({ lines }) => lines).sort()).toEqual(['1', '2', '3', '4', '5', '6']);
  });
});

describe('a writer killed while it appends', () => {
  it.each([1, 7, 600])('in batches of %i leaves what it acknowledged, and whole batches only', { timeout: patience }, async (size) => {
    const file = newFile();
    const child = start('forever', file, size);
    const { lines, errors, signal } = await ended(child, (so) => so.length >= 40 && child.kill('SIGKILL'));
    expect([errors, signal, existsSync(`${file}-wal`)]).toEqual(['', 'SIGKILL', true]);

    const store = new SqliteStore<Counted>(file);
    const version = store.version('s');
    expect(version).toBeGreaterThanOrEqual(Number(lines.at(-1)));
    expect(version % size).toBe(0);
    expect(numbers(store.read('s'))).toEqual(numbers(counted(1, version)));
    expect(store.append('s', version, counted(version + 1, version + 1))).toBe(version + 1);
    store.close();
  });
});

describe('a store', () => {
  it('opened again holds what it held, and goes on', () => {
    const file = newFile();
    const made = new SqliteStore<Counted>(file);
    made.append('s', 'absent', counted(1, 300));
    made.setAbout('s', { when: 'w', host: 'h', commandLine: ['c'], parent: null });
    made.keepSnapshot('s', 'm', { version: 300, state: 1 });
    made.close();
    expect([existsSync(file), existsSync(`${file}-wal`), existsSync(`${file}-shm`)]).toEqual([true, false, false]);

    const again = new SqliteStore<Counted>(file);
    expect([again.about('s')?.host, again.snapshot('s', 'm')?.version]).toEqual(['h', 300]);
    expect(again.append('s', 300, counted(301, 301))).toBe(301);
    expect(numbers(again.read('s', 299))).toEqual([300, 301]);
    again.close();
  });

  it('is read while another writes, and sees what was acknowledged', () => {
    const file = newFile();
    const writer = new SqliteStore<Counted>(file);
    writer.append('s', 'absent', counted(1, 1));
    const reader = new SqliteStore<Counted>(file, { readOnly: true });
    const reading = reader.read('s');
    writer.append('s', 1, counted(2, 2));
    expect([numbers(reading), numbers(reader.read('s')), reader.streams()]).toEqual([[1], [1, 2], [{ id: 's', version: 2 }]]);
    reader.close();
    writer.close();
  });

  it('whose file was being extended when its writer was killed is mended from the log', () => {
    const file = newFile();
    const writer = new SqliteStore<Counted>(file);
    writer.append('s', 'absent', counted(1, 700));
    const killed = newFile();
    copyFileSync(file, killed);
    copyFileSync(`${file}-wal`, `${killed}-wal`);
    appendFileSync(killed, 'half a page');
    writer.close();
    const store = new SqliteStore<Counted>(killed);
    expect(numbers(store.read('s'))).toEqual(numbers(counted(1, 700)));
    store.close();
  });
});
