// Series applied to trees in memory, against what git, diff and patch make of the same input.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyHunks } from '../../src/lint/patch/applyHunks.ts';
import { applySeries } from '../../src/lint/patch/applySeries.ts';
import type { HunkOutcome, PatchResult } from '../../src/lint/patch/outcome.ts';
import type { Hunk } from '../../src/lint/patch/patch.ts';
import { readSeries } from '../../src/lint/patch/series.ts';
import { patchTexts } from '../../src/lint/read/patchTexts.ts';
import { readTree, treeAtCommit } from '../../src/lint/read/readTree.ts';
import type { KernelTree } from '../../src/lint/tree.ts';
import { excerptTree } from '../support/kernelExcerpts.ts';
import { commit, git, openPlace } from '../support/repository.ts';

const place = openPlace('apply');
afterAll(place.remove);
const seed = Number(process.env.SEED ?? 20_261_130);

const excerpts = excerptTree('6.1');
const seedSeries = readSeries(patchTexts('test/lint/seed-v6.patch.gz'));

/** `iommu.c 14 -1961`: file, line, offset, and fuzz where there is any. */
const said = ({ files }: PatchResult): string[] =>
  files.flatMap(({ file, hunks }) => hunks.map(({ outcome }) => `${file.to!.slice('drivers/iommu/'.length)} ${words(outcome)}`));

const words = (outcome: HunkOutcome): string => {
  if (outcome.kind === 'already') return `already at ${outcome.line}`;
  if (outcome.kind === 'applied') return `${outcome.line} ${outcome.offset}${outcome.fuzz ? ` fuzz ${outcome.fuzz}` : ''}`;
  const { reason, difference } = outcome;
  return difference ? `${reason} at ${difference.line}: ${difference.expected.trim()} | ${difference.found?.trim()}` : reason;
};

const errnos = (tree: KernelTree, errno: string): number =>
  tree.files
    .map((path) => tree.read(path)!.match(new RegExp(`= -${errno};|return -${errno};`, 'g'))?.length ?? 0)
    .reduce((a, b) => a + b, 0);

describe('the seed series', () => {
  const sources = process.env.LINUX_6_1 ?? '/usr/src/linux-source-6.1';

  it.each([['the excerpt', () => excerpts], ...(existsSync(sources) ? [['the whole', () => readTree(sources)] as const] : [])] as const)(
    'changes 14 of its 16 return sites of %s of linux 6.1.192, where GNU patch applies it',
    (_, treeOf) => {
      const tree = treeOf();
      const [result] = applySeries(tree, seedSeries);
      expect(said(result!)).toEqual([
        'amd/iommu.c a line differs at 1800: if (def_domain->type != IOMMU_DOMAIN_IDENTITY) | ',
        'apple-dart.c 522 27',
        'arm/arm-smmu-v3/arm-smmu-v3.c 2477 48',
        'arm/arm-smmu/arm-smmu.c 1150 -17',
        'arm/arm-smmu/qcom_iommu.c 388 7',
        'intel/iommu.c 4285 111',
        'iommu.c 1976 1',
        'iommu.c 2130 15',
        'ipmmu-vmsa.c 628 0',
        'omap-iommu.c 1471 0',
        's390-iommu.c a line differs at 150: rc = -EINVAL; | spin_unlock_irqrestore(&s390_domain->list_lock, flags);',
        'sprd-iommu.c 253 16',
        'tegra-gart.c 112 0',
        'virtio-iommu.c 734 1',
      ]);
      expect(result!.whole).toBe(false);
      expect(errnos(result!.tree, 'EMEDIUMTYPE') - errnos(tree, 'EMEDIUMTYPE')).toBe(14);
    },
  );

  it('is seen to be applied already where it is', () => {
    const [first] = applySeries(excerpts, seedSeries);
    const [again] = applySeries(first!.tree, seedSeries);
    const kinds = (result: PatchResult) => result.files.flatMap(({ hunks }) => hunks.map(({ outcome }) => outcome.kind));
    expect(kinds(again!)).toEqual(kinds(first!).map((kind) => (kind === 'applied' ? 'already' : kind)));
    for (const path of first!.tree.files) expect(again!.tree.read(path)).toBe(first!.tree.read(path));
  });
});

/** Ten lines that say something, and braces that do not. */
const source = (name: string, errno: string): string =>
  `int ${name}_attach_dev(void)\n{\n\tif (${name}_taken)\n\t\treturn -${errno};\n\n\tif (${name}_full)\n\t\treturn -ENOSPC;\n\n\treturn 0;\n}\n`;

describe('a series of git', () => {
  const folder = 'linux/drivers/iommu';
  const commits: string[] = [];
  const steps: [string, () => void][] = [
    ['iommu: Return EINVAL', () => place.write(`${folder}/iommu.c`, source('iommu', 'EINVAL'))],
    ['iommu/sprd: Add', () => place.write(`${folder}/sprd/iommu.c`, source('sprd', 'EBUSY'))],
    [
      'iommu/omap: Move',
      () => {
        git(place.path('linux'), 'mv', 'drivers/iommu/omap-iommu.c', 'drivers/iommu/sprd/omap.c');
        place.write(`${folder}/sprd/omap.c`, source('omap', 'EMEDIUMTYPE'));
      },
    ],
    ['iommu: Set a mode', () => git(place.path('linux'), 'update-index', '--chmod=+x', 'drivers/iommu/iommu.c')],
    [
      'iommu: Name a file in German, and drop a newline',
      () => {
        place.write(`${folder}/größe "x".c`, 'int größe;\n');
        place.write(`${folder}/iommu.c`, source('iommu', 'EINVAL').trimEnd());
      },
    ],
    ['iommu/s390: Remove', () => git(place.path('linux'), 'rm', '--quiet', 'drivers/iommu/s390-iommu.c')],
    ['docs: Not of the IOMMU', () => place.write('linux/include/linux/iommu.h', '/* errnos */\n')],
  ];

  beforeAll(() => {
    for (const name of ['iommu', 'omap-iommu', 's390-iommu']) place.write(`${folder}/${name}.c`, source(name.split('-')[0]!, 'EBUSY'));
    git(place.path('linux'), 'init', '--quiet');
    commits.push(commit(place.path('linux'), 'base'));
    for (const [subject, change] of steps) {
      change();
      git(place.path('linux'), 'add', '--all', ...(subject.includes('mode') ? ['--refresh'] : []));
      git(place.path('linux'), 'commit', '--quiet', '--message', subject);
      commits.push(git(place.path('linux'), 'rev-parse', 'HEAD'));
    }
  });

  it.each([
    ['as it is', []],
    ['without renames', ['--no-renames']],
    ['without context', ['-U0']],
    ['without statistics', ['--no-stat']],
    ['without a/ and b/', ['--no-prefix']],
  ])('%s gives the tree of each commit', (_, options) => {
    const text = git(
      place.path('linux'),
      'format-patch',
      '--stdout',
      '--cover-letter',
      `--base=${commits[0]}`,
      ...options,
      `${commits[0]}..`,
    );
    const series = readSeries([{ name: 'series', text }]);
    expect(series.patches.map(({ number, total, subject }) => [number, total, subject])).toEqual(
      steps.map(([subject], index) => [index + 1, steps.length, subject]),
    );
    expect(series.baseCommit).toBe(commits[0]);
    expect(series.notes).toEqual([]);
    const results = applySeries(treeAtCommit(place.path('linux'), series.baseCommit!)!, series);
    for (const [index, result] of results.entries()) {
      const tree = readTree(place.path(`linux@${commits[index + 1]}`));
      expect(result.whole).toBe(true);
      expect(result.tree.files).toEqual(tree.files);
      for (const path of [...tree.files, 'include/linux/iommu.h']) expect(result.tree.read(path)).toBe(tree.read(path));
    }
  });

  it('is there already on its last tree', () => {
    const text = git(place.path('linux'), 'format-patch', '--stdout', `${commits[0]}..${commits[4]}`);
    const [first, ...rest] = applySeries(readTree(place.path(`linux@${commits[4]}`)), readSeries([{ name: 'series', text }]));
    expect(said(first!)).toEqual(['iommu.c already at 1']);
    expect(rest.map(({ whole }) => whole)).toEqual([true, true, true]);
  });
});

const lines = fc.array(fc.constantFrom('{', '}', '', '\treturn 0;', '\tret = -EINVAL;', 'a', 'b'), { maxLength: 30 });
const text = fc.tuple(lines, fc.boolean()).map(([all, newline]) => all.join('\n') + (newline && all.length > 0 ? '\n' : ''));

const diff = (from: string, to: string, context: number): string => {
  place.write('from', from);
  place.write('to', to);
  return spawnSync('diff', [`-U${context}`, '--label', 'a/f', '--label', 'b/f', 'from', 'to'], { cwd: place.folder, encoding: 'utf8' })
    .stdout;
};

const hunksOf = (printed: string): readonly Hunk[] => readSeries([{ name: 'diff', text: printed }]).patches[0]!.files[0]!.hunks;

describe('a hunk', () => {
  const inLine = (line: number): string => `@@ -${line},3 +${line},3 @@\n {\n-a\n+b\n }\n`;
  const same = '{\na\n}\n';

  it.each([
    ['where it says', `x\n${same}${same}`, inLine(5), '5 0', `x\n${same}{\nb\n}\n`],
    ['nearest to it', `x\n${same}x\nx\n${same}`, inLine(6), '7 1', `x\n${same}x\nx\n{\nb\n}\n`],
    ['below, where both are as near', `x\n${same}x\n${same}`, inLine(4), '6 2', `x\n${same}x\n{\nb\n}\n`],
    [
      'as far off as the one above it',
      `${'x\n'.repeat(5)}1\n2\n${same}${same}${same}`,
      `@@ -1 +1 @@\n-1\n+one\n${inLine(6)}`,
      '6 5, 11 5',
      `${'x\n'.repeat(5)}one\n2\n${same}{\nb\n}\n${same}`,
    ],
    [
      'behind one that is there already',
      `1\n2\n3\n${same}${same}`,
      `@@ -1,2 +1,4 @@\n 1\n+2\n+3\n {\n${inLine(5)}`,
      'already at 1, 7 2',
      `1\n2\n3\n${same}{\nb\n}\n`,
    ],
    ['nowhere, where what it makes is nearer than what it replaces', `{\nb\n}\n${same}`, inLine(1), 'already at 1', `{\nb\n}\n${same}`],
    ['where it can remove something', `{\n}\n${same}`, '@@ -1,3 +1,2 @@\n {\n-a\n }\n', '3 2', '{\n}\n{\n}\n'],
    ['on a last line without a newline', '{\na\n}', inLine(1), '1 0', '{\nb\n}'],
  ])('goes %s', (_, from, hunks, outcomes, to) => {
    const { text, results } = applyHunks(from, hunksOf(`--- a/f\n+++ b/f\n${hunks}`));
    expect(results.map(({ outcome }) => words(outcome)).join(', ')).toBe(outcomes);
    expect(text).toBe(to);
  });

  it('says in how many places it fits as well', () => {
    const places = [`x\n${same}`, `x\n${same}${same}`].map(
      (text) => applyHunks(text, hunksOf(`--- a/f\n+++ b/f\n${inLine(2)}`)).results[0]!.outcome,
    );
    expect(places).toEqual([1, 2].map((count) => ({ kind: 'applied', line: 2, offset: 0, fuzz: 0, places: count })));
  });
});

const isThere = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

describe.skipIf(!isThere('diff') || !isThere('patch'))('hunks', () => {
  it('of a diff make the second text of the first', () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 4 }), (from, to, context) => {
        fc.pre(from !== to);
        const applied = applyHunks(from, hunksOf(diff(from, to, context)));
        expect(applied.text).toBe(to);
        for (const { outcome } of applied.results) expect(outcome).toMatchObject({ kind: 'applied', offset: 0, fuzz: 0 });
      }),
      { seed, numRuns: 150 },
    );
  });

  /** What `patch -F2` makes of a text that changed meanwhile; null where it suspects that the patch was applied before. */
  const patched = (from: string, printed: string): { text: string; said: string } | null => {
    place.write('f', from);
    const args = ['--forward', '--batch', '-F2', '-p1', '--reject-file=-', '--no-backup-if-mismatch', '--verbose', '--output=made', 'f'];
    const { stdout } = spawnSync('patch', args, { cwd: place.folder, input: printed, encoding: 'utf8' });
    if (/previously applied|Reversed/.test(stdout)) return null;
    const hunkLines = stdout.match(/^Hunk #\d+ (succeeded|FAILED) at \d+( with fuzz \d)?/gm) ?? [];
    return { text: readFileSync(place.path('made'), 'utf8'), said: hunkLines.map((line) => line.replace(/^Hunk #\d+ /, '')).join('\n') };
  };

  const inWordsOfPatch = (outcome: HunkOutcome): string => {
    if (outcome.kind !== 'applied') return outcome.kind;
    return `succeeded at ${outcome.line}${outcome.fuzz ? ` with fuzz ${outcome.fuzz}` : ''}`;
  };

  /** GNU patch ignores all of a hunk's context where it has two lines at most, and puts what is added anywhere. */
  const isBlind = ({ lines }: Hunk): boolean =>
    lines.every(({ mark }) => mark !== '-') && !/^ {3}| {3}$/.test(lines.map(({ mark }) => mark).join(''));

  it('are found where GNU patch finds them', () => {
    let compared = 0;
    const change = fc.record({ at: fc.nat(30), removed: fc.nat(2), added: lines.filter(({ length }) => length < 4) });
    fc.assert(
      fc.property(text, text, fc.array(change, { minLength: 1, maxLength: 3 }), (from, to, changes) => {
        fc.pre(from !== to && from !== '' && to !== '' && from.endsWith('\n') && to.endsWith('\n'));
        const printed = diff(from, to, 3);
        const other = from.trimEnd().split('\n');
        for (const { at, removed, added } of changes) other.splice(at, removed, ...added);
        const theirs = patched(`${other.join('\n')}\n`, printed);
        const ours = applyHunks(`${other.join('\n')}\n`, hunksOf(printed));
        fc.pre(!hunksOf(printed).some(isBlind));
        if (theirs === null || ours.results.some(({ outcome }) => outcome.kind === 'already')) return;
        compared += 1;
        const outcomes = ours.results.map(({ outcome }) => inWordsOfPatch(outcome).replace('failed', 'FAILED'));
        expect(outcomes.join('\n')).toBe(theirs.said.replaceAll(/FAILED at \d+/g, 'FAILED'));
        expect(ours.text).toBe(theirs.text);
      }),
      { seed, numRuns: 200 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});
