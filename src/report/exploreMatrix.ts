// The matrix of searches as text: one line a caller and kernel with the verdict and how many states it rests on, below it what was found.
import { grouped } from '../core/counted.ts';
import type { SearchCell } from '../core/searchCell.ts';
import { table, wrap } from './text.ts';

const rowOf = ({ caller, kernel, outcome, states }: SearchCell): string[] => {
  const where = `${caller} on ${kernel}`;
  return outcome === null ? [where, 'n/a', ''] : [where, outcome, grouped(states ?? 0)];
};

/** A detector that is claimed is not said twice. */
const below = ({ rules, claims, because, outcome, notValid = [] }: SearchCell): string[] => [
  ...(rules.length === 0 ? [] : [rules.map(({ rule, evidence }) => `${rule} (${evidence})`).join(', ')]),
  ...claims.filter((text) => !rules.some(({ rule }) => rule === text)).map((text) => `claim violated: ${text}`),
  ...because.map((reason) => (outcome === 'violated' ? `not complete: ${reason}` : reason)),
  ...notValid,
];

const reasons = (what: string, cells: readonly SearchCell[], of: (cell: SearchCell) => string | null): string[] =>
  cells.flatMap((cell) => {
    const reason = of(cell);
    return reason === null ? [] : [wrap(`${what}: ${cell.caller} on ${cell.kernel}: ${reason}`, '  ')];
  });

export const printExploreMatrix = (cells: readonly SearchCell[]): string => {
  const [header, ...lines] = table([['caller', 'verdict', 'states'], ...cells.map(rowOf)]).split('\n');
  const rows = cells.flatMap((cell, index) => [lines[index]!, ...below(cell).map((text) => wrap(`    ${text}`, '      '))]);
  return [
    header!,
    ...rows,
    ...reasons('n/a', cells, ({ absent }) => absent),
    ...reasons('hypothetical', cells, ({ hypothetical }) => hypothetical),
  ].join('\n');
};
