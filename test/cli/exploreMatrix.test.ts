// `matrix --explore`: exact cells of the headline, what a budget does to a cell, and the exit code by the gravest one.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { command } from '../../src/cli/commands/matrix.ts';
import type { SearchCell } from '../../src/core/searchCell.ts';
import { called } from '../support/called.ts';

const patience = { timeout: 60_000 };
/** More states than a search goes between two looks at its budget. */
const long = 'scenarios/smmuv3-three-instances.yaml';
const headline = 'scenarios/enomem-duplicate-domain.yaml';

const cellsOf = async (...argv: readonly string[]): Promise<{ code: number; cells: readonly SearchCell[]; answer: object }> => {
  const { out, code } = await called(command, [...argv, '--explore', '--json']);
  const { cells, ...answer } = JSON.parse(out) as { cells: SearchCell[] };
  return { code, cells, answer };
};

const claim = 'always domains(c0) <= 1';

/** Caller, kernel, verdict, states, rules with their evidence, violated claims. */
const rows = [
  [
    'vfio-type1',
    '6.1.y',
    'violated',
    7512,
    'duplicate-domain read',
    'freed-domain-recorded read',
    'group-split read',
    'group-stuck-on-blocking read',
    claim,
  ],
  ['vfio-type1', '6.12.y', 'violated', 5202, 'duplicate-domain recorded', claim],
  ['vfio-type1-seed', '6.12.y', 'holds', 3622],
  ['iommufd-auto', '6.12.y', 'holds', 3349],
] as const;

const rowOf = ({ caller, kernel, outcome, states, rules, claims }: SearchCell) => [
  caller,
  kernel,
  outcome,
  states,
  ...rules.map(({ rule, evidence }) => `${rule} ${evidence}`),
  ...claims,
];

describe('matrix --explore', () => {
  it.each(rows)('%s on %s: %s', patience, async (caller, kernel, ...rest) => {
    const { code, cells, answer } = await cellsOf(headline, '--caller', caller, '--kernel', kernel);
    expect(cells.map(rowOf)).toEqual([[caller, kernel, ...rest]]);
    expect(cells[0]!.because).toEqual([]);
    expect(code).toBe(rest[0] === 'violated' ? 1 : 0);
    expect(answer).toMatchObject({ kind: 'explore-matrix', version: 1, scenario: 'enomem-duplicate-domain', bounds: { faults: 1 } });
  });

  it('has no duplicate domain on the seed series, whatever else one failure does there', patience, async () => {
    const { cells } = await cellsOf(headline, '--caller', 'vfio-type1-seed', '--kernel', '6.1.y+seed-v6');
    expect(cells[0]!.rules.map(({ rule }) => rule)).toEqual(['group-split', 'group-stuck-on-blocking']);
    expect(cells[0]!.claims).toEqual([]);
  });

  it('finds nothing where nothing may fail', patience, async () => {
    const { code, cells } = await cellsOf(headline, '--caller', 'vfio-type1', '--kernel', '6.12.y', '--faults', '0');
    expect([code, cells[0]!.outcome]).toEqual([0, 'holds']);
  });

  it('keeps what never was in one tree apart, and marks what is hypothetical', patience, async () => {
    const { code, cells } = await cellsOf(headline, '--caller', 'iommufd-auto', 'vfio-type1-seed', '--kernel', '6.1.y', '--faults', '0');
    expect(cells.map(({ absent, outcome, states }) => [absent, outcome, states])).toEqual([
      ['iommufd was merged in v6.2', null, null],
      [null, 'holds', 549],
    ]);
    expect(cells[1]!.hypothetical).toMatch(/^the series was never merged/);
    expect(code).toBe(0);
  });

  it('is inconclusive where the budget is over before anything is found', patience, async () => {
    const { code, cells } = await cellsOf(long, '--caller', 'iommufd-auto', '--kernel', '6.12.y', '--budget', '1k');
    expect([code, cells[0]!.outcome, cells[0]!.because]).toEqual([3, 'inconclusive', ['stopped at 1000 states']]);
  });

  it('prints each cell in 75 columns, with what was found below it', patience, async () => {
    const { out } = await called(command, [headline, '--explore', '--caller', 'vfio-type1', 'iommufd-auto', '--kernel', '6.12.y']);
    expect(out.split('\n')).toEqual([
      'enomem-duplicate-domain: one failed allocation leaves a second domain',
      'each cell a search: at most 1 failed allocation, all orders; at most 200k',
      '  states a cell',
      'caller                  verdict   states',
      'vfio-type1 on 6.12.y    violated  5,202',
      '    duplicate-domain (recorded)',
      '    claim violated: always domains(c0) <= 1',
      'iommufd-auto on 6.12.y  holds     3,349',
      'not modelled: hardware faults, IOTLB contents, reference counts of files,',
      '  PASID attachments',
      '',
    ]);
  });

  it.each([
    [['--faults', '1'], '--faults bounds a search: it needs --explore'],
    [['--budget', '5M'], '--budget bounds a search: it needs --explore'],
    [['--explore', '--faults', '-1'], '--faults takes a whole number from 0 on, found -1'],
    [['--explore', '--budget', '0'], '--budget takes a time'],
  ])('refuses %j', async (argv, message) => {
    await expect(called(command, [headline, ...argv])).rejects.toThrow(message);
  });
});

describe('a claim without a finding', () => {
  const folder = mkdtempSync(join(tmpdir(), 'attachlab-explore-matrix-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is violated, or never met', patience, async () => {
    const file = join(folder, 'claims.yaml');
    const topology = resolve('scenarios/topologies/q35-intel.yaml');
    const script = `topology: ${topology}\nkernel: 6.12.y\ncaller: vfio-type1\nscript: [{attach: 5}]\n`;
    writeFileSync(file, `name: claims\n${script}claims:\n  - sometimes: domains(c0) == 2\n`);
    const only = ['--caller', 'vfio-type1', '--kernel', '6.12.y'];
    const unmet = await cellsOf(file, ...only);
    expect([unmet.code, unmet.cells[0]!.because]).toEqual([3, ['never met: sometimes domains(c0) == 2']]);
    writeFileSync(file, `name: claims\n${script}claims:\n  - always: domains(c0) == 0\n`);
    const violated = await cellsOf(file, ...only);
    expect([violated.code, violated.cells[0]!.rules, violated.cells[0]!.claims]).toEqual([1, [], ['always domains(c0) == 0']]);
  });
});
