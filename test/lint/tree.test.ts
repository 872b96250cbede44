// Kernel trees from folders and from git's objects: the same sources, and one message or one count for everything that is wrong.
import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import { readTree, treeAtCommit } from '../../src/lint/read/readTree.ts';
import { commit, git, openPlace } from '../support/repository.ts';

const place = openPlace('tree');
afterAll(place.remove);

const sources = {
  'drivers/iommu/Makefile': 'obj-y += amd/ iommu.o\n',
  'drivers/iommu/iommu.c': 'int iommu_attach_group(void)\n{\n\treturn -EBUSY;\n}\n',
  'drivers/iommu/amd/iommu.c': 'static int attach_device(void);\n',
  'drivers/iommu/amd/amd_iommu.h': '#define PD_IOMMUV2_MASK 4\n',
  'drivers/iommu/amd/amd.mod.c': 'MODULE_INFO(name, KBUILD_MODNAME);\n',
  'include/linux/iommu.h': '/* kdoc */\n',
};
const files = ['drivers/iommu/amd/amd_iommu.h', 'drivers/iommu/amd/iommu.c', 'drivers/iommu/iommu.c'];

const writeKernel = (folder: string): void => {
  for (const [path, text] of Object.entries(sources)) place.write(`${folder}/${path}`, text);
};

let first = '';
beforeAll(() => {
  writeKernel('linux');
  writeKernel('linux@v1');
  place.write('iommu61/iommu.c', sources['drivers/iommu/iommu.c']);
  git(place.path('linux'), 'init', '--quiet');
  first = commit(place.path('linux'), 'first');
  git(place.path('linux'), 'tag', 'v1.0');
  git(place.path('linux'), 'rm', '-r', '--quiet', 'drivers/iommu/amd');
  commit(place.path('linux'), 'second');
  git(place.path('linux'), 'checkout', '--quiet', 'v1.0');
  git(place.folder, 'clone', '--quiet', '--bare', 'linux', 'bare.git');
  git(place.path('linux'), 'worktree', 'add', '--quiet', '--force', '../worktree', 'main');
});

const header = 'include/linux/iommu.h';

describe('a tree', () => {
  it.each([
    ['linux', files, true],
    ['linux/drivers/iommu', files, true],
    ['linux@v1', files, true],
    ['iommu61', ['drivers/iommu/iommu.c'], false],
    ['linux@v1.0', files, true],
    ['linux/drivers@v1.0', files, true],
    ['linux/.git@v1.0', files, true],
    ['linux@v1.0^{tree}', files, true],
    ['linux@main@{0}', ['drivers/iommu/iommu.c'], true],
    ['linux@v1.0:drivers/iommu', files, false],
    ['bare.git@main', ['drivers/iommu/iommu.c'], true],
    ['bare.git@main~1', files, true],
    ['worktree', ['drivers/iommu/iommu.c'], true],
    ['worktree@HEAD~1', files, true],
  ])('%s', (spec, expected, hasHeader) => {
    const tree = readTree(place.path(spec));
    expect(tree.name).toBe(place.path(spec));
    expect(tree.files).toEqual(expected);
    for (const path of tree.files) expect(tree.read(path)).toBe(sources[path as keyof typeof sources]);
    expect(tree.read(header)).toBe(hasHeader ? sources[header] : null);
    expect(tree.unread()).toEqual([]);
  });

  it.each(['linux', 'iommu61', 'linux@v1.0', 'linux@v1.0:drivers/iommu'])('%s has no other files', (spec) => {
    const tree = readTree(place.path(spec));
    const outside = [`../${header}`, 'drivers/iommu/../../Makefile', place.path(`linux/${header}`), 'drivers/iommu', 'Makefile', ''];
    expect(outside.map(tree.read)).toEqual([null, null, null, null, null, null]);
    expect(tree.unread()).toEqual([]);
  });

  it('is that of the repository named, wherever GIT_DIR points', () => {
    process.env.GIT_DIR = '/nowhere';
    try {
      expect(readTree(place.path('linux@v1.0')).files).toEqual(files);
    } finally {
      delete process.env.GIT_DIR;
    }
  });

  it('at a commit is there where the repository has it', () => {
    expect(treeAtCommit(place.path('linux'), first)?.files).toEqual(files);
    expect(treeAtCommit(place.path('linux@main'), first)?.files).toEqual(files);
    expect(treeAtCommit(place.path('linux'), '0123456789abcdef0123456789abcdef01234567')).toBeNull();
    expect(treeAtCommit(place.path('iommu61'), first)).toBeNull();
  });
});

const messageOf = (spec: string): string => {
  try {
    readTree(spec);
  } catch (error) {
    if (error instanceof Failure && error.code === 'bad-tree') return error.message;
    throw error;
  }
  return 'no failure';
};

describe('what is no tree', () => {
  beforeAll(() => {
    place.write('empty/drivers/iommu/Kconfig', '');
    place.write('other/src/main.c', '');
    git(place.path('other'), 'init', '--quiet');
    commit(place.path('other'), 'no kernel');
  });

  const hint = 'Name a kernel source folder, its drivers/iommu, or REPOSITORY@REVISION to read from git.';

  it.each([
    ['nowhere', 'nowhere: expected a kernel tree, found nothing there'],
    ['nowhere@v1', 'nowhere: expected a kernel tree, found nothing there'],
    ['other', 'other: expected a kernel tree with drivers/iommu, found neither that nor iommu.c'],
    ['other@HEAD', 'other@HEAD: expected a kernel tree with drivers/iommu, found neither that nor iommu.c'],
    [
      'linux@v1.0:drivers/iommu/iommu.c',
      'linux@v1.0:drivers/iommu/iommu.c: expected a kernel tree with drivers/iommu, found neither that nor iommu.c',
    ],
    ['other/src/main.c', 'other/src/main.c: expected a folder, found a file'],
    ['empty', 'empty: expected C sources below drivers/iommu, found none'],
    ['empty@HEAD', 'empty: expected a git repository, found none here or above'],
    ['bare.git', 'bare.git: expected a kernel tree with drivers/iommu, found a bare repository; name a revision too'],
    ['linux@v2.0', 'linux: expected a revision, found none called v2.0'],
    ['linux@', 'linux: expected a revision, found none called '],
    ['linux@--help', 'linux: expected a revision, found none called --help'],
  ])('%s', (spec, message) => {
    expect(messageOf(place.path(spec))).toBe(`${place.folder}/${message}\n${hint}`);
  });

  it('is said where git is not installed', () => {
    const before = process.env.PATH;
    process.env.PATH = '/nowhere';
    try {
      expect(messageOf(place.path('linux@v1.0'))).toBe(
        `${place.path('linux')}: the git program is not there\nInstall git, or name a folder.`,
      );
    } finally {
      process.env.PATH = before;
    }
  });
});

describe('what cannot be read as it stands', () => {
  const folder = 'broken/drivers/iommu';
  beforeAll(() => {
    place.write(`${folder}/iommu.c`, 'int a;\n');
    place.write(`${folder}/latin.c`, Buffer.from('int a;\n/* J\xf6rg */\nint b;\n', 'latin1'));
    place.write(`${folder}/dos.c`, 'int a;\r\nint b;\r\n');
    place.write(`${folder}/both.c`, Buffer.from('int a; /* \xf6 */\r\n', 'latin1'));
    place.write(`${folder}/large.c`, 'int a;\n'.repeat(7_500_000));
    place.write('elsewhere/linked.c', 'int linked;\n');
    mkdirSync(place.path(`${folder}/sub`));
    symlinkSync('..', place.path(`${folder}/sub/up`));
    symlinkSync('self.c', place.path(`${folder}/self.c`));
    symlinkSync('nothing.c', place.path(`${folder}/gone.c`));
    symlinkSync('nothing', place.path(`${folder}/gone`));
    symlinkSync('/dev/null', place.path(`${folder}/device.c`));
    symlinkSync('/proc/self/mem', place.path(`${folder}/memory.c`));
    symlinkSync(place.path('elsewhere'), place.path(`${folder}/there`));
    symlinkSync(place.path('elsewhere/linked.c'), place.path(`${folder}/alias.c`));
    git(place.path('broken'), 'init', '--quiet');
    commit(place.path('broken'), 'broken');
  });

  const remarks = [
    { where: 'drivers/iommu/both.c', why: 'not UTF-8 at line 1; read as Latin-1' },
    { where: 'drivers/iommu/both.c', why: 'lines end in CR LF; read as LF' },
    { where: 'drivers/iommu/dos.c', why: 'lines end in CR LF; read as LF' },
    { where: 'drivers/iommu/large.c', why: '52,500,000 bytes; at most 5,000,000 are read' },
    { where: 'drivers/iommu/latin.c', why: 'not UTF-8 at line 2; read as Latin-1' },
  ];

  const read = (spec: string) => {
    const tree = readTree(place.path(spec));
    const texts = Object.fromEntries(tree.files.map((path) => [path.slice('drivers/iommu/'.length), tree.read(path)]));
    for (const path of tree.files) tree.read(path);
    return { texts, unread: tree.unread() };
  };

  const plain = { 'both.c': 'int a; /* ö */\n', 'dos.c': 'int a;\nint b;\n', 'iommu.c': 'int a;\n', 'large.c': null };

  it('in a folder is counted, once and with its place, and quickly', () => {
    const start = performance.now();
    const { texts, unread } = read('broken');
    expect(performance.now() - start).toBeLessThan(500);
    expect(texts).toEqual({
      ...plain,
      'alias.c': 'int linked;\n',
      'latin.c': 'int a;\n/* Jörg */\nint b;\n',
      'memory.c': null,
      'there/linked.c': 'int linked;\n',
    });
    expect(unread).toEqual([
      { where: 'drivers/iommu/device.c', why: 'no regular file' },
      { where: 'drivers/iommu/gone', why: 'a symbolic link to nothing' },
      { where: 'drivers/iommu/gone.c', why: 'a symbolic link to nothing' },
      { where: 'drivers/iommu/self.c', why: 'a symbolic link that leads to itself' },
      { where: 'drivers/iommu/sub/up', why: 'a symbolic link to a folder that is read already' },
      ...remarks.filter(({ where }) => where < 'drivers/iommu/m'),
      { where: 'drivers/iommu/memory.c', why: expect.stringMatching(/^EIO/) },
    ]);
  });

  it('in git is counted, and links are not followed', () => {
    const start = performance.now();
    const { texts, unread } = read('broken@HEAD');
    expect(performance.now() - start).toBeLessThan(1000);
    expect(texts).toEqual({ ...plain, 'latin.c': 'int a;\n/* Jörg */\nint b;\n' });
    const links = ['alias.c', 'device.c', 'gone.c', 'memory.c', 'self.c'];
    expect(unread).toEqual([
      ...links.map((name) => ({ where: `drivers/iommu/${name}`, why: 'a symbolic link; not followed in git' })),
      ...remarks,
    ]);
  });

  it('an object that the repository lacks', () => {
    place.write('partial/drivers/iommu/iommu.c', 'int a;\n');
    git(place.path('partial'), 'init', '--quiet');
    commit(place.path('partial'), 'partial');
    const blob = git(place.path('partial'), 'rev-parse', 'HEAD:drivers/iommu/iommu.c');
    const object = `partial/.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`;
    renameSync(place.path(object), place.path('kept'));
    const tree = readTree(place.path('partial@HEAD'));
    expect(tree.read('drivers/iommu/iommu.c')).toBeNull();
    expect(tree.unread()).toEqual([{ where: 'drivers/iommu/iommu.c', why: 'the repository lacks the object' }]);
  });
});
