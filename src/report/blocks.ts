// Text in blocks of at most 75 columns: a label on the first line, the rest beside it; a word longer than the line is cut.
import { columnsMax, cut, wrap } from './text.ts';

/** `first` stands before the first line, blanks of the same width before the others. */
export const block = (first: string, text: string): string[] => {
  const width = columnsMax - first.length;
  const words = text.split(' ').map((word) => cut(word, width));
  return wrap(words.join(' '), '', width)
    .split('\n')
    .map((line, index) => `${index === 0 ? first : ' '.repeat(first.length)}${line}`);
};
