// Applies what a patch says of one file: its hunks, and that it is new, gone, or has another name.
import type { KernelTree } from '../tree.ts';
import { applyHunks } from './applyHunks.ts';
import type { FileResult, HunkOutcome } from './outcome.ts';
import { type FilePatch, pathOf } from './patch.ts';

export interface AppliedFile {
  readonly result: FileResult;
  /** Texts after it by path; null for a file that is gone. */
  readonly changes: readonly (readonly [path: string, text: string | null])[];
}

export const applyFile = (tree: KernelTree, file: FilePatch): AppliedFile => {
  if (file.unusable !== null) return refused(file, file.unusable);
  if (file.change === 'added') return addFile(tree, file);
  const from = source(tree, file);
  const before = from === null ? null : textIn(tree, file, from);
  if (before === null || from === null) return missing(tree, file);
  if (file.change === 'deleted') return deleteFile(file, from, before);
  const { text, results } = applyHunks(before, file.hunks);
  const gone = file.change === 'renamed' && file.from !== null && from !== file.to ? [[file.from, null] as const] : [];
  return { result: { file, hunks: results, problem: null }, changes: [...gone, [pathOf(file), text]] };
};

/** Without `git`, a diff names the folders it was made in; and what a patch renames may have its new name already. */
const source = (tree: KernelTree, file: FilePatch): string | null => {
  const names = file.change === 'renamed' || file.change === 'copied' ? [file.from, file.to] : [pathOf(file), file.from];
  return names.find((name) => name !== null && tree.read(name) !== null) ?? pathOf(file);
};

/** A diff that only adds to nothing makes a file, though it does not say so. */
const textIn = (tree: KernelTree, { hunks }: FilePatch, path: string): string | null => {
  const makesIt = hunks.length > 0 && hunks.every(({ oldStart, lines }) => oldStart === 0 && lines.every(({ mark }) => mark === '+'));
  return tree.read(path) ?? (makesIt ? '' : null);
};

const refused = (file: FilePatch, problem: string): AppliedFile => ({
  result: { file, hunks: file.hunks.map((hunk) => ({ hunk, outcome: failed(problem) })), problem },
  changes: [],
});

const failed = (reason: string): HunkOutcome => ({ kind: 'failed', reason, difference: null });

const missing = (tree: KernelTree, file: FilePatch): AppliedFile =>
  file.change === 'deleted' ? passedOver(file) : refused(file, `${tree.name} has no such file`);

const passedOver = (file: FilePatch): AppliedFile => ({
  result: { file, hunks: file.hunks.map((hunk) => ({ hunk, outcome: { kind: 'already', line: 1 } })), problem: null },
  changes: [],
});

const addFile = (tree: KernelTree, file: FilePatch): AppliedFile => {
  const path = pathOf(file);
  const there = tree.read(path);
  const { text, results } = applyHunks('', file.hunks);
  if (there === text) return passedOver(file);
  if (there !== null) return refused(file, 'the file is there already, with another text');
  return { result: { file, hunks: results, problem: null }, changes: [[path, text]] };
};

const deleteFile = (file: FilePatch, path: string, before: string): AppliedFile => {
  const { text, results } = applyHunks(before, file.hunks);
  const problem = text === '' || file.hunks.length === 0 ? null : 'the file has more than the patch deletes, and is kept';
  return { result: { file, hunks: results, problem }, changes: [[path, problem === null ? null : text]] };
};
