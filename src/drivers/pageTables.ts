// Which page-table pages a mapping needs beside those that a domain has: computed numbers for the map rows of drivers.
// Tables are kept as runs, `level:first index` → how many in a row, so that a large mapping stays a few names.
import { type Computed, computed, computedValue, type Operand, type Path, type Read, type Value } from '../core/conditions.ts';

/** The root is at `levels` and exists with the domain; level 1 holds pages of 2^pageBits bytes. */
export interface TableGeometry {
  readonly levels: Operand | Computed;
  readonly bitsPerLevel: number;
  readonly pageBits: number;
}

/** Indexes of tables of one level, both ends included. */
interface Run {
  readonly level: number;
  readonly first: number;
  readonly last: number;
}

/** No format of the modelled drivers has leaf entries above the third level (1 GiB with 4 KiB pages). */
const largestBlockLevel = 3;

const readsOfTables = ({ levels }: TableGeometry): Path[] => [
  ...(typeof levels === 'string' ? [levels] : typeof levels === 'object' && levels !== null && 'reads' in levels ? levels.reads : []),
  'mapping.iova',
  'mapping.size',
  'domain.tables',
  'domain.superpages',
];

/** How many tables the mapping needs that the domain does not have. */
export const missingTables = (geometry: TableGeometry): Computed =>
  computed('tables missing for the mapping', readsOfTables(geometry), (read) => {
    const existing = tablesOf(read('domain.tables'));
    return lengthOf(withRuns(existing, needed(geometry, read))) - lengthOf(existing);
  });

/** The domain's tables with those that the mapping needs. */
export const withTables = (geometry: TableGeometry): Computed =>
  computed('tables after the mapping', readsOfTables(geometry), (read) =>
    asCounters(withRuns(tablesOf(read('domain.tables')), needed(geometry, read))),
  );

/** The domain's tables without those that lie wholly in the range: for drivers whose unmap frees them. */
export const withoutTables = (geometry: TableGeometry): Computed =>
  computed('tables after the unmapping', readsOfTables(geometry), (read) =>
    asCounters(tablesOf(read('domain.tables')).flatMap((run) => outside(run, covered(geometry, read, run.level)))),
  );

/** Bytes that one table of the level spans. */
const span = ({ bitsPerLevel, pageBits }: TableGeometry, level: number): number => 2 ** (pageBits + bitsPerLevel * level);

const range = (read: Read) => {
  const start = Number(read('mapping.iova'));
  return { start, end: start + Number(read('mapping.size')) };
};

const needed = (geometry: TableGeometry, read: Read): Run[] => {
  const root = Number(computedValue(geometry.levels, read));
  const levels = Array.from({ length: Math.max(0, root - 1) }, (_, index) => root - 1 - index);
  return levels.flatMap((level) => neededAt(geometry, read, level));
};

/** Aligned blocks one level up need no table here: only a ragged head and tail do. */
const neededAt = (geometry: TableGeometry, read: Read, level: number): Run[] => {
  const { start, end } = range(read);
  const size = span(geometry, level);
  const pieces = read('domain.superpages') === true && level < largestBlockLevel ? raggedEnds(start, end, size) : [{ start, end }];
  const whole = pieces.filter((piece) => piece.start < piece.end);
  return whole.map((piece) => ({ level, first: Math.floor(piece.start / size), last: Math.ceil(piece.end / size) - 1 }));
};

const raggedEnds = (start: number, end: number, size: number): { start: number; end: number }[] => {
  const head = Math.ceil(start / size) * size;
  const tail = Math.floor(end / size) * size;
  return head > tail
    ? [{ start, end }]
    : [
        { start, end: head },
        { start: tail, end },
      ];
};

const covered = (geometry: TableGeometry, read: Read, level: number): Run => {
  const { start, end } = range(read);
  const size = span(geometry, level);
  return { level, first: Math.ceil(start / size), last: Math.floor(end / size) - 1 };
};

const tablesOf = (counters: Value): Run[] =>
  Object.entries(typeof counters === 'object' && counters !== null ? counters : {}).map(([name, count]) => {
    const [level, first] = name.split(':').map(Number) as [number, number];
    return { level, first, last: first + count - 1 };
  });

const asCounters = (runs: readonly Run[]): Value =>
  Object.fromEntries(runs.map(({ level, first, last }) => [`${level}:${first}`, last - first + 1]));

/** Sorted by falling level, then index; runs that touch become one. */
const withRuns = (existing: readonly Run[], more: readonly Run[]): Run[] => {
  const sorted = [...existing, ...more].sort((a, b) => b.level - a.level || a.first - b.first);
  const joined: Run[] = [];
  for (const run of sorted) {
    const last = joined.at(-1);
    if (last?.level !== run.level || last.last + 1 < run.first) joined.push(run);
    else joined[joined.length - 1] = { ...last, last: Math.max(last.last, run.last) };
  }
  return joined;
};

const outside = (run: Run, gap: Run): Run[] => {
  if (gap.last < gap.first) return [run];
  const parts = [
    { ...run, last: Math.min(run.last, gap.first - 1) },
    { ...run, first: Math.max(run.first, gap.last + 1) },
  ];
  return parts.filter((part) => part.first <= part.last);
};

const lengthOf = (runs: readonly Run[]): number => runs.reduce((sum, { first, last }) => sum + last - first + 1, 0);
