// The index of rows as a table: one line a row, by owner, with the class as a letter and the errno of each kernel.
import type { IndexEntry } from '../core/facts.ts';
import { type Class, type Column, columns } from '../core/rows.ts';
import { columnLabels, errnoWords, grouped, named, type Shown } from './facts.ts';
import { wrap } from './text.ts';

/** A class in one letter; a small one: no run reaches the row. */
const letters: Readonly<Record<Class, string>> = {
  incompatible: 'I',
  device: 'D',
  'transient-memory': 'M',
  'transient-space': 'S',
  busy: 'B',
  other: 'O',
};

const legend = 'I incompatible, D device, M memory, S space, B busy, O other,  - no errno of its own';

const letterOf = (entry: IndexEntry): string => {
  if (entry.class === null || Object.values(entry.columns).every(({ errno }) => errno.length === 0)) return '-';
  return entry.unreachable === null ? letters[entry.class] : letters[entry.class].toLowerCase();
};

const cell = (entry: IndexEntry, column: Column): string => {
  const facts = entry.columns[column];
  if (!facts) return 'n/a';
  const [first, ...more] = facts.errno;
  if (first === undefined) return '-';
  return `${errnoWords(first)}${more.length > 0 ? `+${more.length}` : ''}`;
};

/** As wide as the errnos that drivers give there: -EOPNOTSUPP, -EMEDIUMTYPE. */
const cellWidths = [11, 12, 0];

/** One cell when all columns agree. */
const errnoCells = (entry: IndexEntry, shown: Shown): string => {
  const cells = shown.map((column) => cell(entry, column));
  return new Set(cells).size === 1
    ? cells[0]!
    : cells
        .map((text, at) => text.padEnd(cellWidths[at]!))
        .join(' ')
        .trimEnd();
};

const idWidth = 34;

const tableLine = (entry: IndexEntry, shown: Shown): string => {
  const cells = errnoCells(entry, shown);
  const start = `${letterOf(entry)} ${entry.id}`;
  return start.length > idWidth + 2 ? `${start}\n${' '.repeat(idWidth + 3)}${cells}` : `${start.padEnd(idWidth + 2)} ${cells}`;
};

/** Absent drivers say so once, above their rows. */
const ownerLine = (owner: string, entries: readonly IndexEntry[], shown: Shown): string => {
  const reasons = grouped(shown, (column) => {
    const all = new Set(entries.map((entry) => (entry.columns[column] ? null : (entry.absent[column] ?? null))));
    const [only] = all;
    return all.size === 1 && only ? `n/a, ${only}` : null;
  });
  return [owner, ...reasons.map(named)].join('   ');
};

/** One line a row, by owner. */
export const factTable = (entries: readonly IndexEntry[], shown: Shown = columns): string => {
  const owners = [...new Set(entries.map(({ owner }) => owner))];
  const parts = owners.map((owner) => {
    const own = entries.filter((entry) => entry.owner === owner);
    return [ownerLine(owner, own, shown), ...own.map((entry) => tableLine(entry, shown))].join('\n');
  });
  const heading = wrap(
    `${legend}. A small letter: no run reaches it. Then the errno on ${shown.map((column) => columnLabels[column]).join(', ')}` +
      `${shown.length > 1 ? ', once when they agree' : ''}; +2: two more.`,
  );
  return [heading, ...parts].join('\n\n');
};
