// Reads git's objects many at a time: what a tree lists, and the bytes of files by name.
import { decode } from './decode.ts';
import type { Repository } from './git.ts';
import { largestSource } from './texts.ts';

export interface Entry {
  readonly path: string;
  /** `link` and `module` are entries that hold no text of the kernel's. */
  readonly kind: 'file' | 'link' | 'module';
  readonly id: string;
  readonly size: number;
}

const kinds: Readonly<Record<string, Entry['kind']>> = { '120000': 'link', '160000': 'module' };

export const kindOf = (mode: string): Entry['kind'] => kinds[mode] ?? 'file';

/** Everything below `path` in a commit or tree; null where there is nothing that lists files. */
export const entriesBelow = (repository: Repository, id: string, path: string): Entry[] | null => {
  const printed = repository.run(['ls-tree', '-r', '-l', '-z', '--full-tree', id, '--', path]);
  return printed?.toString('utf8').split('\0').filter(Boolean).map(entryOf) ?? null;
};

/** MODE TYPE ID SIZE, a tab, PATH. */
const entryOf = (line: string): Entry => {
  const tab = line.indexOf('\t');
  const [mode, , id, size] = line.slice(0, tab).split(/ +/);
  return { path: line.slice(tab + 1), kind: kindOf(mode!), id: id!, size: Number(size) || 0 };
};

/** Reads files that are not known yet into the repository's texts, all in one run of git. */
export const readTexts = (repository: Repository, entries: readonly Entry[]): void => {
  const wanted = entries.filter(({ id, kind, size }) => kind === 'file' && size <= largestSource && !repository.texts.has(id));
  const ids = [...new Set(wanted.map(({ id }) => id))];
  blobs(repository, ids).forEach((bytes, index) => {
    if (bytes) repository.texts.set(ids[index]!, decode(bytes));
  });
};

const header = /^\S+ blob (\d+)$/;

/** The bytes of each file by its id, in their order; null for what the repository lacks. */
const blobs = (repository: Repository, ids: readonly string[]): (Uint8Array | null)[] => {
  const printed = ids.length === 0 ? null : repository.run(['cat-file', '--batch'], ids.map((id) => `${id}\n`).join(''));
  let at = 0;
  return ids.map(() => {
    if (printed === null) return null;
    const start = printed.indexOf(10, at) + 1;
    const size = header.exec(printed.toString('latin1', at, start - 1))?.[1];
    at = start + (size === undefined ? 0 : Number(size) + 1);
    return size === undefined ? null : printed.subarray(start, at - 1);
  });
};

/** What each name stands for (`COMMIT:PATH`, an id), in their order; null where there is nothing of that name. */
export const objectsNamed = (repository: Repository, names: readonly string[]): (Pick<Entry, 'id' | 'size'> | null)[] => {
  const printed = repository.run(['cat-file', '--batch-check'], names.map((name) => `${name}\n`).join(''))?.toString('utf8') ?? '';
  const lines = printed.split('\n');
  return names.map((_, index) => {
    const [, id, size] = /^(\S+) (?:blob|tree) (\d+)$/.exec(lines[index] ?? '') ?? [];
    return id === undefined ? null : { id, size: Number(size) };
  });
};
