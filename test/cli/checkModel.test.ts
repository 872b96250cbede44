// `lint-kernel --check-model` and the file it writes, on the command line: counts, both texts, exit codes; and what `--checked` marks.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command as explore } from '../../src/cli/commands/explore.ts';
import { command as lintKernel } from '../../src/cli/commands/lintKernel.ts';
import { command as matrix } from '../../src/cli/commands/matrix.ts';
import { command as run } from '../../src/cli/commands/run.ts';
import { conformReport } from '../../src/cli/conformed.ts';
import type { KeptCheck } from '../../src/core/checkedModel.ts';
import { Failure } from '../../src/core/failure.ts';
import { called } from '../support/called.ts';
import { openBench } from '../support/commandLine.ts';
import { excerpts } from '../support/modelExcerpts.ts';
import { eventsOfPhase, phaseOf } from '../support/recorded.ts';

const bench = openBench('check-model');
const scenario = 'scenarios/omap-single-device.yaml';

/** The excerpts under a name, with one errno of OMAP changed. */
const busyTree = (): string => {
  const tree = join(bench.folder, 'busy');
  cpSync(excerpts, tree, { recursive: true });
  const file = join(tree, 'drivers/iommu/omap-iommu.c');
  writeFileSync(file, readFileSync(file, 'utf8').replace('ret = -EINVAL;', 'ret = -EBUSY;'));
  return tree;
};

const tree = busyTree();
const kept = bench.file('kept.json');
const check = (...argv: string[]) => called(lintKernel, [tree, '--check-model', '--kernel', '6.12.y', ...argv]);
const refusal = async (run: Promise<unknown>): Promise<string> => {
  const failure = await run.catch((error: unknown) => error);
  if (!(failure instanceof Failure)) throw failure;
  return failure.message.replaceAll(bench.folder, '');
};

const ours = 'omap_iommu_attach_dev(): omap_domain->dev: returns -EINVAL, prints "dev_err: iommu domain is already attached"';
const yours = ours.replace('EINVAL', 'EBUSY');
const mark = `not valid for your tree: omap-domain-in-use: ours ${ours}; yours ${yours}`;
const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

describe('lint-kernel --check-model', () => {
  it('says that all of a driver is the same', async () => {
    const { out, code } = await called(lintKernel, [excerpts, '--check-model', '--kernel', '6.12.y', '--driver', 'sprd']);
    expect(code).toBe(0);
    expect(out).toBe(`${excerpts} against the model of 6.12.y: as asked for
        same  moved  not understood  changed  gone
  sprd     7      0               0        0     0
  all      7      0               0        0     0

order of allocations: 1 of 1 operation the same
`);
  });

  it('shows both texts of what changed, and keeps them', async () => {
    const { out, code } = await check('--driver', 'omap', '--write', kept);
    expect(code).toBe(1);
    expect(out).toContain(`
changed
  omap-domain-in-use
    errno
      ours   omap_iommu_attach_dev(): omap_domain->dev: returns -EINVAL,
             prints "dev_err: iommu domain is already attached"
      yours  omap_iommu_attach_dev(): omap_domain->dev: returns -EBUSY,
             prints "dev_err: iommu domain is already attached"
`);
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(75);
    const file = JSON.parse(readFileSync(kept, 'utf8')) as KeptCheck;
    expect([file.kind, file.schema, file.kernel, file.rows.length]).toEqual(['attachlab checked model', 1, '6.12.y', 7]);
    expect(file.rows[0]).toEqual({ row: 'omap-domain-in-use', status: 'changed', ours, yours });
  });

  it('gives all as JSON', async () => {
    const { out } = await check('--driver', 'omap', '--json');
    const found = JSON.parse(out);
    expect([found.kind, found.version, found.kernel, found.rows.length]).toEqual(['lint-kernel-check-model', 1, '6.12.y', 17]);
  });

  it.each<[string, string[], string]>([
    ['another kernel', ['--kernel', '6.2.y'], 'expected a kernel of the model (6.1.y, 6.1.y+seed-v6, 6.12.y), found 6.2.y'],
    ['an owner that is near', ['--driver', 'omapp'], 'expected whose rows to check, found omapp\nDid you mean omap?'],
    ['a second question', ['--diff', excerpts], 'expected one question, found --diff and --check-model'],
    ['a file that cannot be written', ['--write', bench.folder], 'cannot write there: EISDIR'],
  ])('refuses %s', async (_, argv, message) => {
    expect(await refusal(check(...argv))).toContain(message);
  });

  it.each(['--kernel', '--write'])('refuses %s without the question', async (flag) => {
    expect(await refusal(called(lintKernel, [tree, flag, '6.12.y']))).toContain(`${flag} goes with --check-model`);
  });
});

describe('--checked', () => {
  const flags = ['--kernel', '6.12.y', '--caller', 'vfio-type1-seed', '--checked', kept];

  it('marks findings of a run, and changes nothing else', async () => {
    const { out, code } = await called(run, [scenario, ...flags, '--no-store']);
    const plain = await called(run, [scenario, ...flags.slice(0, 4), '--no-store']);
    expect(oneLine(out)).toContain(oneLine(`(linux 6.12.117)\n${mark} look:`));
    expect(oneLine(out)).toContain('(model of 6.12.y): 4 findings rest on what is not the same there');
    expect(code).toBe(plain.code);
    const [marked, bare] = await Promise.all(
      [flags, flags.slice(0, 4)].map(async (argv) => JSON.parse((await called(run, [scenario, ...argv, '--no-store', '--json'])).out)),
    );
    expect(marked.findings.map(({ notValid }: { notValid?: string[] }) => notValid?.[0] === mark)).toEqual([true, true, true, true]);
    expect(marked.findings.map(({ notValid, ...rest }: { notValid?: string[] }) => rest)).toEqual(bare.findings);
  });

  it.each([
    ['changed', 'not valid for your tree: the search of vfio-type1-seed: ours stops; yours goes on'],
    ['unclear', 'not understood in your tree: the search of vfio-type1-seed: goes on'],
  ])('marks findings that a search made whose rule is %s', async (status, said) => {
    const rule = { caller: 'vfio-type1-seed', status, ours: 'stops', yours: 'goes on' };
    const text = JSON.stringify({ kind: 'attachlab checked model', schema: 1, tree: 'mine', kernel: '6.12.y', rows: [], rules: [rule] });
    const file = bench.file('rules.json', text);
    const { out } = await called(run, [scenario, ...flags.slice(0, 5), file, '--no-store', '--json']);
    const marks = JSON.parse(out).findings.map(({ notValid }: { notValid?: string[] }) => notValid);
    expect(marks).toEqual([[said], [said], [said], [said]]);
  });

  it('marks cells of a matrix, those of its kernel only', async () => {
    const { out } = await called(matrix, [scenario, '--caller', 'vfio-type1', '--kernel', '6.1.y', '6.12.y', '--checked', kept]);
    expect(oneLine(out)).toContain(`cells of 6.12.y are checked with ${tree}`);
    expect(oneLine(out)).toContain(oneLine(`vfio-type1 on 6.12.y: ${mark}`));
    expect(out).not.toContain('vfio-type1 on 6.1.y: not valid');
  });

  it('marks counterexamples, of a matrix of searches too', async () => {
    const one = await called(explore, [scenario, ...flags, '--faults', '0']);
    expect(oneLine(one.out)).toContain(oneLine(mark));
    expect(oneLine(one.out)).toContain('counterexamples rest on what is not the same there');
    const cells = await called(matrix, [scenario, ...flags, '--explore', '--faults', '0', '--json']);
    expect(JSON.parse(cells.out).cells[0].notValid).toContain(mark);
  });

  it('marks rows that the model met in a call of a recording that differs', async () => {
    const phase = await phaseOf('6.12-x86_64-intel-conc', 'conc_pairs');
    const at = phase.tokens.findIndex((token) => token.kind === 'line' && token.name === 'r_iommu_group_claim_dma_owner');
    const tokens = phase.tokens.map((token, index) =>
      index === at && token.kind === 'line' ? { ...token, text: token.text.replace('ret=0', 'ret=-16') } : token,
    );
    const row = { row: 'core-claim-group-owned', status: 'gone' as const, ours: 'a check', yours: 'it is not there' };
    const other = { ...row, row: 'omap-domain-in-use' };
    const check: KeptCheck = { kind: 'attachlab checked model', schema: 1, tree: 'mine', kernel: '6.12.y', rows: [row, other], rules: [] };
    const read = { facts: phase.facts, nearest: { profile: '6.12.y', isExact: true } };
    const report = conformReport(read as Parameters<typeof conformReport>[0], eventsOfPhase(phase, tokens), check);
    expect(report.mismatches.map(({ notValid }) => notValid)).toEqual([
      ['not valid for your tree: core-claim-group-owned: ours a check; yours it is not there'],
    ]);
  });

  it.each<[string, string, string]>([
    ['no JSON', '{', 'expected JSON, found something else'],
    ['another document', '{"kind": "matrix"}', 'expected a checked model, found another JSON document'],
    ['a newer schema', '{"kind": "attachlab checked model", "schema": 2}', 'expected schema 1, found 2'],
    [
      'damaged rows',
      '{"kind": "attachlab checked model", "schema": 1, "tree": "t", "kernel": "6.12.y", "rows": [{}], "rules": []}',
      'expected a tree, a kernel, rows and rules; some are missing or damaged',
    ],
    [
      'another kernel',
      '{"kind": "attachlab checked model", "schema": 1, "tree": "linux", "kernel": "6.1.y", "rows": [], "rules": []}',
      'expected a tree checked with the model of 6.12.y, found linux checked with 6.1.y\nattachlab lint-kernel linux --check-model --kernel 6.12.y --write',
    ],
  ])('refuses %s', async (_, text, message) => {
    const file = bench.file('other.json', text);
    for (const command of [run, explore, matrix])
      expect(await refusal(called(command, [scenario, '--kernel', '6.12.y', '--checked', file]))).toContain(message);
  });

  it('refuses a file that is not there, and standard input', async () => {
    expect(await refusal(called(run, [scenario, '--checked', join(bench.folder, 'none.json')]))).toContain('expected a file, found ENOENT');
    expect(await refusal(called(run, ['-', '--checked', kept]))).toContain('--checked goes with a scenario');
  });
});
