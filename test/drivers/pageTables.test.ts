// Which page-table pages a mapping needs: counted by hand for tables of four levels, 9 bits each, with 4 KiB pages.
import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/core/conditions.ts';
import { missingTables, withoutTables, withTables } from '../../src/drivers/pageTables.ts';

const geometry = { levels: 4, bitsPerLevel: 9, pageBits: 12 };
const [KiB, MiB, GiB] = [2 ** 10, 2 ** 20, 2 ** 30];

interface Mapping {
  iova: number;
  size: number;
  tables?: Value;
  superpages?: boolean;
}

const readOf =
  ({ iova, size, tables = {}, superpages = false }: Mapping) =>
  (path: string): Value =>
    ({ 'mapping.iova': iova, 'mapping.size': size, 'domain.tables': tables, 'domain.superpages': superpages, 'domain.levels': 3 })[path] ??
    null;

describe('tables of a mapping', () => {
  it.each<[string, Mapping, number, Value]>([
    ['one page in an empty domain', { iova: 0, size: 4 * KiB }, 3, { '3:0': 1, '2:0': 1, '1:0': 1 }],
    ['a page beside it', { iova: 4 * KiB, size: 4 * KiB, tables: { '3:0': 1, '2:0': 1, '1:0': 1 } }, 0, { '3:0': 1, '2:0': 1, '1:0': 1 }],
    [
      'a page in the next gigabyte',
      { iova: GiB, size: 4 * KiB, tables: { '3:0': 1, '2:0': 1, '1:0': 1 } },
      2,
      { '3:0': 1, '2:0': 2, '1:0': 1, '1:512': 1 },
    ],
    ['two pages across a border of 2 MiB', { iova: 2 * MiB - 4 * KiB, size: 8 * KiB }, 4, { '3:0': 1, '2:0': 1, '1:0': 2 }],
    ['a gigabyte of small pages', { iova: 0, size: GiB }, 514, { '3:0': 1, '2:0': 1, '1:0': 512 }],
    ['a gigabyte of big pages', { iova: 0, size: GiB, superpages: true }, 1, { '3:0': 1 }],
    ['a gigabyte of big pages, off by 2 MiB', { iova: 2 * MiB, size: GiB, superpages: true }, 3, { '3:0': 1, '2:0': 2 }],
    ['big pages between ragged ends', { iova: 4 * KiB, size: 4 * MiB, superpages: true }, 4, { '3:0': 1, '2:0': 1, '1:0': 1, '1:2': 1 }],
    ['small pages where big ones are allowed', { iova: 4 * KiB, size: 4 * KiB, superpages: true }, 3, { '3:0': 1, '2:0': 1, '1:0': 1 }],
    [
      'the gap between two runs',
      { iova: 2 * MiB, size: 2 * MiB, tables: { '3:0': 1, '2:0': 1, '1:0': 1, '1:2': 1 } },
      1,
      { '3:0': 1, '2:0': 1, '1:0': 3 },
    ],
    ['above 2^47', { iova: 2 ** 47, size: 4 * KiB }, 3, { '3:256': 1, '2:131072': 1, '1:67108864': 1 }],
  ])('%s', (_, mapping, missing, after) => {
    expect(missingTables(geometry).compute(readOf(mapping))).toBe(missing);
    expect(withTables(geometry).compute(readOf(mapping))).toEqual(after);
  });

  it('has a level less where an attribute says so', () => {
    const shallow = { ...geometry, levels: 'domain.levels' };
    expect(missingTables(shallow).compute(readOf({ iova: 0, size: 4 * KiB }))).toBe(2);
    expect(missingTables(shallow).reads).toContain('domain.levels');
  });
});

describe('tables after an unmapping', () => {
  const tables = { '3:0': 1, '2:0': 2, '1:0': 600 };
  it.each<[string, Mapping, Value]>([
    ['a page frees nothing', { iova: 0, size: 4 * KiB, tables }, tables],
    ['2 MiB free one table amid a run', { iova: 2 * MiB, size: 2 * MiB, tables }, { '3:0': 1, '2:0': 2, '1:0': 1, '1:2': 598 }],
    ['a gigabyte frees its whole subtree', { iova: 0, size: GiB, tables }, { '3:0': 1, '2:1': 1, '1:512': 88 }],
    ['all of the first entry frees all', { iova: 0, size: 512 * GiB, tables }, {}],
  ])('%s', (_, mapping, after) => {
    expect(withoutTables(geometry).compute(readOf(mapping))).toEqual(after);
  });
});
