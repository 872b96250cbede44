// What drivers/iommu lists in many commits, in four runs of git however many they are: the first listing, and what changed since.
import type { Repository } from './git.ts';
import { type Entry, entriesBelow, kindOf, objectsNamed } from './objects.ts';
import { sourceFolder } from './texts.ts';

/** Entries by commit; a commit without drivers/iommu has none. */
export type Listings = ReadonlyMap<string, readonly Entry[]>;

export const listingsOf = (repository: Repository, commits: readonly string[]): Listings => {
  const trees = objectsNamed(
    repository,
    commits.map((commit) => `${commit}:${sourceFolder}`),
  ).map((tree) => tree?.id ?? null);
  const byTree = listingsByTree(repository, [...new Set(trees.filter((tree) => tree !== null))]);
  return new Map(commits.flatMap((commit, index) => (trees[index] ? [[commit, byTree.get(trees[index])!] as const] : [])));
};

const listingsByTree = (repository: Repository, trees: readonly string[]): Map<string, readonly Entry[]> => {
  const listings = new Map<string, readonly Entry[]>();
  if (trees.length === 0) return listings;
  const first = (entriesBelow(repository, trees[0]!, '.') ?? []).map((entry) => ({ ...entry, path: `${sourceFolder}/${entry.path}` }));
  const entries = new Map(first.map((entry) => [entry.path, entry]));
  const changes = withSizes(repository, changesBetween(repository, trees));
  for (const [index, tree] of trees.entries()) {
    for (const change of changes[index - 1] ?? []) {
      if (change.kind === null) entries.delete(change.path);
      else entries.set(change.path, { ...change, kind: change.kind });
    }
    listings.set(tree, [...entries.values()]);
  }
  return listings;
};

/** `kind` is null where the file is gone. */
interface Change {
  readonly path: string;
  readonly kind: Entry['kind'] | null;
  readonly id: string;
}

/** From each tree to the next. */
const changesBetween = (repository: Repository, trees: readonly string[]): Change[][] => {
  const pairs = trees.slice(1).map((tree, index) => `${trees[index]} ${tree}\n`);
  const options = ['--stdin', '-r', '-z', '--raw', '--no-abbrev', '--no-renames'];
  const tokens = (repository.run(['diff-tree', ...options], pairs.join('')) ?? Buffer.of()).toString('utf8').split('\0');
  const changes: Change[][] = [];
  for (let at = 0; at + 1 < tokens.length; at += 2) {
    if (tokens[at]!.includes('\n')) changes.push([]);
    changes.at(-1)?.push(changeOf(tokens[at]!, tokens[at + 1]!));
  }
  return changes;
};

/** `:OLDMODE MODE OLDID ID LETTER`, for the first of two trees behind a line that names both. */
const changeOf = (token: string, path: string): Change => {
  const [, mode, , id, letter] = token.slice(token.indexOf(':')).split(' ');
  return { path: `${sourceFolder}/${path}`, kind: letter === 'D' ? null : kindOf(mode!), id: id! };
};

const withSizes = (repository: Repository, changes: readonly (readonly Change[])[]): (Change & Pick<Entry, 'size'>)[][] => {
  const ids = [...new Set(changes.flat().flatMap(({ kind, id }) => (kind === 'file' ? [id] : [])))];
  const sizes = new Map(objectsNamed(repository, ids).map((object, index) => [ids[index]!, object?.size ?? 0]));
  return changes.map((group) => group.map((change) => ({ ...change, size: sizes.get(change.id) ?? 0 })));
};
