// The difference of two runs as text: where they part, the row that differed, the effect on results and state.
import type { Event } from '../core/events.ts';
import { eventWords } from './events.ts';
import { errnoText, table, wrap } from './text.ts';

interface Numbered {
  readonly at: number;
  readonly event: Event;
}

export interface Difference {
  readonly equal: boolean;
  readonly first: { readonly request: string; readonly expected: Numbered | null; readonly actual: Numbered | null } | null;
  readonly row: { readonly expected: string | null; readonly actual: string | null } | null;
  readonly requests: readonly { readonly request: string; readonly expected: string | null; readonly actual: string | null }[];
  readonly state: readonly { readonly part: string; readonly expected: string; readonly actual: string }[];
  readonly events: { readonly expected: number; readonly actual: number };
}

const side = (name: string, found: Numbered | null): string =>
  wrap(`  ${name.padEnd(4)} ${found === null ? 'nothing more in this request' : `#${found.at} ${eventWords(found.event)}`}`, '       ');

const cut = (text: string): string => (text.length <= 24 ? text : `${text.slice(0, 21)}...`);

const stateLines = (difference: Difference): string[] =>
  difference.state.length === 0
    ? ['the end states are equal']
    : [
        'state at the end',
        ...difference.state.map(({ part, expected, actual }) => wrap(`  ${part}: ${cut(expected)} -> ${cut(actual)}`, '      ')),
      ];

/** Two events can read the same and differ in what their words leave out. */
const hiddenLines = (expected: Event, actual: Event): string[] => {
  if (eventWords(expected) !== eventWords(actual)) return [];
  const [before, after] = [expected, actual] as unknown as [Record<string, unknown>, Record<string, unknown>];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  const text = (value: unknown): string => cut(JSON.stringify(value) ?? 'nothing');
  return keys.map((key) => wrap(`  differs in ${key}: ${text(before[key])} -> ${text(after[key])}`, '       '));
};

/** `names` are what the user called the two runs. */
export const printDifference = (difference: Difference, names: readonly [string, string]): string => {
  const { first, row, requests } = difference;
  if (difference.equal) return `${names[0]} and ${names[1]} did the same`;
  const parting =
    first === null
      ? ['no event differs']
      : [
          `they part in ${first.request}`,
          side(names[0], first.expected),
          side(names[1], first.actual),
          ...(first.expected && first.actual ? hiddenLines(first.expected.event, first.actual.event) : []),
        ];
  const rows =
    row === null || (row.expected === null && row.actual === null)
      ? []
      : [
          wrap(
            row.expected === row.actual
              ? `row: ${row.expected} in both`
              : `row: ${names[0]} ${row.expected ?? 'none'}, ${names[1]} ${row.actual ?? 'none'}`,
            '  ',
          ),
        ];
  const results =
    requests.length === 0
      ? ['every request has the same result']
      : [
          'results',
          table(
            requests.map(({ request, expected, actual }) => [request, resultText(expected), resultText(actual)]),
            '  ',
          ),
        ];
  return [...parting, ...rows, ...results, ...stateLines(difference)].join('\n');
};

const resultText = (result: string | null): string => (result === null ? 'not made' : errnoText(result));
