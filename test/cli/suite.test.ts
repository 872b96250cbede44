// `suite`: the project's own scenarios with exact counts, and a folder in which everything can go wrong; exit code by the gravest outcome.
import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { command } from '../../src/cli/commands/suite.ts';
import type { Counts, SuiteEntry } from '../../src/core/suite.ts';
import { called } from '../support/called.ts';
import { brokenFile, openSuite } from '../support/suiteFolder.ts';

const patience = { timeout: 60_000 };
const { attachlab, folder, file } = openSuite('suite');

interface Answer {
  readonly kind: string;
  readonly version: number;
  readonly counts: Counts;
  readonly entries: readonly SuiteEntry[];
}

const answered = async (...argv: readonly string[]): Promise<Answer & { code: number }> => {
  const { out, code } = await called(command, [...argv, '--json']);
  return { ...(JSON.parse(out) as Answer), code };
};

describe("the project's scenarios", () => {
  it('come out as they expect, and what never was in one tree is skipped', patience, async () => {
    const { code, kind, version, counts, entries } = await answered('scenarios');
    expect([code, kind, version, entries.length]).toEqual([0, 'suite', 1, 39]);
    expect(counts).toEqual({ ok: 282, 'not ok': 0, inconclusive: 0, skipped: 150 });
    expect(entries.map((entry) => entry.file)).toEqual(entries.map(({ name }) => `${name}.yaml`).sort());
  });

  it('are judged under the kernels and callers that are asked for', patience, async () => {
    const { code, entries } = await answered('scenarios', '--kernel', '6.12.y', '--caller', 'vfio-type1', 'vhost-vdpa');
    expect(code).toBe(0);
    expect(entries.every(({ tests }) => tests.length === 2)).toBe(true);
    const tegra = entries.find(({ name }) => name === 'tegra-gart-single-aperture')!;
    const gone = 'no driver tegra-gart: the driver was removed before 6.12';
    expect(tegra.tests.map(({ outcome, reasons }) => [outcome, reasons])).toEqual([
      ['skipped', [gone]],
      ['skipped', [gone]],
    ]);
    const tracking = entries.find(({ name }) => name === 'amd-dirty-tracking')!;
    expect(tracking.tests[0]!.reasons).toEqual(['vfio-type1 does not know every request of the script']);
  });

  it('come to nothing where nothing is expected, and the exit code says so', patience, async () => {
    const overlay = 'scenarios/overlays/einval-only.yaml';
    const { out, code } = await called(command, ['scenarios', '--kernel', overlay, '--caller', 'retry-any']);
    expect(code).toBe(3);
    expect(out).toMatch(/^skipped\n/);
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^39 scenarios: 0 ok, 0 not ok, 0 inconclusive, 39 skipped; nothing was judged$/);
  });
});

describe('a folder in which everything can go wrong', () => {
  it('tells what was expected and found, then what is open, what was skipped, and the counts', patience, async () => {
    const { out, code } = await called(command, [folder, '--kernel', '6.1.y', '6.12.y']);
    expect(code).toBe(1);
    expect(out.split('\n').filter((line) => line.length > 75)).toEqual([]);
    const [first, ...rest] = out.split('\nnot ok: claimed');
    const place = `${file(brokenFile)}:9:1: expected a key`;
    const said = first!.replaceAll(/\s+/g, '');
    expect(said.startsWith(`not ok: ${brokenFile}${place}`.replaceAll(' ', ''))).toBe(true);
    expect(said.endsWith('found"frobnicate"Correctthefileattheplacenamed;theJSONSchemainthepackagelistseverykey.')).toBe(true);
    expect(`not ok: claimed${rest.join('')}`.split('\n')).toEqual([
      'not ok: claimed, vfio-type1 on 6.12.y',
      '    claim violated: domains(c0) <= 0',
      'not ok: wrong, vfio-type1 on 6.1.y',
      '    expected results ok, ok, ENOMEM, found ok, ok, ok',
      '    expected 2 domains, found 1',
      'not ok: wrong, vfio-type1 on 6.12.y',
      '    expected results ok, ok, ENOMEM, found ok, ok, ok',
      '    expected 2 domains, found 1',
      'inconclusive: open, vfio-type1 on 6.12.y',
      '    claim never met: domains(c0) >= 4',
      '    a planned fault did not come about: domain_attach_iommu() did not',
      '    allocate under the conditions named',
      'skipped',
      '     1  the scenario expects nothing of it',
      '     1  iommufd was merged in v6.2',
      '6 scenarios: 5 ok, 4 not ok, 1 inconclusive, 2 skipped',
      '',
    ]);
  });

  it('has a folder below it that holds no scenarios, and files that are none', patience, async () => {
    const { entries } = await answered(folder);
    expect(entries.map((entry) => entry.file)).toEqual([brokenFile, 'claimed.yml', 'held.yaml', 'open.yaml', 'sound.json', 'wrong.yaml']);
  });

  it('judges a scenario without expectations only where it runs by itself', patience, async () => {
    const { entries } = await answered(folder, '--kernel', '6.1.y');
    const held = entries.find(({ name }) => name === 'held')!;
    const reasons = ['it expects nothing, and its own kernel and caller are not asked for'];
    expect(held.tests).toEqual([{ kernel: '6.12.y', caller: 'vfio-type1', outcome: 'skipped', reasons }]);
  });
});

describe('the exit code', () => {
  const rows: readonly (readonly [names: readonly string[], code: number])[] = [
    [['held.yaml', 'sound.json'], 0],
    [['held.yaml', 'open.yaml'], 3],
    [['open.yaml', 'wrong.yaml'], 1],
    [['held.yaml', brokenFile], 1],
  ];
  const suites = rows.map(([names, code], index) => [names.join(' and '), code, openSuite(`suite-${index}`, names).folder] as const);
  it.each(suites)('of %s is %i', patience, async (_, code, inside) => {
    expect((await called(command, [inside])).code).toBe(code);
  });
});

describe('bad use', () => {
  it.each([
    [['test'], 'test: expected scenarios (.yaml, .yml or .json) directly in the folder, found none'],
    [['nowhere'], 'nowhere: expected a folder of scenarios, found nothing there'],
    [['README.md'], 'README.md: expected a folder of scenarios, found a file'],
    [['scenarios', '--kernel', '6.12'], 'no kernel is named 6.12; did you mean 6.12.y?'],
    [['scenarios', '--caller', 'vfio'], 'no caller is named vfio'],
    [['scenarios', '--kernel', './none.yaml'], 'no overlay file is at ./none.yaml'],
    [['scenarios', '--json', '--format', 'ktap'], 'expected --json or --format, found both'],
  ])('%s', async (argv, message) => {
    await expect(called(command, argv)).rejects.toThrow(message);
  });

  it('exits 2 and names the formats', patience, async () => {
    const { code, out, err } = await attachlab('suite', '.', '--format', 'xml');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('Allowed choices are text, ktap, junit.');
  });

  it('exits 2 for a folder that holds no scenario', patience, async () => {
    const err =
      'attachlab: state: expected a folder of scenarios, found nothing there\nRun the command with --help to see what it takes.\n';
    expect(await attachlab('suite', 'state')).toEqual({ code: 2, out: '', err });
  });

  it('is a folder that has lost its scenarios', async () => {
    const { folder: emptied, file: inside } = openSuite('suite-emptied', ['held.yaml']);
    rmSync(inside('held.yaml'));
    await expect(called(command, [emptied])).rejects.toMatchObject({ code: 'bad-usage' });
  });
});
