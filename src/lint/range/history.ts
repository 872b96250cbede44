// Which commit brought something that can be seen in a tree, and which removed it.
import type { KernelTree } from '../tree.ts';
import type { Commit, CommitRange } from './commits.ts';

/** Of something that came several times, the last time. */
export interface Life {
  readonly fingerprint: string;
  /** Null where it was there before the range. */
  readonly brought: Commit | null;
  /** Null where it is there at the end of the range. */
  readonly removed: Commit | null;
}

type Has = (id: string, fingerprint: string) => boolean;

/**
 * One entry for all that did not stay as it was, in the order in which it was first seen. A merge brings what none of its parents
 * has; it removes what a parent has only where no commit did, for else it took over that commit's work.
 */
export const history = (range: CommitRange, fingerprintsAt: (tree: KernelTree) => ReadonlySet<string>): Life[] => {
  const at = remembered(range, fingerprintsAt);
  const has: Has = (id, fingerprint) => at(id).has(fingerprint);
  const seen = new Set([range.start, ...range.commits.flatMap(({ id, parents }) => [...parents, id])].flatMap((id) => [...at(id)]));
  const lives = [...seen].map((fingerprint) => lifeOf(range, has, fingerprint));
  return lives.filter(({ fingerprint, brought, removed }) => brought !== null || (removed !== null && has(range.start, fingerprint)));
};

/** Trees in which the paths hold the same are looked at once. */
const remembered = ({ contents, treeAt }: CommitRange, fingerprintsAt: (tree: KernelTree) => ReadonlySet<string>) => {
  const known = new Map<string, ReadonlySet<string>>();
  return (id: string): ReadonlySet<string> => {
    const key = contents(id);
    if (key === null) return new Set();
    if (!known.has(key)) known.set(key, fingerprintsAt(treeAt(id)));
    return known.get(key)!;
  };
};

const lifeOf = (range: CommitRange, has: Has, fingerprint: string): Life => {
  const end = range.commits.at(-1)?.id ?? range.start;
  if (has(end, fingerprint)) return { fingerprint, brought: bringer(range, end, has, fingerprint), removed: null };
  const removed = remover(range.commits, has, fingerprint);
  const last = removed?.parents.find((parent) => has(parent, fingerprint));
  return { fingerprint, brought: last === undefined ? null : bringer(range, last, has, fingerprint), removed };
};

/**
 * Back from a commit that has it, along parents that have it. Where that leads to a branch from before the range, and the range began
 * without it, the merge with that branch brought it back.
 */
const bringer = ({ commits, start }: CommitRange, from: string, has: Has, fingerprint: string): Commit | null => {
  const byId = new Map(commits.map((commit) => [commit.id, commit]));
  let merge: Commit | null = null;
  for (let commit = byId.get(from); commit !== undefined; ) {
    const parent = commit.parents.find((id) => has(id, fingerprint));
    if (parent === undefined) return commit;
    if (commit.parents.some((id) => !has(id, fingerprint))) merge = commit;
    commit = byId.get(parent);
  }
  return has(start, fingerprint) ? null : merge;
};

const remover = (commits: readonly Commit[], has: Has, fingerprint: string): Commit | null => {
  const losing = commits.filter(({ id, parents }) => !has(id, fingerprint) && parents.some((parent) => has(parent, fingerprint)));
  return losing.findLast(({ parents }) => parents.every((parent) => has(parent, fingerprint))) ?? losing.at(-1) ?? null;
};
