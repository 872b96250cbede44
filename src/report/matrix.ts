// The matrix as text: one line a caller and kernel, what the ioctl returned, how many domains there are, and what the cell rests on; with
// callers of user space also what the guest got: its result, containers, domains, times memory is pinned.
import type { Cell } from '../core/cell.ts';
import { counted } from '../core/counted.ts';
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

/** More containers than this are summed in the table, with the counts below the row. */
const containersMax = 2;

const total = ({ domains }: Cell): number => Object.values(domains).reduce((sum, count) => sum + count, 0);
const isSummed = (cell: Cell): boolean => cell.absent === null && Object.keys(cell.domains).length > containersMax;

const narrowRow = (cell: Cell): string[] =>
  cellRow(cell).map((text, index) => (index === 2 && isSummed(cell) ? String(total(cell)) : text));

/** What the kernel returned, in order; the same once. */
const callsText = ({ calls }: Cell): string => {
  const results = calls.map(({ result }) => errnoText(result));
  return results.filter((text, index) => text !== results[index - 1]).join(', ');
};

const guestRow = (cell: Cell): string[] => {
  const [where, result, , evidence, found] = cellRow(cell) as [string, string, string, string, string];
  if (cell.absent !== null) return [where, result, '', '', '', '', '', ''];
  return [where, callsText(cell), result, String(cell.containers), String(total(cell)), String(cell.pinned), evidence, found];
};

const timesText = (times: number): string => (times < 3 ? ['nothing', 'once', 'twice'][times]! : `${times} times`);

const countsText = (cell: Cell): string => {
  const pinned = cell.pinned === 0 ? 'nothing pinned' : `pinned ${timesText(cell.pinned ?? 0)}`;
  return [counted(cell.containers ?? 0, 'container'), counted(total(cell), 'domain'), pinned].join(', ');
};

/** A table of cells, and how many columns stand in its lines: what does not fit every row stands below each, in words. */
interface Layout {
  readonly header: readonly string[];
  readonly row: (cell: Cell) => string[];
  /** Where the table may be cut, widest first; each but the first with what then stands below a row. */
  readonly cuts: readonly { readonly width: number; readonly below: (cell: Cell) => readonly string[] }[];
}

const plain: Layout = {
  header: ['caller', 'ioctl', 'domains', 'evidence', 'findings'],
  row: narrowRow,
  cuts: [
    { width: 5, below: () => [] },
    { width: 4, below: (cell) => [mark(cell)] },
  ],
};

const guest: Layout = {
  header: ['caller', 'ioctls', 'guest', 'containers', 'domains', 'pinned', 'evidence', 'findings'],
  row: guestRow,
  cuts: [
    { width: 8, below: () => [] },
    { width: 7, below: (cell) => [mark(cell)] },
    { width: 6, below: (cell) => [cell.evidence ?? '', mark(cell)] },
    { width: 3, below: (cell) => [countsText(cell), cell.evidence ?? '', mark(cell)] },
  ],
};

const linesOf = (cells: readonly Cell[], { header, row }: Layout, width: number): string[] =>
  table([header, ...cells.map(row)].map((texts) => texts.slice(0, width))).split('\n');

/** What a row finds stands in its line where that fits every row, else below it. */
const cellTable = (cells: readonly Cell[]): string => {
  const layout = cells.some(({ userSpace, absent }) => userSpace && absent === null) ? guest : plain;
  const fits = layout.cuts.find(({ width }) => linesOf(cells, layout, width).every((line) => line.length <= columnsMax));
  const { width, below } = fits ?? layout.cuts.at(-1)!;
  const lines = linesOf(cells, layout, width);
  const under = (cell: Cell): string[] => {
    if (cell.absent !== null) return [];
    const words = below(cell)
      .filter((text) => text !== '')
      .join('; ');
    return [
      ...(layout === plain && isSummed(cell) ? [wrap(`    domains: ${domainsText(cell.domains)}`, '      ')] : []),
      ...(words === '' ? [] : [wrap(`    ${words}`, '      ')]),
    ];
  };
  return [lines[0]!, ...cells.flatMap((cell, index) => [lines[index + 1]!, ...under(cell)])].join('\n');
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
  const notValid = cells.flatMap((cell) => (cell.notValid ?? []).map((mark) => `${cell.caller} on ${cell.kernel}: ${mark}`));
  return [cellTable(cells), ...[...absent, ...hypothetical, ...problems, ...notValid].map((line) => wrap(line, '  '))].join('\n');
};
