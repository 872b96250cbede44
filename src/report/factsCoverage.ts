// The coverage table: how many entries and allocation sites of the facts the model has, and the reason for each that no run reaches.
import type { Listed, OwnerCoverage } from '../core/facts.ts';
import { columnsMax, table, wrap } from './text.ts';

const headings = ['', 'facts', 'met', 'never', 'list', 'miss', 'sites', 'met', 'list', 'miss', 'more'];

const count = (number: number): string => (number === 0 ? '.' : String(number));

type Line = Omit<OwnerCoverage, 'layer'>;

const cells = ({ owner, entries, sites, beyond }: Line): string[] => [
  owner,
  ...[entries.facts, entries.reachable, entries.unreachable.length, entries.listed.length, entries.missing.length].map(count),
  ...[sites.facts, sites.modelled, sites.listed.length, sites.missing.length, beyond].map(count),
];

const aligned = (row: readonly string[]): string[] =>
  row.map((cell, index) => (index === 0 ? cell : cell.padStart(headings[index]!.length)));

const total = (lines: readonly Line[]): Line => ({
  owner: 'all',
  entries: {
    facts: sum(lines, ({ entries }) => entries.facts),
    reachable: sum(lines, ({ entries }) => entries.reachable),
    unreachable: lines.flatMap(({ entries }) => entries.unreachable),
    listed: lines.flatMap(({ entries }) => entries.listed),
    missing: lines.flatMap(({ entries }) => entries.missing),
  },
  sites: {
    facts: sum(lines, ({ sites }) => sites.facts),
    modelled: sum(lines, ({ sites }) => sites.modelled),
    listed: lines.flatMap(({ sites }) => sites.listed),
    missing: lines.flatMap(({ sites }) => sites.missing),
  },
  beyond: sum(lines, ({ beyond }) => beyond),
});

const sum = (lines: readonly Line[], of: (line: Line) => number): number => lines.reduce((all, line) => all + of(line), 0);

const indented = (text: string, indent: string): string =>
  wrap(text, '', columnsMax - indent.length)
    .split('\n')
    .map((line) => indent + line)
    .join('\n');

/** Names that share a reason stand together. */
const reasons = (title: string, listed: readonly Listed[]): string[] => {
  const names = new Map<string, Set<string>>();
  for (const { name, reason } of listed) names.set(reason, (names.get(reason) ?? new Set()).add(name));
  const blocks = [...names].flatMap(([reason, having]) => [indented([...having].join(', '), '  '), indented(reason, '      ')]);
  return listed.length === 0 ? [] : ['', `${title}:`, ...blocks];
};

const explanation =
  'facts: checks and allocations found by reading the sources; met: a run can meet them; never: in the model, and no run meets them; ' +
  'list: not in the model, with the reason; miss: neither. Sites: places that take memory or an id. More: rows that the facts do not list.';

export const coverageText = (lines: readonly OwnerCoverage[]): string => {
  const all = total(lines);
  const shown = lines.length > 1 ? [...lines, all] : lines;
  return [
    table([headings, ...shown.map((line) => aligned(cells(line)))]),
    '',
    wrap(explanation),
    ...reasons('No run reaches', all.entries.unreachable),
    ...reasons('Not in the model', all.entries.listed),
    ...reasons('Sites that the model counts elsewhere', all.sites.listed),
    ...reasons(
      'Missing',
      [...all.entries.missing, ...all.sites.missing].map((name) => ({ name, reason: 'neither in the model nor listed' })),
    ),
  ].join('\n');
};
