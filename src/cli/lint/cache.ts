// Readings of trees in the user's cache folder, compressed; a cache that cannot be read or written is none.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { TreeReading } from '../../core/returnSites.ts';
import type { Io } from '../command.ts';

export interface ReadingCache {
  readonly get: (key: string) => TreeReading | null;
  readonly put: (key: string, reading: TreeReading) => void;
}

/** Readings: a long range of commits; each has some twenty kilobytes. */
const mostKept = 2000;

/** Those of older versions of this program are never asked for again. */
const dropOldest = (folder: string): void => {
  const files = readdirSync(folder).map((name) => join(folder, name));
  if (files.length <= mostKept) return;
  const ages = files.map((file) => ({ file, written: statSync(file).mtimeMs })).sort((a, b) => a.written - b.written);
  for (const { file } of ages.slice(0, files.length - mostKept)) rmSync(file, { force: true });
};

const found = (file: string): TreeReading | null => {
  try {
    return JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as TreeReading;
  } catch {
    return null;
  }
};

const keep = (folder: string, file: string, reading: TreeReading): void => {
  try {
    mkdirSync(folder, { recursive: true });
    const half = `${file}.${process.pid}`;
    writeFileSync(half, gzipSync(JSON.stringify(reading)));
    renameSync(half, file);
    dropOldest(folder);
  } catch {
    // Without a cache the next reading takes as long as this one.
  }
};

/** Where the rules of the desktop have it; null where there is no home. */
export const readingCache = ({ env }: Io): ReadingCache | null => {
  const base = env['XDG_CACHE_HOME'] || (env['HOME'] ? join(env['HOME'], '.cache') : '');
  if (base === '') return null;
  const folder = join(base, 'attachlab', 'lint-kernel');
  const fileOf = (key: string): string => join(folder, `${key}.json.gz`);
  return { get: (key) => found(fileOf(key)), put: (key, reading) => keep(folder, fileOf(key), reading) };
};
