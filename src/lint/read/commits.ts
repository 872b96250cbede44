// Lists from git the commits of a range that touch some paths, and gives the tree at each without a checkout.
import { Failure } from '../../core/failure.ts';
import type { Commit, CommitRange } from '../range/commits.ts';
import { openRepository, type Repository, requiredId } from './git.ts';
import { treeOf } from './gitTree.ts';
import { type Listings, listingsOf } from './listings.ts';
import { objectsNamed, readTexts } from './objects.ts';

/** `range` is `A..B`, each a revision; a side left out is HEAD. Paths are from the repository's root, files or folders. */
export const commitsTouching = (name: string, range: string, paths: readonly string[]): CommitRange => {
  const repository = openRepository(name);
  const [from, to] = ends(repository, range);
  const start = commonStart(repository, from, to);
  const notes = start === from.id ? [] : [`${from.name} is no ancestor of ${to.name}: read from where they parted, ${shortId(start)}`];
  const commits = touching(repository, `${start}..${to.id}`, paths);
  const ids = [...new Set([start, ...commits.flatMap(({ id, parents }) => [...parents, id])])];
  const contents = contentsOf(repository, ids, paths);
  return {
    start,
    commits,
    notes,
    contents: (id) => contents.get(id) ?? null,
    treeAt: trees(repository, name, ids),
  };
};

/** So many commits' files are read in one run of git: who asks for one goes on to the next. */
const together = 64;

const trees = (repository: Repository, name: string, ids: readonly string[]): CommitRange['treeAt'] => {
  let listings: Listings | null = null;
  return (id) => {
    listings ??= listingsOf(repository, ids);
    const known = listings.get(id);
    if (known?.some((entry) => !repository.texts.has(entry.id))) {
      const at = ids.indexOf(id);
      readTexts(
        repository,
        ids.slice(at, at + together).flatMap((next) => listings!.get(next) ?? []),
      );
    }
    return treeOf(repository, id, `${name}@${shortId(id)}`, known);
  };
};

const shortId = (id: string): string => id.slice(0, 12);

interface End {
  readonly name: string;
  readonly id: string;
}

const ends = (repository: Repository, range: string): [End, End] => {
  const found = /^([^.]*(?:\.[^.]+)*)\.\.((?!\.).*)$/.exec(range);
  if (!found) {
    throw new Failure(
      'bad-tree',
      `expected a range A..B, found ${range}`,
      { file: repository.name },
      'Name two revisions: --range v6.11..v6.12',
    );
  }
  const [from, to] = [found[1] || 'HEAD', found[2] || 'HEAD'];
  return [
    { name: from, id: requiredId(repository, from, '^{commit}') },
    { name: to, id: requiredId(repository, to, '^{commit}') },
  ];
};

/** Where nothing is in common, or the end comes first, there is no range. */
const commonStart = (repository: Repository, from: End, to: End): string => {
  const base = repository.run(['merge-base', from.id, to.id])?.toString('latin1').trim() ?? null;
  const place = { file: repository.name };
  if (base === null)
    throw new Failure('bad-tree', `${from.name} and ${to.name} have no commit in common`, place, 'Compare them as two trees.');
  if (base !== from.id && base === to.id) {
    throw new Failure(
      'bad-tree',
      `nothing lies in ${from.name}..${to.name}: ${to.name} comes first`,
      place,
      `Write ${to.name}..${from.name}.`,
    );
  }
  return base;
};

const touching = (repository: Repository, range: string, paths: readonly string[]): Commit[] => {
  const options = ['--reverse', '--topo-order', '--parents', '--format=subject %s', '--encoding=UTF-8'];
  const printed = repository.run(['rev-list', ...options, range, '--', ...paths.map((path) => `:(top,literal)${path}`)]);
  if (printed === null) throw new Failure('bad-tree', `git cannot list ${range}`, { file: repository.name }, 'Run `git fsck` on it.');
  const lines = printed.toString('utf8').split('\n');
  return lines.flatMap((line, at) => (line.startsWith('commit ') ? [commitOf(line, lines[at + 1]!)] : []));
};

/** `commit ID PARENT ...`, and a line with the subject. */
const commitOf = (line: string, subject: string): Commit => {
  const [, id, ...parents] = line.split(' ');
  return { id: id!, id12: shortId(id!), subject: subject.slice('subject '.length), parents };
};

const contentsOf = (repository: Repository, ids: readonly string[], paths: readonly string[]): ReadonlyMap<string, string> => {
  const names = ids.flatMap((id) => paths.map((path) => `${id}:${path}`));
  const found = objectsNamed(repository, names).map((object) => object?.id ?? '-');
  const contents = ids.map((id, index) => [id, found.slice(index * paths.length, (index + 1) * paths.length)] as const);
  return new Map(
    contents.filter(([, objects]) => objects.some((object) => object !== '-')).map(([id, objects]) => [id, objects.join(' ')]),
  );
};
