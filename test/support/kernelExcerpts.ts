// The excerpts of Linux that tests of lint read, as trees in memory and as folders.
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { sourceFolder } from '../../src/lint/read/texts.ts';
import type { KernelTree } from '../../src/lint/tree.ts';
import type { Place } from './repository.ts';

export type Excerpt = '6.1' | '6.12';

type Texts = { readonly [path: string]: string };

export const excerptFile = (name: string): URL => new URL(`../lint/excerpts/${name}.json.gz`, import.meta.url);

const textsOf = (name: Excerpt): Texts => JSON.parse(gunzipSync(readFileSync(excerptFile(name))).toString('utf8'));

export const treeFrom = (name: string, texts: Texts): KernelTree => ({
  name,
  files: Object.keys(texts)
    .filter((path) => path.startsWith(`${sourceFolder}/`))
    .sort(),
  read: (path) => texts[path] ?? null,
  unread: () => [],
});

export const excerptTree = (name: Excerpt): KernelTree => treeFrom(`linux-${name}`, textsOf(name));

/** Writes an excerpt as a kernel's folder, once; gives its path. */
export const excerptFolder = (place: Pick<Place, 'path' | 'write'>, name: Excerpt): string => {
  const folder = `linux-${name}`;
  if (existsSync(place.path(folder))) return place.path(folder);
  for (const [path, text] of Object.entries(textsOf(name))) place.write(`${folder}/${path}`, text);
  return place.path(folder);
};
