// Commits between two revisions that touch some paths, as a history needs them: git's reader makes them.
import type { KernelTree } from '../tree.ts';

export interface Commit {
  readonly id: string;
  /** As kernel mails cite it. */
  readonly id12: string;
  readonly subject: string;
  /** The last commits before it that touch the paths, or what was there before the range; more than one for a merge. */
  readonly parents: readonly string[];
}

export interface CommitRange {
  /** Where the range begins: its first revision, or where the two parted. */
  readonly start: string;
  /** Oldest first: a commit comes after its parents. */
  readonly commits: readonly Commit[];
  /** What was read otherwise than asked for, each in one line. */
  readonly notes: readonly string[];
  /** Equal for commits in which the paths hold the same; null where none of them exists. Takes commits, their parents and the start. */
  readonly contents: (id: string) => string | null;
  readonly treeAt: (id: string) => KernelTree;
}

/** The tree before a commit, and the tree after it. */
export const treesAround = ({ start, treeAt }: CommitRange, { id, parents }: Commit): { before: KernelTree; after: KernelTree } => ({
  before: treeAt(parents[0] ?? start),
  after: treeAt(id),
});
