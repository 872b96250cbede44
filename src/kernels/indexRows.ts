// One row as text and plain values, for the index: its condition in C's notation, what it changes, how it is undone.
import { type Computed, type Operand, operandValue, printValue, wordsOf } from '../core/conditions.ts';
import type { AllocationFacts, ColumnFacts } from '../core/facts.ts';
import { refusesOf, whenOf } from '../core/perform.ts';
import type { AllocRow, Change, Column, Errno, Row } from '../core/rows.ts';

/** A row without an errno for a column is not in it; effects name their columns, and what only enters a path gives no errno itself. */
export const isIn = (row: Row, column: Column): boolean => {
  if (row.kind === 'effect') return row.columns?.includes(column) ?? column in row.cite;
  return column in row.errno || (row.kind === 'call' && row.path !== undefined && column in row.cite);
};

export const columnFacts = (row: Row, column: Column, file: string | null, paths: readonly string[]): ColumnFacts => {
  const errno = row.kind === 'effect' ? undefined : row.errno[column];
  return {
    condition: conditionOf(row, column),
    errno: errno === undefined ? [] : typeof errno === 'string' ? [errno] : (errno as readonly Errno[]),
    cite: citeOf(row.cite[column] ?? '', file),
    prints: row.kind === 'effect' ? null : (row.prints?.[column] ?? null),
    allocation: row.kind === 'alloc' ? allocationOf(row, column) : null,
    paths,
    reactions: [],
    notSearched: null,
  };
};

const conditionOf = (row: Row, column: Column): string | null => {
  if (row.kind === 'check') return wordsOf(refusesOf(row, column));
  const when = whenOf(row, column);
  const applies = when === undefined ? null : wordsOf(when);
  if (row.kind !== 'take') return applies;
  const empty = `${row.pool} <= 0`;
  return applies === null ? empty : `(${applies}) && ${empty}`;
};

/** Citations as they are printed: functions with parentheses, the first with the driver's file unless it names another. */
const citeOf = (cite: string, file: string | null): string => {
  const called = cite.replace(/\b(\w+):(?=\d)/g, '$1():');
  return file === null || /^[\w./-]+\.[ch]: /.test(called) ? called : `${file.replace('drivers/iommu/', '')}: ${called}`;
};

const allocationOf = (row: AllocRow, column: Column): AllocationFacts => ({
  site: row.site[column] ?? row.id,
  what: row.what,
  gfp: row.gfp[column] ?? 'GFP_KERNEL',
  plausible: row.plausible[column] ?? 'small-sleeping',
  tries: row.tries ?? 1,
  failure: row.failure ?? 'errno',
  times: row.times === undefined ? null : sourceWords(row.times),
});

const isComputed = (source: Operand | Computed): source is Computed => typeof source === 'object' && source !== null && 'compute' in source;

const sourceWords = (source: Operand | Computed): string => {
  if (isComputed(source)) return source.words;
  return typeof source === 'string' ? source : printValue(operandValue(source, () => null));
};

const changeWords = (change: Change): string => {
  if ('give' in change) return `one id back to ${change.give}`;
  if ('add' in change) return `${change.add} ${change.by < 0 ? '-' : '+'}= ${Math.abs(change.by)}`;
  return `${change.set} = ${sourceWords(change.to)}`;
};

export const changesOf = (row: Row): string | null => {
  switch (row.kind) {
    case 'effect':
      return row.changes.map(changeWords).join('; ');
    case 'take':
      return `takes one of ${row.pool}`;
    case 'call':
      return callWords(row);
    case 'check':
    case 'alloc':
      return null;
  }
};

const callWords = ({ api, path, masks }: { api?: string; path?: string; masks?: boolean }): string => {
  if (path !== undefined) return `enters ${path}`;
  if (api === undefined) return 'asks hardware, firmware or the host';
  return `calls ${api}${masks ? ', whose errno it hides' : ''}`;
};

export const undoOf = (row: Row): string | null => {
  if (row.kind !== 'effect' && row.kind !== 'take') return null;
  return typeof row.undo === 'string' ? row.undo : row.undo.map(changeWords).join('; ');
};
