// The model's rows against a tree as text: how many of each driver are the same, and of every other row what the model rests on beside
// what the tree has.
import { type CheckedModel, type CheckedRow, type Difference, type RowStatus, rowStatuses, statusWords } from '../core/checkedModel.ts';
import { counted } from '../core/counted.ts';
import { block } from './blocks.ts';
import { section, table, wrap } from './text.ts';

const count = (rows: readonly CheckedRow[], status: RowStatus): number => rows.filter((row) => row.status === status).length;

const counts = (rows: readonly CheckedRow[]): string => {
  const owners = [...Map.groupBy(rows, ({ owner }) => owner), ['all', rows] as const];
  const line = (name: string, own: readonly CheckedRow[]): string[] => [
    name,
    ...rowStatuses.map((status) => String(count(own, status)).padStart(statusWords[status].length)),
  ];
  return table([['', ...rowStatuses.map((status) => statusWords[status])], ...owners.map(([name, own]) => line(name, own))], '  ');
};

const differenceLines = ({ what, ours, yours }: Difference): string[] => [
  ...block('    ', what),
  ...(ours === '' ? [] : block('      ours   ', ours)),
  ...(yours === '' ? [] : block('      yours  ', yours)),
];

/** Of more the JSON has all. */
const differencesMax = 2;

/** Gravest first. */
const rowLines = ({ row, differences }: CheckedRow): string[] => {
  const ranked = differences.toSorted((a, b) => rowStatuses.indexOf(b.status) - rowStatuses.indexOf(a.status));
  const left = ranked.length - differencesMax;
  return [
    ...block('  ', row),
    ...ranked.slice(0, differencesMax).flatMap(differenceLines),
    ...(left > 0 ? [`    and ${counted(left, 'place')} more (--json has all)`] : []),
  ];
};

const shown: readonly RowStatus[] = ['changed', 'gone', 'moved', 'unclear'];

/** Reasons that many rows share are told once: a tree without drivers/vfio. */
const sharedReasons = (rows: readonly CheckedRow[]): string[] => {
  const reason = ({ differences }: CheckedRow): string => differences[0]?.what ?? '';
  return [...Map.groupBy(rows, reason)].flatMap(([what, own]) =>
    block('  ', `${what}: ${own.length > 3 ? counted(own.length, 'row') : own.map(({ row }) => row).join(', ')}`),
  );
};

const statusLines = (rows: readonly CheckedRow[], status: RowStatus): string[] => {
  const own = rows.filter((row) => row.status === status);
  return section(`\n${statusWords[status]}`, status === 'unclear' ? sharedReasons(own) : own.flatMap(rowLines));
};

const orderLines = ({ orders }: CheckedModel): string[] => {
  const other = orders.filter(({ status }) => status !== 'same');
  const lines = other.flatMap(({ driver, operation, status, at, ours, yours }) => [
    ...block('  ', `${driver}, ${operation}`),
    ...(status === 'gone'
      ? block('    ', 'not there, or allocates nothing')
      : [...block('    ', `differs from allocation ${at} on`), ...block('      ours   ', ours), ...block('      yours  ', yours)]),
  ]);
  const heading = `\norder of allocations: ${orders.length - other.length} of ${counted(orders.length, 'operation')} the same`;
  return [heading, ...lines];
};

const ruleLines = ({ rules }: CheckedModel): string[] =>
  section(
    "\ncallers' searches",
    rules.flatMap(({ caller, status, ours, yours }) =>
      status === 'same'
        ? block('  ', `${caller}: same, ${ours}`)
        : [...block('  ', `${caller}: ${statusWords[status]}`), ...block('      ours   ', ours), ...block('      yours  ', yours)],
    ),
  );

const closing = ({ rows }: CheckedModel, file: string | null): string[] => {
  const other = rows.length - count(rows, 'same');
  if (file === null || other === 0) return [];
  return [
    '',
    wrap(
      `${file} names the ${counted(other, 'row')} that ${other === 1 ? 'is' : 'are'} not the same; run, matrix, explore and conform take it with --checked`,
    ),
  ];
};

export const printCheckedModel = (checked: CheckedModel, file: string | null): string =>
  [
    wrap(`${checked.tree} against the model of ${checked.kernel}: ${checked.why}`, '  '),
    counts(checked.rows),
    ...shown.flatMap((status) => statusLines(checked.rows, status)),
    ...orderLines(checked),
    ...ruleLines(checked),
    ...closing(checked, file),
  ].join('\n');
