// The matrix as text: one line a caller and kernel, what the ioctl returned, how many domains there are, and what the cell rests on.
import type { Cell } from '../core/cell.ts';
import { columnsMax, errnoText, table, wrap } from './text.ts';

const domainsText = (domains: Cell['domains']): string => {
  const counts = Object.values(domains);
  return counts.length === 1
    ? String(counts[0])
    : Object.entries(domains)
        .map(([id, count]) => `${id} ${count}`)
        .join(', ');
};

const mark = (cell: Cell): string => (cell.expected === false ? 'NOT AS EXPECTED' : cell.findings.join(', '));

export const cellRow = (cell: Cell): string[] => {
  const where = `${cell.caller} on ${cell.kernel}`;
  if (cell.absent !== null) return [where, 'n/a', '', '', ''];
  return [where, errnoText(cell.result ?? ''), domainsText(cell.domains), cell.evidence ?? '', mark(cell)];
};

const header = ['caller', 'ioctl', 'domains', 'evidence', 'findings'];

/** More containers than this are summed in the table, with the counts below the row. */
const containersMax = 2;

const total = ({ domains }: Cell): string => String(Object.values(domains).reduce((sum, count) => sum + count, 0));
const isSummed = (cell: Cell): boolean => cell.absent === null && Object.keys(cell.domains).length > containersMax;

const narrowRow = (cell: Cell): string[] => cellRow(cell).map((text, index) => (index === 2 && isSummed(cell) ? total(cell) : text));

/** What a row finds stands in its line where that fits every row, else below it. */
const cellTable = (cells: readonly Cell[]): string => {
  const rows = cells.map(narrowRow);
  const whole = table([header, ...rows]).split('\n');
  const beside = whole.every((line) => line.length <= columnsMax);
  const lines = beside ? whole : table([header, ...rows].map((row) => row.slice(0, -1))).split('\n');
  const below = (cell: Cell): string[] => [
    ...(isSummed(cell) ? [wrap(`    domains: ${domainsText(cell.domains)}`, '      ')] : []),
    ...(beside || cell.absent !== null || mark(cell) === '' ? [] : [wrap(`    ${mark(cell)}`, '      ')]),
  ];
  return [lines[0]!, ...cells.flatMap((cell, index) => [lines[index + 1]!, ...below(cell)])].join('\n');
};

export const printMatrix = (cells: readonly Cell[]): string => {
  const absent = [
    ...new Set(cells.flatMap((cell) => (cell.absent === null ? [] : [`n/a: ${cell.caller} on ${cell.kernel}: ${cell.absent}`]))),
  ];
  const hypothetical = [
    ...new Set(
      cells.flatMap((cell) => (cell.hypothetical === null ? [] : [`hypothetical: ${cell.caller} on ${cell.kernel}: ${cell.hypothetical}`])),
    ),
  ];
  const problems = cells.flatMap((cell) => cell.problems.map((problem) => `${cell.caller} on ${cell.kernel}: ${problem}`));
  return [cellTable(cells), ...[...absent, ...hypothetical, ...problems].map((line) => wrap(line, '  '))].join('\n');
};
