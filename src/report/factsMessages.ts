// What `--dmesg` found, as text: each message that the line can be, what its placeholders stood for, and the rows that print it.
import type { FoundMessage } from '../core/facts.ts';
import { columnLabels, factBlock, type Shown } from './facts.ts';
import { wrap } from './text.ts';

const qualities = {
  exact: 'The line ends with',
  warn: 'The line names the function of',
  similar: 'Most words of the line are in',
} as const;

const valuesText = (values: FoundMessage['values']): string =>
  Object.entries(values)
    .map(([name, value]) => `, <${name}> = ${value}`)
    .join('');

const heading = ({ quality, level, shape, values, columns }: FoundMessage): string =>
  wrap(
    `${qualities[quality]} ${level} "${shape}" (${columns.map((column) => columnLabels[column]).join(', ')})${valuesText(values)}.`,
    '  ',
  );

/** Best first; rows with the same message under one heading. */
export const messagesText = (matches: readonly FoundMessage[], shown: Shown): string => {
  const headings = [...new Set(matches.map(heading))];
  return headings
    .map((title) => {
      const rows = matches.filter((match) => heading(match) === title);
      const several = rows.length > 1 ? `\n${rows.length} rows print it:` : '';
      return [`${title}${several}`, ...rows.map(({ entry }) => factBlock(entry, shown).join('\n'))].join('\n\n');
    })
    .join('\n\n');
};
