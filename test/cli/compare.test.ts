// `attachlab compare`: sides as they are written, what is refused, the folder of scenarios, text, JSON and exit codes.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { command } from '../../src/cli/commands/compare.ts';
import { parseSide, printSide } from '../../src/cli/sides.ts';
import { called } from '../support/called.ts';
import { machine, scenarioText } from '../support/commandLine.ts';

const patience = { timeout: 120_000 };
const folder = mkdtempSync(join(tmpdir(), 'attachlab-compare-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

mkdirSync(join(folder, 'own'));
file('machine.yaml', machine);
file('own/good.yaml', scenarioText.replace('machine.yaml', '../machine.yaml'));
const overlay = file('series.yaml', 'from: 6.12.y\nname: series\ntitle: an errno rule\ncontinue: {vfio-type1: [EINVAL]}\n');

const rules = 'rows: {arm-smmu-v3-foreign-smmu: {errno: EINVAL}, s390-dma-range-mismatch: {remove: true}}\n';
const patch = file('patch.yaml', `from: 6.1.y\nname: patch\n${rules}`);

describe('a side', () => {
  it.each([
    ['vfio-type1@6.1.y', 'vfio-type1@6.1.y'],
    ['6.1.y', 'vfio-type1@6.1.y'],
    ['@6.1.y+seed-v6', 'vfio-type1@6.1.y+seed-v6'],
    ['iommufd-auto', 'iommufd-auto@6.12.y'],
    ['@my-overlay.yaml', 'vfio-type1@my-overlay.yaml'],
    ['my-overlay.yaml', 'vfio-type1@my-overlay.yaml'],
    ['./mine.ts@6.1.y', './mine.ts@6.1.y'],
    ['./mine.ts', './mine.ts@6.12.y'],
    [',continue-on=any', 'vfio-type1@6.12.y,continue-on=any'],
    ['vfio-type1@6.1.y,continue-on=-einval+EBUSY', 'vfio-type1@6.1.y,continue-on=EINVAL+EBUSY'],
    ['iommufd-auto@6.12.y,contract=einval-exclusive', 'iommufd-auto@6.12.y,contract=einval-exclusive'],
    ['6.1.y,contract=interim,continue-on=ENXIO', 'vfio-type1@6.1.y,continue-on=ENXIO,contract=interim'],
  ])('%s is %s', (text, whole) => {
    expect(printSide(parseSide(text))).toBe(whole);
    expect(parseSide(whole)).toEqual(parseSide(text));
  });

  it.each([
    ['6.1.y', 'iommufd-auto@6.1.y'],
    ['retry-any', 'retry-any@series.yaml'],
    [',continue-on=ENXIO', 'iommufd-auto@series.yaml,continue-on=ENXIO'],
  ])('%s takes caller and kernel of the first, and no rule', (text, whole) => {
    expect(printSide(parseSide(text, parseSide('iommufd-auto@series.yaml,contract=interim')))).toBe(whole);
  });
});

describe('a bad side', () => {
  it.each([
    ['', 'side "": expected CALLER@KERNEL, a caller, a kernel or an overlay file, found ""'],
    ['vfio-typ1', 'expected CALLER@KERNEL, a caller, a kernel or an overlay file, found "vfio-typ1"; did you mean vfio-type1?'],
    ['vfio-typ1@6.1.y', 'or a .ts file, found "vfio-typ1"; did you mean vfio-type1?'],
    ['vfio-type1@6.21.y', 'expected a kernel (6.1.y, 6.1.y+seed-v6, 6.12.y) or an overlay file, found "6.21.y"; did you mean 6.1.y?'],
    ['vfio-type1@', 'expected a kernel (6.1.y, 6.1.y+seed-v6, 6.12.y) or an overlay file, found ""'],
    ['vfio-type1@mine.ts', 'or an overlay file, found "mine.ts"'],
    ['my.yaml@6.1.y', 'or a .ts file, found "my.yaml"'],
    ['6.1.y,continu-on=EINVAL', 'expected continue-on=ERRNO+ERRNO or contract=NAME after a comma, found "continu-on=EINVAL"'],
    ['6.1.y,EINVAL', 'after a comma, found "EINVAL"'],
    ['6.1.y,', 'after a comma, found ""'],
    ['6.1.y,continue-on=EINVAL,EBUSY', 'expected continue-on=ERRNO+ERRNO or contract=NAME after a comma, found "EBUSY"'],
    ['6.1.y,continue-on=EINVL', 'continue-on takes any, or errnos such as EINVAL+ENOMEM; found "EINVL"; did you mean EINVAL?'],
    ['6.1.y,continue-on=', 'continue-on takes any, or errnos such as EINVAL+ENOMEM; found ""'],
    ['6.1.y,contract=einval-exclusiv', 'found "einval-exclusiv"; did you mean einval-exclusive?'],
    ['6.1.y,continue-on=EIO,continue-on=any', 'expected continue-on= once, found "continue-on=EIO,continue-on=any"'],
    ['@missing.yaml', 'no overlay file is at missing.yaml'],
    ['missing.ts', 'no caller file is at missing.ts'],
    ['iommufd-auto@6.1.y', 'iommufd-auto on 6.1.y: n/a, iommufd was merged in v6.2'],
  ])('%j is refused', async (side, message) => {
    await expect(called(command, [side, '6.12.y'])).rejects.toThrow(message);
    await expect(called(command, ['vfio-type1@6.12.y', side])).rejects.toThrow(message);
  });

  it.each([
    ['nowhere', 'expected a folder of scenario files, found no folder at nowhere'],
    [overlay, `found no folder at ${overlay}`],
    [mkdtempSync(join(folder, 'empty-')), 'expected a folder of scenario files, found none (.yaml, .yml, .json) in '],
  ])('--over %s is refused', async (over, message) => {
    await expect(called(command, ['6.1.y', '6.12.y', '--over', over])).rejects.toThrow(message);
  });
});

const lines = (text: string): string[] => text.trimEnd().split('\n');
const works = 'now works: a request that returned an errno succeeds';
const wide = (text: string): string[] => lines(text).filter((line) => line.length > 75);

describe('what is printed', () => {
  it.each([
    [['6.12.y', `@${overlay}`, '--all'], 1, '83 rows and 35 scenarios compared; 73 and 4 could not be (why: --all)'],
    [['iommufd-hwpt', 'iommufd-auto'], 3, '0 rows and 0 scenarios compared; 174 and 39 could not be (why: --all)'],
    [['vfio-type1-seed@6.1.y', '6.1.y+seed-v6', '--all'], 1, '90 rows and 35 scenarios compared; 66 and 4 could not be (why: --all)'],
  ] as const)('for %j ends with the counts, and keeps to 75 columns', patience, async (argv, code, last) => {
    const said = await called(command, argv);
    expect([said.code, lines(said.out).at(-1)]).toEqual([code, last]);
    expect(wide(said.out)).toEqual([]);
  });

  it('is one sentence where nothing differs', patience, async () => {
    const { out, code } = await called(command, ['vhost-vdpa', ',continue-on=EINVAL']);
    expect(code).toBe(0);
    expect(lines(out).slice(-3)[0]).toBe('no difference');
    expect(out).not.toContain('now ');
  });

  it('of a patch is what its rows change', patience, async () => {
    const rule = 'continue-on=EINVAL';
    const { out } = await called(command, [`6.1.y,${rule}`, `@${patch},${rule}`, '--over', join(folder, 'own')]);
    expect(lines(out).slice(lines(out).indexOf(works), -2)).toEqual([
      works,
      '  incompatible, on an existing domain',
      '    arm-smmu-v3  arm-smmu-v3-foreign-smmu  -ENXIO',
      'now shares: fewer domains in a container than before',
      '  incompatible, on an existing domain',
      '    s390  s390-dma-range-mismatch  2 -> 1',
    ]);
  });

  it('as JSON is one document with every row, and nothing else', patience, async () => {
    const argv = ['vfio-type1@6.12.y', ',continue-on=EINVAL', '--over', join(folder, 'own'), '--json'];
    const { out, code } = await called(command, argv);
    const found = JSON.parse(out);
    expect(code).toBe(1);
    expect(found).toMatchObject({
      kind: 'compare',
      version: 1,
      sides: { from: 'vfio-type1@6.12.y', to: 'vfio-type1@6.12.y,continue-on=EINVAL' },
      from: { kernel: '6.12.y', caller: 'vfio-type1', contract: null, title: 'linux 6.12.117', continueOn: 'any', hypothetical: null },
      to: { continueOn: ['EINVAL'] },
      scenarios: ['good'],
      uncompared: [],
    });
    expect(found.differences[0]).toEqual({
      row: { owner: 's390', row: 's390-ioat-register', class: 'device', situation: 'existing' },
      scenario: null,
      kind: 'fails',
      subject: 'attach 2',
      from: 'OK',
      to: 'EIO',
    });
    expect(found.rows).toHaveLength(156);
    expect(found.rows[0]).toEqual({
      owner: 'amd',
      row: 'amd-dirty-tracking-unsupported',
      class: 'incompatible',
      cases: [],
      scenarios: [],
      reason: 'no machine was found on which an attach meets it',
    });
  });
});
