// What is told while trees are read: one line on a terminal once a second has passed, and the end at Ctrl-C.
import { Failure } from '../../core/failure.ts';
import type { KernelTree } from '../../lint/tree.ts';
import type { Io } from '../command.ts';
import { clearLine, isInterrupted, isTerminal, tell } from '../interrupt.ts';

export interface ReadingProgress {
  /** The tree, told of file by file as it is read. */
  readonly watched: (tree: KernelTree) => KernelTree;
  readonly end: () => void;
}

/** Milliseconds: shorter readings say nothing, and nobody reads faster. */
const patience = 1000;
const pause = 100;

export const readingLine = ({ name, files }: KernelTree, done: number): string => {
  const count = `: ${done} of ${files.length} files`;
  const room = 74 - 'reading '.length - count.length;
  return `reading ${name.length > room ? `...${name.slice(3 - room)}` : name}${count}`;
};

export const readingProgress = (io: Io): ReadingProgress => {
  const isWatched = isTerminal();
  const now = (): number => io.now().getTime();
  let next = now() + patience;
  let told = false;
  const file = (tree: KernelTree, done: number): void => {
    if (isInterrupted()) throw new Failure('interrupted', `interrupted as ${tree.name} was read`);
    if (!isWatched || now() < next) return;
    tell(readingLine(tree, done));
    next = now() + pause;
    told = true;
  };
  return {
    watched: (tree) => {
      let done = 0;
      return {
        ...tree,
        read: (path) => {
          file(tree, done++);
          return tree.read(path);
        },
      };
    },
    end: () => {
      if (told) clearLine();
      told = false;
    },
  };
};
