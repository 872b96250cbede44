// Everything about one row of the index: its block, where it stands in the driver's paths, what it changes, what contracts make of it,
// and for a kernel API the errnos of its record.
import type { ColumnFacts, IndexEntry, Reaction } from '../core/facts.ts';
import { type ApiFacts, type Column, columns, type Errno } from '../core/rows.ts';
import { columnLabels, errnoWords, factBlock, field, grouped, named, type Shown } from './facts.ts';
import { table } from './text.ts';

/** What a contract makes of the row. */
export interface ContractLine {
  readonly contract: string;
  readonly column: Column;
  readonly errno: readonly Errno[];
  readonly reaction: Reaction | null;
}

const pathsOf = ({ paths }: ColumnFacts): string | null => (paths.length === 0 ? null : paths.join(', '));

const apiLines = (api: ApiFacts): string[] => [
  ...field(
    'errnos',
    api.errnos.map(({ errno, when, lines, leaks }) => {
      const places = lines === undefined ? [] : grouped(columns, (column) => lines[column] ?? null).map(named);
      const where = places.length === 0 ? '' : ` (${places.join('; ')})`;
      return `${errnoWords(errno)}: ${when}${where}${leaks ? '; reads as incompatible where EINVAL means that' : ''}`;
    }),
  ),
  ...field('sticky', api.sticky === undefined ? [] : [`after a first failure ${errnoWords(api.sticky)} for ever`]),
];

const contractLines = (contracts: readonly ContractLine[]): string[] => {
  const [first] = contracts;
  if (first === undefined) return [];
  const rows = contracts.map(({ contract, errno, reaction }) => [contract, errno.map(errnoWords).join(' | '), reaction ?? '-']);
  return [`  under a contract over ${columnLabels[first.column]}: its errno, and what a search makes of it`, table(rows, '    ')];
};

export const oneFact = (entry: IndexEntry, contracts: readonly ContractLine[], shown: Shown = columns): string[] => [
  ...factBlock(entry, shown),
  ...field('entry', entry.entry === entry.id ? [] : [entry.entry]),
  ...field('path', grouped(shown, (column) => (entry.columns[column] ? pathsOf(entry.columns[column]) : null)).map(named)),
  ...field('does', entry.does === null ? [] : [entry.does]),
  ...field('undo', entry.undo === null ? [] : [undoWords[entry.undo] ?? entry.undo]),
  ...(entry.api === null ? [] : apiLines(entry.api)),
  ...field('note', entry.note === null ? [] : [entry.note]),
  ...contractLines(contracts),
];

const undoWords: Readonly<Record<string, string>> = {
  reverse: 'taken back when a later row refuses',
  none: 'kept when a later row refuses',
};
