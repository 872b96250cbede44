// Commits that touch some paths, and which of them brought or removed what can be seen in a tree.
import { symlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import { treesAround } from '../../src/lint/range/commits.ts';
import { history } from '../../src/lint/range/history.ts';
import { commitsTouching } from '../../src/lint/read/commits.ts';
import { readTree } from '../../src/lint/read/readTree.ts';
import type { KernelTree } from '../../src/lint/tree.ts';
import { commit, git, openPlace } from '../support/repository.ts';

const place = openPlace('range');
afterAll(place.remove);
const folder = place.path('linux');
const sprd = 'drivers/iommu/sprd-iommu.c';
const omap = 'drivers/iommu/omap-iommu.c';
const paths = ['drivers/iommu'];

/** Each errno on a line of its own, far from the others, so that git merges changes of different ones. */
const write = (path: string, ...errnos: readonly string[]): void => {
  const all = ['EINVAL', 'EBUSY', 'ENODEV', 'ENOMEM', 'EXDEV'];
  const lines = all.map((errno) => `${errnos.includes(errno) ? `\treturn -${errno};` : '\treturn 0;'}\n\n\n\n/* ${errno} */\n\n\n`);
  place.write(`linux/${path}`, lines.join(''));
};

/** `sprd EINVAL` for each return of a driver. */
const fingerprintsAt = (tree: KernelTree): ReadonlySet<string> =>
  new Set(
    tree.files.flatMap((path) =>
      [...(tree.read(path)?.matchAll(/return -(E\w+)/g) ?? [])].map(([, errno]) => `${path.slice(14, 18)} ${errno}`),
    ),
  );

const told = (range: string, touched = paths): string[] =>
  history(commitsTouching(folder, range, touched), fingerprintsAt).map(
    ({ fingerprint, brought, removed }) => `${fingerprint}: ${brought?.subject ?? 'before'} to ${removed?.subject ?? 'end'}`,
  );

const merge = (branch: string, subject: string, resolve?: () => void): void => {
  git(folder, 'merge', '--quiet', '--no-ff', '--no-commit', ...(resolve ? ['--strategy=ours'] : []), branch);
  resolve?.();
  commit(folder, subject);
};

beforeAll(() => {
  write(sprd, 'EINVAL', 'EXDEV');
  write(omap, 'EBUSY');
  git(place.folder, 'init', '--quiet', 'linux');
  const step = (subject: string, change: () => void, tag?: string): void => {
    change();
    commit(folder, subject);
    if (tag) git(folder, 'tag', tag);
  };
  step('base', () => {}, 'v1');
  step('docs: nothing here', () => place.write('linux/Documentation/iommu.rst', 'text\n'), 'docs');
  step('sprd: EBUSY', () => write(sprd, 'EINVAL', 'EXDEV', 'EBUSY'));
  step('omap: space', () => write(omap, 'EBUSY', 'ENOMEM'));
  step('sprd: no EBUSY', () => write(sprd, 'EINVAL', 'EXDEV'));
  step('', () => write(omap, 'EBUSY'));
  step('sprd: EBUSY again', () => write(sprd, 'EINVAL', 'EXDEV', 'EBUSY'), 'v2');

  git(folder, 'checkout', '--quiet', '-b', 'side');
  step('side: no EINVAL', () => write(sprd, 'EXDEV', 'EBUSY'));
  step('side: ENODEV', () => write(sprd, 'EXDEV', 'EBUSY', 'ENODEV'), 'v2-side');
  git(folder, 'checkout', '--quiet', 'main');
  step('main: omap EINVAL', () => write(omap, 'EBUSY', 'EINVAL'));
  merge('side', 'merge side');
  git(folder, 'tag', 'v3');

  git(folder, 'checkout', '--quiet', '-b', 'late', 'v2');
  step('late: omap ENODEV', () => write(omap, 'EBUSY', 'ENODEV'));
  git(folder, 'checkout', '--quiet', 'main');
  merge('late', 'merge late, by hand', () => {
    write(sprd, 'EXDEV', 'EBUSY', 'ENODEV', 'ENOMEM');
    write(omap, 'EINVAL');
  });
  git(folder, 'tag', 'v4');

  git(folder, 'checkout', '--quiet', '-b', 'older', 'v2');
  step('older: omap ENOMEM', () => write(omap, 'EBUSY', 'ENOMEM'));
  git(folder, 'checkout', '--quiet', 'main');
  merge('older', 'merge older, with EINVAL', () => {
    write(sprd, 'EINVAL', 'EXDEV', 'EBUSY', 'ENODEV', 'ENOMEM');
    write(omap, 'EINVAL', 'ENOMEM');
  });
  git(folder, 'tag', 'v5');

  step('amd: in a folder', () => write('drivers/iommu/amd/iommu.c', 'EBUSY'));
  step('omap: gone', () => git(folder, 'rm', '--quiet', omap));
  step('sprd: a link', () => {
    git(folder, 'rm', '--quiet', sprd);
    symlinkSync('amd/iommu.c', place.path(`linux/${sprd}`));
  });
  step('amd: moved', () => git(folder, 'mv', 'drivers/iommu/amd', 'drivers/iommu/größe'), 'v6');

  git(folder, 'checkout', '--quiet', '--orphan', 'other');
  git(folder, 'rm', '-r', '--force', '--quiet', '.');
  step('other', () => write(sprd, 'ENOMEM'), 'unrelated');
});

describe('commits of a range', () => {
  const subjects = (range: string, touched: readonly string[]): string[] =>
    commitsTouching(folder, range, touched).commits.map(({ subject }) => subject);

  it.each([
    ['v1..v2', paths, ['sprd: EBUSY', 'omap: space', 'sprd: no EBUSY', '', 'sprd: EBUSY again']],
    ['v1..v2', [omap], ['omap: space', '']],
    ['v1..v2', [omap, 'Documentation'], ['docs: nothing here', 'omap: space', '']],
    ['v1..v2', ['drivers/*'], []],
    ['v1..docs', paths, []],
    ['v1..v1', paths, []],
    ['v2..v3', paths, ['side: no EINVAL', 'side: ENODEV', 'main: omap EINVAL', 'merge side']],
    ['v2..v3', [sprd], ['side: no EINVAL', 'side: ENODEV']],
    ['v2..v2^{commit}', paths, []],
    ['v1..v2~3', paths, ['sprd: EBUSY', 'omap: space'].slice(0, 2)],
  ])('%s %j', (range, touched, expected) => expect(subjects(range, touched).toSorted()).toEqual(expected.toSorted()));

  it('come oldest first, with the trees around each', () => {
    const range = commitsTouching(folder, 'v1..v2', paths);
    expect(range.commits.map(({ subject }) => subject)).toEqual(['sprd: EBUSY', 'omap: space', 'sprd: no EBUSY', '', 'sprd: EBUSY again']);
    expect(range.commits.map(({ id, id12 }) => id.startsWith(id12) && id12.length)).toEqual([12, 12, 12, 12, 12]);
    const around = range.commits.map((one) => treesAround(range, one));
    const seen = around.map(({ before, after }) => [before, after].map((tree) => [...fingerprintsAt(tree)].length));
    expect(seen).toEqual([
      [3, 4],
      [4, 5],
      [5, 4],
      [4, 3],
      [3, 4],
    ]);
    expect(around[0]!.after.name).toBe(`${folder}@${range.commits[0]!.id12}`);
    expect(range.notes).toEqual([]);
  });
});

describe('the tree at a commit', () => {
  it.each(['v1..v2', 'v2..v3', 'v3..v4', 'v1..v6'])('is that of its revision: %s', (name) => {
    const range = commitsTouching(folder, name, paths);
    for (const id of [range.start, ...range.commits.flatMap((one) => [...one.parents, one.id])]) {
      const [seen, expected] = [range.treeAt(id), readTree(`${folder}@${id}`)];
      expect(seen.files).toEqual(expected.files);
      for (const path of [...expected.files, 'Documentation/iommu.rst']) expect(seen.read(path)).toBe(expected.read(path));
      expect(seen.unread()).toEqual(expected.unread());
    }
  });
});

describe('a history', () => {
  it.each([
    ['v1..v2', paths, ['sprd EBUSY: sprd: EBUSY again to end', 'omap ENOMEM: omap: space to ']],
    ['v1..v2~2', paths, ['sprd EBUSY: sprd: EBUSY to sprd: no EBUSY', 'omap ENOMEM: omap: space to end']],
    ['v1..v1', paths, []],
    ['v1..docs', paths, []],
    [
      'v2..v3',
      paths,
      ['sprd EINVAL: before to side: no EINVAL', 'sprd ENODEV: side: ENODEV to end', 'omap EINVAL: main: omap EINVAL to end'],
    ],
    [
      'v3..v4',
      paths,
      [
        'omap EBUSY: before to merge late, by hand',
        'sprd ENOMEM: merge late, by hand to end',
        'omap ENODEV: late: omap ENODEV to merge late, by hand',
      ],
    ],
    [
      'v5..v6',
      paths,
      [
        'amd/ EBUSY: amd: in a folder to amd: moved',
        'größ EBUSY: amd: moved to end',
        ...['EINVAL', 'ENOMEM'].map((errno) => `omap ${errno}: before to omap: gone`),
        ...['EBUSY', 'EINVAL', 'ENODEV', 'ENOMEM', 'EXDEV'].map((errno) => `sprd ${errno}: before to sprd: a link`),
      ],
    ],
    ['v4..v5', paths, ['omap ENOMEM: older: omap ENOMEM to end', 'sprd EINVAL: merge older, with EINVAL to end']],
  ])('%s', (range, touched, expected) => expect(told(range, touched).toSorted()).toEqual(expected.toSorted()));

  it('looks at no tree twice, and only where the paths changed', () => {
    let looked = 0;
    const counting = (tree: KernelTree): ReadonlySet<string> => {
      looked += 1;
      return fingerprintsAt(tree);
    };
    history(commitsTouching(folder, 'v1..v2', paths), counting);
    expect(looked).toBe(4);
    history(commitsTouching(folder, 'v1..v2', [omap]), counting);
    expect(looked).toBe(6);
  });

  it('begins where two revisions parted', () => {
    const range = commitsTouching(folder, 'v2-side..v3', paths);
    expect(range.notes).toEqual([]);
    const parted = commitsTouching(folder, 'v2-side..v3^1', paths);
    expect(parted.commits.map(({ subject }) => subject)).toEqual(['main: omap EINVAL']);
    expect(parted.start).toBe(git(folder, 'rev-parse', 'v2'));
    expect(parted.notes).toEqual([
      `v2-side is no ancestor of v3^1: read from where they parted, ${git(folder, 'rev-parse', 'v2').slice(0, 12)}`,
    ]);
    expect(history(parted, fingerprintsAt).map(({ fingerprint }) => fingerprint)).toEqual(['omap EINVAL']);
  });
});

describe('what is no range', () => {
  it.each([
    ['v1', 'expected a range A..B, found v1\nName two revisions: --range v6.11..v6.12'],
    ['v1...v2', 'expected a range A..B, found v1...v2\nName two revisions: --range v6.11..v6.12'],
    [
      'v1..v9',
      'expected a revision, found none called v9\nName a kernel source folder, its drivers/iommu, or REPOSITORY@REVISION to read from git.',
    ],
    ['v2..v1', 'nothing lies in v2..v1: v1 comes first\nWrite v1..v2.'],
    ['v1..unrelated', 'v1 and unrelated have no commit in common\nCompare them as two trees.'],
  ])('%s', (range, message) => {
    expect(() => commitsTouching(folder, range, paths)).toThrow(
      new Failure('bad-tree', message.split('\n')[0]!, { file: folder }, message.split('\n')[1]!),
    );
  });
});
