// Says why a hunk fits nowhere: the place where most of its lines stand, and the first line there that differs.
import type { Side } from './locate.ts';
import type { HunkOutcome } from './outcome.ts';

/** `expected` and `from` as in `locate`. */
export const mismatch = (text: readonly string[], side: Side, expected: number, from: number): HunkOutcome => {
  if (side.lines.length === 0) return failed(`it names line ${expected} of a file of ${text.length} lines`);
  const index = likeliest(text, side.lines, expected);
  if (index === null) return failed('none of its lines stands in the file');
  const differing = side.lines.findIndex((line, offset) => text[index + offset] !== line);
  if (differing < 0) return failed(standsElsewhere(index, from));
  const difference = { line: index + differing + 1, expected: side.lines[differing]!, found: text[index + differing] ?? null };
  return { kind: 'failed', reason: reasonOf(difference.expected, difference.found), difference };
};

const failed = (reason: string): HunkOutcome => ({ kind: 'failed', reason, difference: null });

/** It has too little context to stand anywhere but at an end of the file, or a hunk above it stands below. */
const standsElsewhere = (index: number, from: number): string =>
  index < from
    ? `its lines stand at line ${index + 1}, above those of an earlier hunk`
    : `its lines stand at line ${index + 1}, not at an end`;

const reasonOf = (expected: string, found: string | null): string => {
  if (found === null) return 'the file ends';
  return words(expected) === words(found) ? 'a line differs in white space' : 'a line differs';
};

const words = (line: string): string => line.replaceAll(/\s+/g, '');

/** Where the lines say most; of equals the nearest. Null where nothing that says anything is found. */
const likeliest = (text: readonly string[], lines: readonly string[], expected: number): number | null => {
  let best = { index: 0, score: 0 };
  for (let index = 1 - lines.length; index < text.length; index++) {
    const score = agreement(text, lines, index);
    const nearer = Math.abs(index - expected) < Math.abs(best.index - expected);
    if (score > best.score || (score === best.score && score > 0 && nearer)) best = { index, score };
  }
  return best.score < 1 ? null : best.index;
};

/** A brace or an empty line stands everywhere. */
const agreement = (text: readonly string[], lines: readonly string[], index: number): number =>
  lines.reduce((sum, line, offset) => (text[index + offset] === line ? sum + (/\w/.test(line) ? 1 : 0.01) : sum), 0);
