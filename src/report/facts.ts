// Rows of the index as blocks of text: what a row refuses, with which errno in which kernel, and who reacts how.
import type { ColumnFacts, IndexEntry } from '../core/facts.ts';
import { type Column, columns, type Errno } from '../core/rows.ts';
import { columnsMax, errnoText, plausibleWords, wrap } from './text.ts';

export const columnLabels: Readonly<Record<Column, string>> = { 'v6.1': '6.1', 'seed-v6': 'seed-v6', 'v6.12': '6.12' };

/** The columns that an answer speaks of: those asked for. */
export type Shown = readonly Column[];

/** `-EINVAL`; what is no errno's name stays a word. */
export const errnoWords = (errno: Errno): string => {
  if (errno === '0') return '0';
  if (errno === 'EMEDIUMTYPE->next') return 'next';
  return /^E[A-Z0-9]+(:\w+)?$/.test(errno) ? errnoText(errno) : errno;
};

/** Values with the columns that share them: one without a label when every shown column has it. */
export const grouped = (shown: Shown, textIn: (column: Column) => string | null): { readonly labels: string; readonly text: string }[] => {
  const found = new Map<string, Column[]>();
  for (const column of shown) {
    const text = textIn(column);
    if (text !== null && text !== '') found.set(text, [...(found.get(text) ?? []), column]);
  }
  return [...found].map(([text, having]) => ({
    labels: having.length === shown.length ? '' : having.map((column) => columnLabels[column]).join(', '),
    text,
  }));
};

export const named = ({ labels, text }: { readonly labels: string; readonly text: string }): string =>
  labels === '' ? text : `${labels}: ${text}`;

const labelWidth = 11;

/** `  label    text`, broken at spaces; the label stands only on the first line. */
export const field = (label: string, texts: readonly string[]): string[] =>
  texts.flatMap((text, index) =>
    wrap(text, '  ', columnsMax - labelWidth)
      .split('\n')
      .map((line, at) => `${(index === 0 && at === 0 ? `  ${label}` : '').padEnd(labelWidth)}${line}`),
  );

const perColumn = (entry: IndexEntry, shown: Shown, textIn: (facts: ColumnFacts) => string | null): string[] =>
  grouped(shown, (column) => (entry.columns[column] ? textIn(entry.columns[column]) : null)).map(named);

const conditionLabels: Readonly<Record<IndexEntry['kind'], string>> = {
  check: 'refuses',
  take: 'refuses',
  alloc: 'when',
  effect: 'when',
  call: 'when',
  api: 'when',
};

const reactionsOf = (entry: IndexEntry, shown: Shown): string[] => {
  const pairs = new Map<string, Column[]>();
  for (const column of shown) {
    for (const { caller, reaction } of entry.columns[column]?.reactions ?? []) {
      const text = `${caller} ${reactionWords[reaction]}`;
      pairs.set(text, [...(pairs.get(text) ?? []), column]);
    }
  }
  const reasons = new Set(shown.flatMap((column) => entry.columns[column]?.notSearched ?? []));
  return [
    ...[...pairs].map(([text, having]) => `${text} (${having.map((column) => columnLabels[column]).join(', ')})`),
    ...[...reasons].map((reason) => `not searched: ${reason}`),
  ];
};

const reactionWords = {
  next: 'tries the next domain',
  stop: 'stops',
  mixed: 'tries the next or stops, as the errno is',
  crash: 'never returns: the kernel crashes',
} as const;

const allocationWords = ({ allocation }: ColumnFacts): string | null => {
  if (!allocation) return null;
  const { site, gfp, plausible, tries, times, failure } = allocation;
  const extra = [tries > 1 ? 'two tries' : '', times === null ? '' : `times: ${times}`, failureWords[failure]].filter(
    (text) => text !== '',
  );
  return [`${site}, ${gfp}, ${plausible}`, ...extra].join(', ');
};

const failureWords = { errno: '', ignored: 'failure ignored', next: 'failure leads to the next row' } as const;

const plausibilities = (entry: IndexEntry, shown: Shown): string[] => {
  const found = new Set(shown.flatMap((column) => entry.columns[column]?.allocation?.plausible ?? []));
  return [...found].map((plausible) => `${plausible}: ${plausibleWords[plausible] ?? ''}`);
};

/** Some twelve lines on one row. */
export const factBlock = (entry: IndexEntry, shown: Shown = columns): string[] => [
  ...wrap(`${entry.id}  (${[entry.owner, entry.kind, entry.class].filter((part) => part !== null).join(', ')})`, '  ').split('\n'),
  ...wrap(entry.words, '', columnsMax - 2)
    .split('\n')
    .map((line) => `  ${line}`),
  ...field(
    conditionLabels[entry.kind],
    perColumn(entry, shown, ({ condition }) => condition),
  ),
  ...field(
    'errno',
    perColumn(entry, shown, ({ errno }) =>
      errno.map((name) => (name === '0' ? '0, the failure is ignored' : errnoWords(name))).join(' | '),
    ),
  ),
  ...field('reacts', reactionsOf(entry, shown)),
  ...field(
    'prints',
    perColumn(entry, shown, ({ prints }) => prints && `${prints.level} "${prints.text}"`),
  ),
  ...field('takes', [...new Set(shown.flatMap((column) => entry.columns[column]?.allocation?.what ?? []))]),
  ...field('at', perColumn(entry, shown, allocationWords)),
  ...field('fails', plausibilities(entry, shown)),
  ...field(
    'cite',
    perColumn(entry, shown, ({ cite }) => cite),
  ),
  ...field('n/a', grouped(shown, (column) => entry.absent[column] ?? null).map(named)),
  ...field('no run', entry.unreachable === null ? [] : [entry.unreachable]),
];
