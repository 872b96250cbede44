// The matrix as text: one line a caller and kernel, what the ioctl returned, how many domains there are, and what the cell rests on.
import { errnoText, table, wrap } from './text.ts';

export interface MatrixCell {
  readonly kernel: string;
  readonly caller: string;
  /** Why there is no such cell. */
  readonly absent: string | null;
  readonly hypothetical: string | null;
  readonly result: string | null;
  readonly results: readonly string[];
  /** Domains by container. */
  readonly domains: Readonly<Record<string, number>>;
  readonly findings: readonly string[];
  readonly evidence: string | null;
  /** Null: the scenario expects nothing of this cell. */
  readonly expected: boolean | null;
  readonly problems: readonly string[];
}

const domainsText = (domains: MatrixCell['domains']): string => {
  const counts = Object.values(domains);
  return counts.length === 1
    ? String(counts[0])
    : Object.entries(domains)
        .map(([id, count]) => `${id} ${count}`)
        .join(', ');
};

const mark = (cell: MatrixCell): string => (cell.expected === false ? 'NOT AS EXPECTED' : cell.findings.join(', '));

export const cellRow = (cell: MatrixCell): string[] => {
  const where = `${cell.caller} on ${cell.kernel}`;
  if (cell.absent !== null) return [where, 'n/a', '', '', ''];
  return [where, errnoText(cell.result ?? ''), domainsText(cell.domains), cell.evidence ?? '', mark(cell)];
};

const header = ['caller', 'ioctl', 'domains', 'evidence', 'findings'];

export const printMatrix = (cells: readonly MatrixCell[]): string => {
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
