// The matrix as text: one line a caller and kernel, what the ioctl returned, how many domains there are, and what the cell rests on.
import type { Cell } from '../core/cell.ts';
import { errnoText, table, wrap } from './text.ts';

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

export const printMatrix = (cells: readonly Cell[]): string => {
  const rows = table([header, ...cells.map(cellRow)]);
  const absent = [
    ...new Set(cells.flatMap((cell) => (cell.absent === null ? [] : [`n/a: ${cell.caller} on ${cell.kernel}: ${cell.absent}`]))),
  ];
  const hypothetical = [
    ...new Set(
      cells.flatMap((cell) => (cell.hypothetical === null ? [] : [`hypothetical: ${cell.caller} on ${cell.kernel}: ${cell.hypothetical}`])),
    ),
  ];
  const problems = cells.flatMap((cell) => cell.problems.map((problem) => `${cell.caller} on ${cell.kernel}: ${problem}`));
  return [rows, ...[...absent, ...hypothetical, ...problems].map((line) => wrap(line, '  '))].join('\n');
};
