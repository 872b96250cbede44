// Finds the diffs in any text and reads them file by file; files that follow each other are a run.
import { isHunkHeader, readHunk } from './hunk.ts';
import { nameIn, twoNames, unquoted } from './names.ts';
import type { FileChange, FilePatch, Hunk } from './patch.ts';

/** Files of one diff: a page of comments holds several diffs, a mail one. */
export type Run = readonly FilePatch[];

export const runsIn = (lines: readonly string[]): Run[] => {
  const runs: FilePatch[][] = [];
  let goesOn = false;
  for (let at = 0; at < lines.length; ) {
    const read = readFile(lines, at);
    if (read === null) {
      goesOn &&= isBetween(lines[at]!);
      at += 1;
      continue;
    }
    if (goesOn) runs.at(-1)!.push(read.file);
    else runs.push([read.file]);
    goesOn = true;
    at = read.next;
  }
  return runs;
};

/** Lines that other programs write between two files. */
const isBetween = (line: string): boolean => /^(diff |Index: |=+$|Only in |$)/.test(line);

interface Header {
  readonly names: readonly (string | null)[];
  readonly change: FileChange;
  readonly unusable: string | null;
  /** Where hunks begin. */
  readonly next: number;
}

const readFile = (lines: readonly string[], at: number): { file: FilePatch; next: number } | null => {
  const header = gitHeader(lines, at) ?? plainHeader(lines, at);
  if (header === null) return null;
  const { hunks, next } = readHunks(lines, header.next);
  const [from, to] = header.names;
  return { file: { change: header.change, from: from ?? null, to: to ?? null, hunks, unusable: header.unusable }, next };
};

/** Below a hunk that is damaged, the next of the same file is looked for. */
const readHunks = (lines: readonly string[], from: number): { hunks: Hunk[]; next: number } => {
  const hunks: Hunk[] = [];
  let next = from;
  while (isHunkHeader(lines[next])) {
    const read = readHunk(lines, next);
    hunks.push(read.hunk);
    next = read.hunk.damage === null ? read.next : nextHeader(lines, read.next);
  }
  return { hunks, next };
};

const nextHeader = (lines: readonly string[], from: number): number => {
  for (let at = from; at < lines.length && !isFileHeader(lines, at); at++) if (isHunkHeader(lines[at])) return at;
  return from;
};

const isFileHeader = (lines: readonly string[], at: number): boolean => /^diff --/.test(lines[at]!) || plainHeader(lines, at) !== null;

const plainHeader = (lines: readonly string[], at: number): Header | null => {
  if (!isMinus(lines[at]) || !lines[at + 1]?.startsWith('+++ ') || !isHunkHeader(lines[at + 2])) return null;
  const names = [nameIn(lines[at]!), nameIn(lines[at + 1]!)];
  const isAdded = /^@@ -0,0 /.test(lines[at + 2]!) && names[0] === null;
  return { names, change: isAdded ? 'added' : names[1] === null ? 'deleted' : 'changed', unusable: null, next: at + 2 };
};

const isMinus = (line: string | undefined): boolean => line?.startsWith('--- ') ?? false;

const extended =
  /^(old mode|new mode|deleted file mode|new file mode|copy from|copy to|rename from|rename to|(?:dis)?similarity index|index) (.*)/;

const gitHeader = (lines: readonly string[], at: number): Header | null => {
  const line = lines[at]!;
  if (/^diff --(cc|combined) /.test(line)) {
    const name = unquoted(line.replace(/^diff --\w+ /, ''));
    return { names: [name, name], change: 'changed', unusable: 'a combined diff of a merge', next: at + 1 };
  }
  if (!line.startsWith('diff --git ')) return null;
  const said = new Map<string, string>();
  let next = at + 1;
  for (let found = extended.exec(lines[next] ?? ''); found; found = extended.exec(lines[++next] ?? '')) said.set(found[1]!, found[2]!);
  const isBinary = /^(GIT binary patch|Binary files .* differ)$/.test(lines[next] ?? '');
  const hasNames = isMinus(lines[next]) && lines[next + 1]?.startsWith('+++ ');
  const names = hasNames ? [nameIn(lines[next]!), nameIn(lines[next + 1]!)] : namesSaid(line, said);
  const unusable = isBinary ? 'a binary file' : null;
  return { names, change: changeOf(said, hasNames === true || isBinary), unusable, next: hasNames ? next + 2 : next };
};

const changeOf = (said: ReadonlyMap<string, string>, hasContent: boolean): FileChange => {
  if (said.has('new file mode')) return 'added';
  if (said.has('deleted file mode')) return 'deleted';
  if (said.has('rename to')) return 'renamed';
  if (said.has('copy to')) return 'copied';
  return said.has('new mode') && !hasContent ? 'mode' : 'changed';
};

const namesSaid = (line: string, said: ReadonlyMap<string, string>): (string | null)[] => {
  const from = said.get('rename from') ?? said.get('copy from');
  const to = said.get('rename to') ?? said.get('copy to');
  if (from !== undefined && to !== undefined) return [unquoted(from), unquoted(to)];
  const [first, second] = twoNames(line.slice('diff --git '.length));
  return [said.has('new file mode') ? null : first, said.has('deleted file mode') ? null : second];
};
