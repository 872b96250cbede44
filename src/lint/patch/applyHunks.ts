// Applies the hunks of one file to its text, each as far from where it says as it must be; one that fails leaves the text as it is.
import { type Found, locate, type Side } from './locate.ts';
import { mismatch } from './mismatch.ts';
import type { HunkOutcome, HunkResult } from './outcome.ts';
import type { Hunk, HunkLine } from './patch.ts';

interface Progress {
  /** The patched text so far, and the line of the old text at which it goes on. */
  readonly out: string[];
  from: number;
  /** How far hunks were from where they said: the next will be as far. */
  offset: number;
}

export interface Applied {
  readonly text: string;
  readonly results: readonly HunkResult[];
}

export const applyHunks = (text: string, hunks: readonly Hunk[]): Applied => {
  const lines = text.split('\n');
  const endsWithNewline = lines.at(-1) === '';
  if (endsWithNewline) lines.pop();
  const progress: Progress = { out: [], from: 0, offset: 0 };
  const results = hunks.map((hunk) => ({ hunk, outcome: applyHunk(lines, hunk, progress) }));
  const reached = progress.from;
  const out = [...progress.out, ...lines.slice(reached)];
  const newline = reached < lines.length ? endsWithNewline : lastNewline(results, endsWithNewline);
  return { text: out.join('\n') + (newline && out.length > 0 ? '\n' : ''), results };
};

/** Context keeps what the file has; a line with another below it always had a newline. */
const lastNewline = (results: readonly HunkResult[], before: boolean): boolean => {
  const last = results.findLast(({ outcome }) => outcome.kind === 'applied')?.hunk.lines ?? [];
  return last.at(-1)?.mark === ' ' ? before : (last.findLast(({ mark }) => mark !== '-')?.newline ?? true);
};

const applyHunk = (lines: readonly string[], hunk: Hunk, progress: Progress): HunkOutcome => {
  if (hunk.damage !== null) return { kind: 'failed', reason: `the hunk is damaged: ${hunk.damage}`, difference: null };
  const old = sideOf(hunk, '-');
  const expected = startOf(hunk.oldStart, old) + progress.offset;
  const exact = locate(lines, old, expected, progress.from, 0);
  const made = alreadyMade(lines, hunk, expected, progress.from, exact);
  if (made) return passOver(hunk, made, progress);
  const found = exact ?? locate(lines, old, expected, progress.from);
  return found ? replace(lines, hunk, found, progress) : mismatch(lines, old, expected, progress.from);
};

const sideOf = (hunk: Hunk, other: '-' | '+'): Side => {
  const kept = hunk.lines.filter(({ mark }) => mark === ' ' || mark === other);
  const isChange = ({ mark }: HunkLine): boolean => mark !== ' ';
  const first = hunk.lines.findIndex(isChange);
  const trailing = hunk.lines.length - 1 - hunk.lines.findLastIndex(isChange);
  const start = other === '-' ? hunk.oldStart : hunk.newStart;
  return { lines: kept.map(({ text }) => text), leading: first < 0 ? kept.length : first, trailing, first: start <= 1, cut: hunk.cut > 0 };
};

/** The header counts from 1, but names the line before where the side is empty. */
const startOf = (start: number, { lines }: Side): number => (lines.length === 0 ? start : start - 1);

/**
 * Where what the hunk makes stands and what it replaces does not, or stands farther away. A hunk that only removes leaves context,
 * which may stand anywhere, so there what it replaces must be gone.
 */
const alreadyMade = (lines: readonly string[], hunk: Hunk, expected: number, from: number, exact: Found | null): Found | null => {
  const adds = hunk.lines.some(({ mark }) => mark === '+');
  const made = sideOf(hunk, '+');
  if (exact?.index === expected || made.lines.length === 0 || (exact && !adds)) return null;
  const found = locate(lines, made, expected, from, 0);
  return found && (!exact || Math.abs(found.index - expected) < Math.abs(exact.index - expected)) ? found : null;
};

const passOver = (hunk: Hunk, { index }: Found, progress: Progress): HunkOutcome => {
  const [old, made] = [sideOf(hunk, '-'), sideOf(hunk, '+')];
  progress.offset = index - startOf(hunk.oldStart, old) + made.lines.length - old.lines.length;
  return { kind: 'already', line: index + 1 + grown(progress) };
};

/** How many lines the patched text has more than the old one so far. */
const grown = ({ out, from }: Progress): number => out.length - from;

const replace = (lines: readonly string[], hunk: Hunk, { index, fuzz, places }: Found, progress: Progress): HunkOutcome => {
  progress.out.push(...lines.slice(progress.from, index));
  const start = progress.out.length + 1;
  const old = sideOf(hunk, '-');
  progress.from = index;
  for (const { mark, text } of hunk.lines) {
    if (mark === '+') progress.out.push(text);
    else if (progress.from < lines.length) {
      const line = lines[progress.from++]!;
      if (mark === ' ') progress.out.push(line);
    }
  }
  progress.offset = index - startOf(hunk.oldStart, old);
  return { kind: 'applied', line: start, offset: progress.offset, fuzz, places };
};
