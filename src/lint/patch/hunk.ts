// Reads one hunk of a unified diff by the counts in its header, so that what stands below it is never taken for code.
import type { Hunk, HunkLine } from './patch.ts';

const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Saved pages lose white space at their end, which is context. */
const mostCut = 3;

export const isHunkHeader = (line: string | undefined): boolean => line !== undefined && header.test(line);

/** The hunk at `at` and where the text goes on. */
export const readHunk = (lines: readonly string[], at: number): { hunk: Hunk; next: number } => {
  const [oldStart, oldCount, newStart, newCount] = header
    .exec(lines[at]!)!
    .slice(1)
    .map((digits) => Number(digits ?? 1));
  const { body, next, missing } = readBody(lines, at + 1, [oldCount!, newCount!]);
  const start = { line: at + 1, oldStart: oldStart!, newStart: newStart!, lines: body };
  const isWhole = missing[0] === 0 && missing[1] === 0;
  const isCut = missing[0] === missing[1] && missing[0] <= mostCut && endsThere(lines, next);
  const damage = isWhole ? overflow(lines[next], next) : isCut ? null : `line ${next + 1} of the patch is none of it`;
  return { hunk: { ...start, cut: isCut ? missing[0] : 0, damage }, next };
};

/** A line that could belong to it, and is neither counted nor a signature or the next file. */
const overflow = (following: string | undefined, at: number): string | null =>
  /^[ +-]/.test(following ?? '') && !/^--[ -]|^--$/.test(following!) ? `its header does not count line ${at + 1} of the patch` : null;

type Counts = readonly [old: number, new: number];

const readBody = (lines: readonly string[], at: number, counts: Counts): { body: HunkLine[]; next: number; missing: Counts } => {
  const body: HunkLine[] = [];
  let [old, fresh] = counts;
  let next = at;
  while (old > 0 || fresh > 0 || isNoNewline(lines[next])) {
    const line = lines[next];
    if (isNoNewline(line) && body.length > 0) body.push({ ...body.pop()!, newline: false });
    else {
      const read = lineOf(line);
      if (read === null || (read.mark !== '+' && old === 0) || (read.mark !== '-' && fresh === 0)) break;
      body.push(read);
      if (read.mark !== '+') old -= 1;
      if (read.mark !== '-') fresh -= 1;
    }
    next += 1;
  }
  return { body, next, missing: [old, fresh] };
};

/** Translated by the program that wrote it, so only its beginning is known. */
const isNoNewline = (line: string | undefined): boolean => line?.startsWith('\\ ') ?? false;

/** An empty line is context whose space a mailer took. */
const lineOf = (line: string | undefined): HunkLine | null => {
  if (line === undefined || !/^[ +-]|^$/.test(line)) return null;
  return { mark: (line[0] ?? ' ') as HunkLine['mark'], text: line.slice(1), newline: true };
};

/** Only where nothing else follows is a hunk cut, and not broken by a wrapped line. */
const endsThere = (lines: readonly string[], at: number): boolean => {
  const following = lines[at];
  return following === undefined || isHunkHeader(following) || /^(diff --git |-- ?$)/.test(following);
};
