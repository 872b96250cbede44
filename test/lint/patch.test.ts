// Series read from what people keep of them: mboxes, mails, diffs, saved pages; and refused where they are none.
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { applySeries } from '../../src/lint/patch/applySeries.ts';
import type { Hunk, Patch, Series } from '../../src/lint/patch/patch.ts';
import { readSeries } from '../../src/lint/patch/series.ts';
import { patchText, patchTexts } from '../../src/lint/read/patchTexts.ts';
import type { KernelTree } from '../../src/lint/tree.ts';
import { base64, diff, mail, messageOf, one, patchMail, quoted, stat, transfer, umlaut } from '../support/patches.ts';
import { openPlace } from '../support/repository.ts';

const place = openPlace('patch');
afterAll(place.remove);

const read = (text: string): Series => readSeries([{ name: 'series', text }]);

/** `c.c -1 +1 @10`: file, lines removed and added, where. */
const said = ({ files }: Patch): string[] => files.map(({ to, from, hunks }) => [to ?? from, ...hunks.map(inWords)].join(' '));
const inWords = ({ oldStart, lines, damage }: Hunk): string =>
  `-${lines.filter(({ mark }) => mark === '-').length} +${lines.filter(({ mark }) => mark === '+').length} @${oldStart}${damage ? ' damaged' : ''}`;

describe('the page of the seed patch', () => {
  const [patch, ...others] = readSeries(patchTexts('test/lint/seed-v6.patch.gz')).patches;

  it('gives the patch that its list of files names, and none of the proposals in answers', () => {
    expect(others).toEqual([]);
    expect(patch).toMatchObject({
      subject: 'iommu: Return -EMEDIUMTYPE for incompatible domain and device/group',
      version: 6,
      number: 1,
      total: 5,
    });
    expect(said(patch!)).toEqual([
      'drivers/iommu/amd/iommu.c -1 +1 @1755',
      'drivers/iommu/apple-dart.c -2 +2 @495',
      'drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c -12 +3 @2429',
      'drivers/iommu/arm/arm-smmu/arm-smmu.c -4 +1 @1167',
      'drivers/iommu/arm/arm-smmu/qcom_iommu.c -7 +2 @381',
      'drivers/iommu/intel/iommu.c -7 +3 @4174',
      'drivers/iommu/iommu.c -0 +14 @1975 -0 +14 @2101',
      'drivers/iommu/ipmmu-vmsa.c -3 +1 @628',
      'drivers/iommu/omap-iommu.c -2 +1 @1471',
      'drivers/iommu/s390-iommu.c -1 +1 @127',
      'drivers/iommu/sprd-iommu.c -4 +2 @237',
      'drivers/iommu/tegra-gart.c -1 +1 @112',
      'drivers/iommu/virtio-iommu.c -2 +1 @733',
    ]);
  });

  it('ends one empty line of context too soon, and says which patches it has not', () => {
    const hunks = patch!.files.flatMap((file) => file.hunks);
    expect(hunks.map(({ cut }) => cut)).toEqual([...Array(13).fill(0), 1]);
    expect(hunks.map(({ line }) => line).slice(0, 3)).toEqual([1240, 1253, 1270]);
    expect(readSeries(patchTexts('test/lint/seed-v6.patch.gz'))).toMatchObject({
      baseCommit: null,
      notes: ['of 5 patches 2, 3, 4, 5 are not in it'],
    });
  });
});

describe('of several diffs in a text', () => {
  const page = (...parts: readonly string[]): string => ['[v2] iommu: A title', '', 'Why.', ...parts].join('\n');
  const proposal = diff('c.c', 'ENODEV')
    .replace('@@ -10,3 +10,3 @@', '@@ -10,3 +10,4 @@')
    .replace('+\t\treturn', '+\t\tprint();\n+\t\treturn');

  it.each([
    [
      'the last that is complete',
      page(stat('c.c'), 'Comment', diff('c.c', 'ENODEV'), 'More', diff('c.c')),
      ['c.c -1 +1 @10'],
      'EINVAL',
      [],
    ],
    ['the one that has as many lines', page(stat('c.c'), diff('c.c'), 'An answer', proposal), ['c.c -1 +1 @10'], 'EINVAL', []],
    [
      'the one that has all files',
      page(stat('c.c', 'd.c'), diff('c.c') + diff('d.c'), 'An answer', proposal),
      ['c.c -1 +1 @10', 'd.c -1 +1 @10'],
      'EINVAL',
      [],
    ],
    [
      'each file, where text stands between',
      page(stat('c.c', 'd.c'), diff('d.c'), 'Text', diff('e.c'), 'Text', diff('c.c')),
      ['c.c -1 +1 @10', 'd.c -1 +1 @10'],
      'EINVAL',
      [],
    ],
    [
      'what there is, where one is missing',
      page(stat('c.c', 'd.c'), diff('c.c')),
      ['c.c -1 +1 @10'],
      'EINVAL',
      ['iommu: A title: its list of files names d.c, of which there is no diff'],
    ],
    ['everything, without a list of files', page(diff('c.c'), 'Text', diff('d.c')), ['c.c -1 +1 @10', 'd.c -1 +1 @10'], 'EINVAL', []],
    [
      'a long name by its end',
      page(stat('.../arm-smmu-v3/c.c'), diff('drivers/iommu/arm-smmu-v3/c.c'), 'Text', diff('e.c')),
      ['drivers/iommu/arm-smmu-v3/c.c -1 +1 @10'],
      'EINVAL',
      [],
    ],
  ])('it takes %s', (_, text, files, errno, notes) => {
    const series = read(text);
    expect(series.patches.map(said)).toEqual([files]);
    expect(series.patches[0]!.files[0]!.hunks[0]!.lines.find(({ mark }) => mark === '+')!.text).toBe(`\t\treturn -${errno};`);
    expect(series.notes).toEqual(notes);
  });
});

const parts = 'Content-Type: multipart/mixed;\n boundary="=-x"\n';
describe('a mail', () => {
  it.each([
    ['as it is', mail(one)],
    ['with CR LF', mail(one).replaceAll('\n', '\r\n')],
    ['without its separator', mail(one).replace(/^From .*\n/, '')],
    ['with an encoded subject', mail({ ...one, subject: '=?UTF-8?q?=5BPATCH=5D_iommu=3A?=\n =?utf-8?B?IEdyw7bDn2U=?=' })],
    ['quoted-printable', mail({ ...one, headers: transfer('quoted-printable'), body: quoted(one.body) })],
    ['base64', mail({ ...one, headers: transfer('base64'), body: base64(one.body) })],
    ['base64 in CR LF', mail({ ...one, headers: transfer('base64'), body: base64(one.body.replaceAll('\n', '\r\n')) })],
    [
      'in Latin-1',
      mail({ ...one, headers: transfer('base64', '"iso-8859-1"'), body: `${Buffer.from(one.body, 'latin1').toString('base64')}\n` }),
    ],
    [
      'as an attachment',
      mail({
        ...one,
        headers: parts,
        body: `--=-x\n\nHello\n--=-x\nContent-Type: application/octet-stream; name=1.patch\n${transfer('base64').split('\n')[1]}\n\n${base64(one.body)}--=-x--\n`,
      }),
    ],
    [
      'beside HTML',
      mail({ ...one, headers: parts, body: `--=-x\nContent-Type: text/html\n\n${umlaut}--=-x\n${transfer('8bit')}\n${one.body}--=-x--\n` }),
    ],
  ])('%s', (_, text) => {
    const [patch, ...others] = read(text).patches;
    expect(others).toEqual([]);
    expect(patch!.subject).toBe('iommu: Größe');
    expect(said(patch!)).toEqual(['c.c -1 +1 @10']);
    expect(patch!.files[0]!.hunks[0]!.lines.map(({ text }) => text)).toEqual([
      '\tif (größe == 1)',
      '\t\treturn -EBUSY;',
      '\t\treturn -EINVAL;',
      '\treturn 0;',
    ]);
  });
});

describe('a mailbox', () => {
  const [first, second, third] = ['1/3', '2/3', '3/3'].map((number) => patchMail(`[PATCH v2 ${number}] iommu: ${number[0]}`));
  const cover = mail({
    subject: '[PATCH v2 0/3] iommu: All',
    body: `>From here on.\n\n${stat('c.c')}${diff('c.c')}base-commit: 0123456789abcdef0123456789abcdef01234567\n`,
  });
  const answer = mail({
    subject: 'Re: [PATCH v2 2/3] iommu: 2',
    body: `> ${diff('c.c').replaceAll('\n', '\n> ')}\nI would rather:\n\n${diff('d.c')}`,
  });
  const old = patchMail('[PATCH 1/2] iommu: 1');
  const base = '0123456789abcdef0123456789abcdef01234567';

  it.each([
    ['in order', cover + first + second + third, ['1', '2', '3'], base, []],
    ['in disorder', third! + second + cover + first, ['1', '2', '3'], base, []],
    ['with answers', first! + answer + second + third, ['1', '2', '3'], null, []],
    ['with a patch twice', first! + second + second + third, ['1', '2', '3'], null, []],
    ['with one missing', first! + third, ['1', '3'], null, ['of 3 patches 2 is not in it']],
    [
      'with an older version',
      old + first + second + third,
      ['1', '2', '3'],
      null,
      ['version 1 is in it too and was left out; this is version 2'],
    ],
    [
      'with another patch',
      patchMail('[PATCH] vfio: Before') + second! + first + third,
      ['Before', '1', '2', '3'],
      null,
      ['several series are in it, of 1, 3 patches; in this order'],
    ],
    [
      'without numbers',
      patchMail('[PATCH] iommu: b') + patchMail('[PATCH] iommu: a') + patchMail('[PATCH] iommu: b'),
      ['b', 'a', 'b'],
      null,
      [],
    ],
    ['of an answer only', answer, ['2'], null, ['of 3 patches 1, 3 are not in it']],
    [
      'that needs others',
      first!.replace('-- \n', `prerequisite-patch-id: ${base}\n-- \n`).replace('1/3', '1/1'),
      ['1'],
      null,
      ['it needs 1 patch before it that is not in it'],
    ],
  ])('%s', (_, text, titles, baseCommit, notes) => {
    const series = read(text);
    expect(series.patches.map(({ subject }) => subject.replace(/^\w+: /, ''))).toEqual(titles);
    expect(series).toMatchObject({ baseCommit, notes });
  });

  it('is one series with its mails in files of their own, gzipped or not', () => {
    place.write('out/0001-one.patch', first!);
    place.write('out/0002-two.patch.gz', gzipSync(second!));
    place.write('out/0003-three.patch', third!);
    place.write('out/README', 'no patch');
    expect(readSeries(patchTexts(place.path('out'))).patches.map(({ subject }) => subject)).toEqual(['iommu: 1', 'iommu: 2', 'iommu: 3']);
    expect(readSeries([patchText('-', gzipSync(first!))]).patches.map(({ subject }) => subject)).toEqual(['iommu: 1']);
  });
});

describe('a diff', () => {
  const hunk = '@@ -10,3 +10,3 @@\n a\n-b\n+c\n d\n';
  const wrapped = '@@ -10,3 +10,3 @@\n a\n-b\n+print("long\ntext")\n d\n';

  it.each([
    [
      'of diff -ru',
      `diff -ru a/c.c b/c.c\n--- a/c.c\t2022-08-15 18:14:11.000000000 +0000\n+++ b/c.c\t2022-08-15\n${hunk}Only in b: x\ndiff -ru a/d.c b/d.c\n--- a/d.c\n+++ b/d.c\n${hunk}`,
      ['c.c -1 +1 @10', 'd.c -1 +1 @10'],
    ],
    [
      'of Subversion',
      `Index: c.c\n===================================================================\n--- c.c\t(revision 1)\n+++ c.c\t(working copy)\n${hunk}`,
      ['c.c -1 +1 @10'],
    ],
    ['with empty lines for empty context', `--- a/c.c\n+++ b/c.c\n@@ -1,3 +1,3 @@\n\n-b\n+c\n\n`, ['c.c -1 +1 @1']],
    ['with a removed line that looks like a header', `--- a/c.c\n+++ b/c.c\n@@ -1,3 +1,2 @@\n a\n--- b/c.c\n d\n`, ['c.c -1 +0 @1']],
    ['with a wrapped line', `--- a/c.c\n+++ b/c.c\n${wrapped}${hunk}`, ['c.c -1 +1 @10 damaged -1 +1 @10']],
    ['that ends in its middle', `--- a/c.c\n+++ b/c.c\n@@ -10,9 +10,9 @@\n a\n-b\n+c\n`, ['c.c -1 +1 @10 damaged']],
    [
      'of names in quotes',
      'diff --git "a/gr\\303\\266\\303\\237e \\"x\\".c" "b/gr\\303\\266\\303\\237e \\"x\\".c"\nold mode 100644\nnew mode 100755\n',
      ['größe "x".c'],
    ],
    ['of a name with a space', 'diff --git a/b c.c b/b c.c\ndeleted file mode 100644\nindex 1111111..0000000\n', ['b c.c']],
  ])('%s', (_, text, files) => expect(read(text).patches.map(said)).toEqual([files]));

  const tree: KernelTree = { name: 'tree', files: [], read: (path) => (path === 'c.c' ? 'x\na\nb\nd\ne\n' : null), unread: () => [] };

  it.each([
    [`--- a/c.c\n+++ b/c.c\n${wrapped}${hunk}`, ['the hunk is damaged: line 7 of the patch is none of it', 'applied at 2'], null],
    [`--- a/d.c\n+++ b/d.c\n${hunk}`, ['tree has no such file'], 'tree has no such file'],
    [`--- a/../c.c\n+++ b/../c.c\n${hunk}`, ['tree has no such file'], 'tree has no such file'],
    [`--- a/c.c\n+++ b/c.c\n${hunk.replace('-b', '- b')}`, ['a line differs in white space at 3: "b"'], null],
    [
      `--- a/c.c\n+++ b/c.c\n@@ -10,2 +10,3 @@\n b\n d\n+y\n z\n`,
      ['the hunk is damaged: its header does not count line 7 of the patch'],
      null,
    ],
    [`--- a/c.c\n+++ b/c.c\n@@ -10,3 +10,4 @@\n d\n e\n+y\n z\n`, ['the file ends at 6: null'], null],
    [`--- a/c.c\n+++ b/c.c\n@@ -1,2 +1,2 @@\n p\n-q\n+r\n`, ['none of its lines stands in the file'], null],
    [`--- a/c.c\n+++ b/c.c\n@@ -9,0 +10 @@\n+r\n`, ['it names line 9 of a file of 5 lines'], null],
    [
      `--- a/c.c\n+++ b/c.c\n@@ -3 +3 @@\n-b\n+B\n@@ -1 +1 @@\n-x\n+X\n`,
      ['applied at 3', 'its lines stand at line 1, above those of an earlier hunk'],
      null,
    ],
    [`--- a/c.c\n+++ b/c.c\n@@ -1,4 +1,4 @@\n-a\n+A\n b\n d\n e\n`, ['its lines stand at line 2, not at an end'], null],
    [
      `--- /dev/null\n+++ b/c.c\n@@ -0,0 +1 @@\n+x\n`,
      ['the file is there already, with another text'],
      'the file is there already, with another text',
    ],
    [`--- a/c.c\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-x\n-a\n`, ['applied at 1'], 'the file has more than the patch deletes, and is kept'],
    [`diff --git a/c.c b/c.c\nindex 1..2\nBinary files a/c.c and b/c.c differ\n`, [], 'a binary file'],
    [`diff --cc c.c\nindex 1,2..3\n--- a/c.c\n+++ b/c.c\n@@@ -1,1 -1,1 +1,2 @@@\n+ a\n`, [], 'a combined diff of a merge'],
  ])('that does not apply is named: %#', (text, outcomes, problem) => {
    const [result] = applySeries(tree, read(text));
    const [file] = result!.files;
    expect(file!.problem).toBe(problem);
    expect(
      file!.hunks.map(({ outcome }) => {
        if (outcome.kind !== 'failed') return `${outcome.kind} at ${outcome.line}`;
        return outcome.difference
          ? `${outcome.reason} at ${outcome.difference.line}: ${JSON.stringify(outcome.difference.found)}`
          : outcome.reason;
      }),
    ).toEqual(outcomes);
    expect(result!.whole).toBe(false);
  });
});

describe('what is no patch', () => {
  const hint = 'Hand in what `git format-patch --stdout` or `git diff` prints, or the raw mail or mbox of an archive.';
  const letter = mail({ subject: 'Hello', body: 'How are you?\n' });

  it.each([
    ['', 'series: expected a patch, found nothing'],
    ['\n \n', 'series: expected a patch, found nothing'],
    ['int main(void);\n', 'series: expected a patch, found text without a diff'],
    [letter, 'series: expected a patch, found a mail without a diff'],
    [letter + mail({ subject: '[PATCH 0/1] iommu: All', body: diff('c.c') }), 'series: expected a patch, found 2 mails without a diff'],
  ])('%j', (text, message) => expect(messageOf(() => read(text))).toBe(`${message}\n${hint}`));

  it('is said with what to do', () => {
    const html = '<!DOCTYPE html>\n<html><pre>diff --git a/c.c b/c.c</pre>';
    expect(messageOf(() => read(html))).toBe(
      "series: expected a patch, found a web page in HTML\nSave the raw mail or the mbox instead: lore calls it 'raw' or 'mbox.gz', patchwork 'mbox'.",
    );
    expect(messageOf(() => patchTexts(place.path('nowhere')))).toBe(
      `${place.path('nowhere')}: expected a file with patches, found nothing there\n${hint}`,
    );
    place.write('empty/README', '');
    expect(messageOf(() => patchTexts(place.path('empty')))).toContain('found a folder without *.patch files');
    const damaged = gzipSync(diff('c.c')).subarray(0, 40);
    expect(messageOf(() => patchText('-', damaged))).toContain('found a gzip file that is damaged or too large');
  });
});
