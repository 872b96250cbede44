// Text in blocks of at most 75 columns: a label on the first line, the rest beside it; a word longer than the line is cut.
import { columnsMax, cut, wrap } from './text.ts';

/** The first ones of a long list, and how many more there are; `--json` has them all. */
export const firstOf = <Item>(items: readonly Item[], most: number, linesOf: (item: Item) => readonly string[]): string[] => [
  ...items.slice(0, most).flatMap(linesOf),
  ...(items.length > most ? [`  and ${items.length - most} more`] : []),
];

/** `first` stands before the first line, blanks of the same width before the others. */
export const block = (first: string, text: string): string[] => {
  const width = columnsMax - first.length;
  const words = text.split(' ').map((word) => cut(word, width));
  return wrap(words.join(' '), '', width)
    .split('\n')
    .map((line, index) => `${index === 0 ? first : ' '.repeat(first.length)}${line}`);
};
