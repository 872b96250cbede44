// Rules that hold wherever a tree's files come from: which of them are sources, how large one may be, and that each is read once.
import { grouped } from '../../core/counted.ts';
import type { Unread } from '../../core/returnSites.ts';
import type { Decoded } from './decode.ts';

export const sourceFolder = 'drivers/iommu';

/** Bytes; the largest source below drivers/iommu of linux 6.12 has 141,000, and generated tables elsewhere have some millions. */
export const largestSource = 5_000_000;

/** C sources and headers; modpost writes `*.mod.c` into a tree that was built. */
export const isSource = (path: string): boolean => /\.[ch]$/.test(path) && !path.endsWith('.mod.c');

export const tooLarge = (size: number): Trouble => ({
  trouble: `${grouped(size)} bytes; at most ${grouped(largestSource)} are read`,
});

export interface Trouble {
  readonly trouble: string;
}

/** Patches and include lines name paths too, so one that leads out of the tree is no path of it. */
const isInside = (path: string): boolean => !/^\/|\\|[\n\0]|(^|\/)\.\.?(\/|$)/.test(path);

/** Keeps each text, and says of each file once what is the matter; `find` gives null where there is no such file. */
export const textsOf = (find: (path: string) => Decoded | Trouble | null, unread: Unread[]): ((path: string) => string | null) => {
  const known = new Map<string, string | null>();
  const read = (path: string): string | null => {
    const found = isInside(path) ? find(path) : null;
    if (found === null) return null;
    if ('trouble' in found) unread.push({ where: path, why: found.trouble });
    else unread.push(...found.remarks.map((why) => ({ where: path, why })));
    return 'text' in found ? found.text : null;
  };
  return (path) => {
    if (!known.has(path)) known.set(path, read(path));
    return known.get(path)!;
  };
};

export const byPath = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
