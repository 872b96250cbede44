// A kernel's sources in a folder: the whole tree, or drivers/iommu alone.
import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { KernelTree } from '../tree.ts';
import { type Decoded, decode } from './decode.ts';
import { largestSource, sourceFolder, type Trouble, textsOf, tooLarge } from './texts.ts';
import { sourcesBelow, troubleOf } from './walk.ts';

/** Where a path from the kernel's root lies; null where the folder cannot have it. */
type Placing = (path: string) => string | null;

export const folderTree = (folder: string): KernelTree => {
  const at = placing(folder);
  const { files, unread } = sourcesBelow(sourceFolder, (path) => at(path)!);
  if (files.length === 0) throw new Failure('bad-tree', `expected C sources below ${sourceFolder}, found none`, { file: folder });
  return { name: folder, files, read: textsOf((path) => fileText(at(path)), unread), unread: () => unread };
};

const placing = (folder: string): Placing => {
  if (!statSync(folder).isDirectory()) throw new Failure('bad-tree', 'expected a folder, found a file', { file: folder });
  if (existsSync(join(folder, sourceFolder))) return (path) => join(folder, path);
  const above = resolve(folder, '..', '..');
  if (resolve(folder) === join(above, sourceFolder)) return (path) => join(above, path);
  if (existsSync(join(folder, 'iommu.c'))) return besides(folder);
  const found = existsSync(join(folder, 'objects')) ? 'a bare repository; name a revision too' : 'neither that nor iommu.c';
  throw new Failure('bad-tree', `expected a kernel tree with ${sourceFolder}, found ${found}`, { file: folder });
};

/** A copy of drivers/iommu under another name, with nothing above it. */
const besides = (folder: string): Placing => {
  const start = `${sourceFolder}/`;
  return (path) => (path === sourceFolder ? folder : path.startsWith(start) ? join(folder, path.slice(start.length)) : null);
};

const fileText = (file: string | null): Decoded | Trouble | null => {
  if (file === null || !isThere(file)) return null;
  try {
    const target = statSync(file);
    if (target.isDirectory()) return null;
    if (!target.isFile()) return { trouble: 'no regular file' };
    return target.size > largestSource ? tooLarge(target.size) : decode(readFileSync(file));
  } catch (error) {
    return { trouble: troubleOf(error) };
  }
};

/** A link to nothing is there, and cannot be read. */
const isThere = (file: string): boolean => lstatSync(file, { throwIfNoEntry: false }) !== undefined;
