// KTAP of a suite reads back, by a strict reader, with every test, result, reason and number; whatever names and reasons hold.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { command } from '../../src/cli/commands/suite.ts';
import type { SuiteEntry } from '../../src/core/suite.ts';
import { printKtap } from '../../src/report/ktap.ts';
import { called } from '../support/called.ts';
import { readKtap } from '../support/ktap.ts';
import { openSuite } from '../support/suiteFolder.ts';
import { anyEntries } from '../support/suites.ts';

const patience = { timeout: 60_000 };
const { folder } = openSuite('ktap');
const seed = 31;

describe('a suite as KTAP', () => {
  it("is the project's scenarios, each with its cells", patience, async () => {
    const { out, code } = await called(command, ['scenarios', '--format', 'ktap']);
    const tests = readKtap(out);
    const cells = tests.flatMap(({ subtests }) => subtests);
    expect([code, tests.length, cells.length]).toEqual([0, 39, 432]);
    expect(tests.every(({ ok, directive }) => ok && directive === null)).toBe(true);
    expect(cells.filter(({ directive }) => directive === 'SKIP')).toHaveLength(150);
    expect(cells.every(({ ok }) => ok)).toBe(true);
  });

  it('says of every other outcome what it is', patience, async () => {
    const tests = readKtap((await called(command, [folder, '--kernel', '6.12.y', '--format', 'ktap'])).out);
    expect(tests.map(({ ok, name, directive }) => [ok, name, directive])).toEqual([
      [false, '<broken> & _1.yaml', 'ERROR'],
      [false, 'claimed', null],
      [true, 'held', null],
      [false, 'open', null],
      [true, 'sound', null],
      [false, 'wrong', null],
    ]);
    expect(tests[0]!.data).toMatch(/<broken> & #1\.yaml:9:1: expected a key of a scenario .*, found "frobnicate"$/);
    expect(tests[3]!.subtests).toEqual([
      {
        ok: false,
        name: 'vfio-type1 on 6.12.y',
        directive: null,
        data: 'inconclusive: claim never met: domains(c0) >= 4',
        diagnostics: [
          'vfio-type1 on 6.12.y: a planned fault did not come about: domain_attach_iommu() did not allocate under the conditions named',
        ],
        subtests: [],
      },
    ]);
    const wrong = tests[5]!.subtests.find(({ ok }) => !ok)!;
    expect(wrong.diagnostics).toEqual([
      'vfio-type1 on 6.12.y: expected results ok, ok, ENOMEM, found ok, ok, ok',
      'vfio-type1 on 6.12.y: expected 2 domains, found 1',
    ]);
  });

  it('is exactly the nested format', () => {
    const cell = { kernel: '6.12.y', caller: 'vfio-type1' };
    const entries: SuiteEntry[] = [
      { file: 'a.yaml', name: 'a', failure: null, tests: [{ ...cell, outcome: 'skipped', reasons: ['not there'] }] },
      {
        file: 'b.yaml',
        name: 'b',
        failure: null,
        tests: [
          { ...cell, outcome: 'ok', reasons: [] },
          { ...cell, outcome: 'not ok', reasons: ['x'] },
        ],
      },
    ];
    expect(printKtap(entries).split('\n')).toEqual([
      'KTAP version 1',
      '1..2',
      '  KTAP version 1',
      '  1..1',
      '  ok 1 vfio-type1 on 6.12.y # SKIP not there',
      'ok 1 a # SKIP no cell was judged',
      '  KTAP version 1',
      '  1..2',
      '  ok 1 vfio-type1 on 6.12.y',
      '  # vfio-type1 on 6.12.y: x',
      '  not ok 2 vfio-type1 on 6.12.y',
      'not ok 2 b',
    ]);
  });

  it(`reads back whatever its words are (seed ${seed})`, () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const tests = readKtap(`${printKtap(entries)}\n`);
        expect(tests.map(({ subtests }) => subtests.length)).toEqual(entries.map(({ tests: cells }) => cells.length));
        const isWell = ({ failure, tests: cells }: SuiteEntry): boolean =>
          failure === null && cells.every(({ outcome }) => outcome === 'ok' || outcome === 'skipped');
        expect(tests.map(({ ok }) => ok)).toEqual(entries.map(isWell));
      }),
      { seed, numRuns: 300 },
    );
  });
});

describe('the strict reader', () => {
  it.each([
    ['TAP version 13\n1..1\nok 1 a\n', 'a version line'],
    ['KTAP version 1\nok 1 a\n', 'a plan line'],
    ['KTAP version 1\n1..2\nok 1 a\n', 'result 2'],
    ['KTAP version 1\n1..1\nok 1 a\nok 2 b\n', 'the end'],
    ['KTAP version 1\n1..1\nok 2 a\n', 'result 1'],
    ['KTAP version 1\n1..1\nok 1 a # b # c\nunknown\n', 'the end'],
    ['KTAP version 1\n1..1\n  KTAP version 1\n  1..1\n  not ok 1 b\nok 1 a\n', 'a parent that fails'],
    ['KTAP version 1\n1..1\n  KTAP version 1\n  1..1\nok 1 b\nok 1 a\n', 'result 1'],
  ])('refuses %j', (text, wanted) => {
    expect(() => readKtap(text)).toThrow(`expected ${wanted}`);
  });
});
