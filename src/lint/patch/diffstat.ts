// The list of files that git writes below a commit message, and which of a text's diffs it speaks of.
import type { Run } from './diff.ts';
import { unquoted } from './names.ts';
import { type FilePatch, pathOf } from './patch.ts';

export interface Diffstat {
  /** As printed: long paths begin with `.../`, a rename is `old => new` or `{old => new}/file`. */
  readonly names: readonly string[];
  readonly added: number;
  readonly removed: number;
}

const total = /^ \d+ files? changed(?:, (\d+) insertions?\(\+\))?(?:, (\d+) deletions?\(-\))?$/;

/** ` NAME | COUNT`; null for any other line. */
const entryOn = (line: string): string | null => {
  const bar = line.lastIndexOf(' | ');
  return /^ \S/.test(line) && bar > 0 && /^ *(\d|Bin)/.test(line.slice(bar + 3)) ? line.slice(1, bar).trimEnd() : null;
};

/** The first one: what stands further down was said by somebody else. */
export const diffstatIn = (lines: readonly string[]): Diffstat | null => {
  const end = lines.findIndex((line) => total.test(line));
  if (end < 0) return null;
  const names: string[] = [];
  for (let at = end - 1, name = entryOn(lines[at] ?? ''); name !== null; name = entryOn(lines[--at] ?? '')) names.unshift(name);
  const [, added, removed] = total.exec(lines[end]!)!;
  return names.length === 0 ? null : { names, added: Number(added ?? 0), removed: Number(removed ?? 0) };
};

export interface Choice {
  readonly files: Run;
  /** Names of the diffstat that no diff has. */
  readonly missing: readonly string[];
}

/**
 * Comments hold other people's diffs. The patch is the last run that has all files of the diffstat and as many lines added and
 * removed; else the last that has all files; else each file from the last run that has it. Without a diffstat it is everything.
 */
export const chooseRun = (runs: readonly Run[], stat: Diffstat | null): Choice => {
  if (stat === null) return { files: runs.flat(), missing: [] };
  const complete = runs.filter((run) => stat.names.every((name) => run.some((file) => isNamed(file, name))));
  const chosen = complete.findLast((run) => count(run, '+') === stat.added && count(run, '-') === stat.removed) ?? complete.at(-1);
  return chosen ? { files: chosen, missing: [] } : eachFromLast(runs.flat(), stat);
};

const eachFromLast = (files: readonly FilePatch[], { names }: Diffstat): Choice => {
  const found = names.map((name) => ({ name, file: files.findLast((file) => isNamed(file, name)) }));
  const chosen = found.flatMap(({ file }) => file ?? []);
  return { files: [...new Set(chosen)], missing: found.filter(({ file }) => file === undefined).map(({ name }) => name) };
};

const count = (run: Run, mark: '+' | '-'): number =>
  run.flatMap(({ hunks }) => hunks.flatMap(({ lines }) => lines.filter((line) => line.mark === mark))).length;

const isNamed = (file: FilePatch, printed: string): boolean => {
  const name = newName(printed);
  return name.startsWith('.../') ? pathOf(file).endsWith(name.slice(3)) : pathOf(file) === name;
};

/** `drivers/{a => b}/c.c` was renamed to `drivers/b/c.c`. */
const newName = (printed: string): string => {
  const after = printed.replace(/\{[^{}]* => ([^{}]*)\}/, '$1').replace(/^.* => /, '');
  return unquoted(after).replaceAll('//', '/');
};
