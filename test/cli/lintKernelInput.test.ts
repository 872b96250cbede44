// Bad input of lint-kernel: one message, exit code 2; sources that cannot be read or parsed are named, and the rest is still read.
import { chmodSync, symlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readingLine } from '../../src/cli/lint/progress.ts';
import type { ReturnSite } from '../../src/core/returnSites.ts';
import { openBench } from '../support/commandLine.ts';
import { openLint } from '../support/lintCommand.ts';
import { commit, git } from '../support/repository.ts';

const { place, lint, json, refusal } = openLint('lint-input');
afterAll(place.remove);
const bench = openBench('lint-input');

const tree = place.path('tree');
const source = (name: string): string =>
  `static int ${name}_attach(struct iommu_domain *domain, struct device *dev)\n{\n\tif (!dev->bus)\n\t\treturn -ENODEV;\n\treturn 0;\n}\n` +
  `static const struct iommu_domain_ops ${name}_ops = { .attach_dev = ${name}_attach };\n`;

beforeAll(() => {
  place.write('tree/drivers/iommu/some-iommu.c', source('some'));
  place.write('empty/README', '');
  place.write('repository/drivers/iommu/some-iommu.c', source('some'));
  git(place.path('repository'), 'init', '--quiet');
  commit(place.path('repository'), 'iommu: Add some');
  git(place.path('repository'), 'tag', 'v1');
  place.write('letter.mbox', 'From a@b Mon Sep 17 00:00:00 2001\nFrom: A <a@b>\nSubject: Re: errnos\n\nI like them.\n');
  place.write('broken.json', '{"kind": "lint-baseline", "version": 1, "entries": [{}]}');
});

const treeHint = 'Name a kernel source folder, its drivers/iommu, or REPOSITORY@REVISION to read from git.';
const usage = 'Run the command with --help to see what it takes.';
const patch = 'Hand in what `git format-patch --stdout` or `git diff` prints, or the raw mail or mbox of an archive.';
const claim = 'It reads: arm-smmu-v3 attach_dev: smmu_domain->smmu != smmu returns EINVAL';

describe('refused is', () => {
  it.each<[string, string[], string, string]>([
    ['no tree', [], 'expected a kernel tree, found none', 'attachlab lint-kernel ~/linux, or REPOSITORY@REVISION'],
    ['a tree that is not there', ['./none'], './none: expected a kernel tree, found nothing there', treeHint],
    ['no kernel', ['./empty'], './empty: expected a kernel tree with drivers/iommu, found neither that nor iommu.c', treeHint],
    ['a file', ['./letter.mbox'], './letter.mbox: expected a folder, found a file', treeHint],
    ['a revision that is not there', ['./repository@v9'], './repository: expected a revision, found none called v9', treeHint],
    ['a folder that is no repository', ['./tree@v1'], './tree: expected a git repository, found none here or above', treeHint],
    ['another tree that is not there', ['./tree', '--diff', './none'], './none: expected a kernel tree, found nothing there', treeHint],
    ['two questions', ['./tree', '--diff', './tree', '--patch', '-'], 'expected one question, found --diff and --patch', usage],
    [
      'a claim to skip commits by, without a claim',
      ['./tree', '--bisect'],
      '--bisect goes with --assert; found it with an audit of a tree',
      usage,
    ],
    [
      'SARIF of a difference',
      ['./tree', '--diff', './tree', '--format', 'sarif'],
      '--format sarif goes with an audit of a tree; --diff has text and json',
      usage,
    ],
    [
      'a baseline of a series',
      ['./tree', '--patch', '-', '--baseline', 'b'],
      '--baseline goes with an audit of a tree; found it with --patch',
      usage,
    ],
    [
      'a contract for a claim',
      ['./tree', '--assert', 'a', '--contract', 'kdoc'],
      '--contract goes with an audit of a tree, --patch, --range; found it with --assert',
      usage,
    ],
    [
      'a driver that is not there',
      ['./tree', '--driver', 'sume'],
      'expected a driver with an attach operation, found sume',
      'Did you mean some?',
    ],
    [
      'such a driver in no commit',
      ['./repository', '--range', 'v1..v1', '--driver', 'amd'],
      'expected a driver with an attach operation, found amd',
      'There are some.',
    ],
    [
      'another contract',
      ['./tree', '--contract', 'none'],
      '--contract takes kdoc, einval-soft, einval-exclusive, emediumtype, legacy-type1; found "none"',
      usage,
    ],
    [
      'the text of a tree that has none',
      ['./tree', '--contract', 'kdoc'],
      './tree has no include/linux/iommu.h, so there is no contract kdoc',
      'Name another contract: einval-soft, einval-exclusive, emediumtype, legacy-type1.',
    ],
    ['another form', ['./tree', '--format', 'xml'], 'expected a format (text, json, sarif, ktap), found xml', usage],
    [
      'a mail without a patch',
      ['./tree', '--patch', './letter.mbox'],
      './letter.mbox: expected a patch, found a mail without a diff',
      patch,
    ],
    ['a series that is not there', ['./tree', '--patch', './none'], './none: expected a file with patches, found nothing there', patch],
    [
      'a range that is none',
      ['./repository', '--range', 'v1'],
      './repository: expected a range A..B, found v1',
      'Name two revisions: --range v6.11..v6.12',
    ],
    ['a range of nothing', ['./repository', '--range', 'v1..v8'], './repository: expected a revision, found none called v8', treeHint],
    ['no claim', ['./tree', '--assert', 'some works'], '--assert: expected DRIVER OP: CONDITION returns ERRNO, found "some works"', claim],
    [
      'a claim of no errno',
      ['./tree', '--assert', 'some attach_dev: a returns EINVL'],
      '--assert: expected an errno or 0 after "returns" (EINVAL?), found "EINVL"',
      claim,
    ],
    [
      'no baseline',
      ['./tree', '--baseline', './broken.json'],
      './broken.json:1:53: expected the key "fingerprint", found none',
      'Correct the file at the place named, or write it anew with --write-baseline.',
    ],
  ])('%s', async (_, argv, message, hint) => {
    const found = await refusal(...argv.map((word) => (word.startsWith('./') ? place.path(word.slice(2)) : word)));
    expect(found).toEqual([message, hint]);
  });

  it('another rule, with the nearest', async () => {
    const [message, hint] = await refusal('--explain', 'silent-succes');
    expect(message).toBe('expected a rule, found "silent-succes"; did you mean silent-success?');
    expect(hint).toMatch(/^The rules are busy-for-exhaustion, /);
  });

  it('one message on standard error, with exit code 2', { timeout: 60_000 }, async () => {
    expect(await bench.attachlab('lint-kernel', 'none')).toEqual({
      code: 2,
      out: '',
      err: `attachlab: none: expected a kernel tree, found nothing there\n${treeHint}\n`,
    });
    bench.file('letter', 'Dear list,\n');
    expect(await bench.fed('Dear list,\n', 'lint-kernel', tree, '--patch', '-')).toEqual({
      code: 2,
      out: '',
      err: `attachlab: standard input: expected a patch, found text without a diff\n${patch}\n`,
    });
  });
});

interface Audit {
  readonly summary: { readonly files: number };
  readonly sites: readonly ReturnSite[];
  readonly damaged: readonly { readonly function: string; readonly line: number; readonly reached: boolean }[];
  readonly unread: readonly { readonly where: string; readonly why: string }[];
}

const drivers = ({ sites }: Audit): string[] => sites.map((site) => `${site.driver} ${site.errnos.join('|')} ${site.certainty}`);

describe('the line on a terminal', () => {
  const treeOf = (name: string) => ({ name, files: ['a', 'b', 'c'], read: () => null, unread: () => [] });

  it('says which tree is read and how far', () => {
    expect(readingLine(treeOf('~/linux@v6.12'), 2)).toBe('reading ~/linux@v6.12: 2 of 3 files');
  });

  it('keeps the end of a long name', () => {
    const line = readingLine(treeOf(`/home/${'long/'.repeat(20)}linux@0123456789ab`), 2);
    expect(line).toHaveLength(74);
    expect(line).toMatch(/^reading \.\.\..*long\/linux@0123456789ab: 2 of 3 files$/);
  });
});

describe('sources', () => {
  it('that the parser cannot take are counted and located, and the rest is read', async () => {
    place.write('odd/drivers/iommu/some-iommu.c', source('some'));
    place.write(
      'odd/drivers/iommu/odd-iommu.c',
      source('odd')
        .replace('if (!dev->bus)', 'if @ (!dev->bus) ]] foo bar\n\tif (!dev->bus)')
        .concat('int unseen(void)\n{\n\treturn ] 1;\n}\n'),
    );
    const audit = await json<Audit>(place.path('odd'));
    expect(audit.damaged).toEqual([
      { function: 'odd_attach', file: 'drivers/iommu/odd-iommu.c', line: 1, reached: true },
      { function: 'unseen', file: 'drivers/iommu/odd-iommu.c', line: 9, reached: false },
    ]);
    expect(drivers(audit)).toContain('some ENODEV certain');
    expect(audit.sites.filter(({ driver, certainty }) => driver === 'odd' && certainty === 'certain')).toEqual([]);
    const { out } = await lint(place.path('odd'));
    expect(out).toContain(
      '2 functions could not be read whole, 1 on a way that was followed\n  drivers/iommu/odd-iommu.c:1 odd_attach()\n',
    );
    expect((await lint(place.path('odd'), '--all')).out).toContain('  drivers/iommu/odd-iommu.c:9 unseen()\n');
    expect((await lint(place.path('odd'), '--format', 'ktap')).out).toContain('odd_attach() could not be read whole');
  });

  it('in a loop of symbolic links are read once', async () => {
    place.write('loop/drivers/iommu/some-iommu.c', source('some'));
    symlinkSync('.', place.path('loop/drivers/iommu/again'));
    symlinkSync('self', place.path('loop/drivers/iommu/self'));
    symlinkSync('nowhere.c', place.path('loop/drivers/iommu/gone.c'));
    const audit = await json<Audit>(place.path('loop'));
    expect(drivers(audit)).toEqual(['some ENODEV certain']);
    expect(audit.unread).toEqual([
      { where: 'drivers/iommu/again', why: 'a symbolic link to a folder that is read already' },
      { where: 'drivers/iommu/gone.c', why: 'a symbolic link to nothing' },
      { where: 'drivers/iommu/self', why: 'a symbolic link that leads to itself' },
    ]);
    expect((await lint(place.path('loop'))).out).toContain('not read: 3\n  drivers/iommu/again: a symbolic link to a folder');
  });

  it('of 50 MB are named', async () => {
    place.write('large/drivers/iommu/some-iommu.c', source('some'));
    place.write('large/drivers/iommu/large.c', `${'/* large */\n'.repeat(4_200_000)}${source('large')}`);
    const audit = await json<Audit>(place.path('large'));
    expect(drivers(audit)).toEqual(['some ENODEV certain']);
    expect(audit.unread).toEqual([{ where: 'drivers/iommu/large.c', why: '50,400,203 bytes; at most 5,000,000 are read' }]);
  });

  it('that are no text are read as far as they go', async () => {
    place.write('bytes/drivers/iommu/some-iommu.c', source('some'));
    place.write(
      'bytes/drivers/iommu/bytes.c',
      new Uint8Array(4096).map((_, index) => (index * 37) % 256),
    );
    expect(drivers(await json<Audit>(place.path('bytes')))).toEqual(['some ENODEV certain']);
  });

  it.skipIf(process.getuid?.() === 0)('that may not be read are named', async () => {
    place.write('secret/drivers/iommu/some-iommu.c', source('some'));
    place.write('secret/drivers/iommu/secret.c', source('secret'));
    chmodSync(place.path('secret/drivers/iommu/secret.c'), 0);
    const audit = await json<Audit>(place.path('secret'));
    expect(drivers(audit)).toEqual(['some ENODEV certain']);
    expect(audit.unread).toEqual([{ where: 'drivers/iommu/secret.c', why: 'no permission to read it' }]);
  });
});
