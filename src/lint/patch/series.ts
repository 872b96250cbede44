// Reads a series of patches from what people keep of one: mboxes, mails, diffs, pages of an archive saved as text.
import { Failure } from '../../core/failure.ts';
import { runsIn } from './diff.ts';
import { chooseRun, diffstatIn } from './diffstat.ts';
import { type Mail, mailsIn } from './mail.ts';
import { order, type Read } from './order.ts';
import type { Series } from './patch.ts';
import { readSubject, subjectOnPage } from './subject.ts';

/** Text of one file or stream, and how messages call it. */
export interface PatchText {
  readonly name: string;
  readonly text: string;
}

export const readSeries = (texts: readonly PatchText[]): Series => {
  const mails = texts.flatMap(({ name, text }) => mailsIn(checked(name, text)).map((mail) => ({ name, mail })));
  const read = mails.flatMap(({ name, mail }) => patchIn(mail, name) ?? []);
  if (read.length === 0) throw new Failure('bad-patch', nothing(mails.map(({ mail }) => mail)), placeOf(texts));
  const lines = mails.flatMap(({ mail }) => mail.lines);
  const { patches, notes } = order(read);
  return { patches, baseCommit: baseCommitIn(lines), notes: [...notes, ...prerequisites(lines)] };
};

const placeOf = (texts: readonly PatchText[]) => ({ file: texts.map(({ name }) => name).join(', ') });

const checked = (name: string, text: string): string => {
  if (!/^\s*<(!doctype|html)\b/i.test(text)) return text;
  const hint = "Save the raw mail or the mbox instead: lore calls it 'raw' or 'mbox.gz', patchwork 'mbox'.";
  throw new Failure('bad-patch', 'expected a patch, found a web page in HTML', { file: name }, hint);
};

const nothing = (mails: readonly Mail[]): string => {
  const withHeaders = mails.filter(({ subject }) => subject !== null).length;
  if (withHeaders === 0) return `expected a patch, found ${mails.every(isEmpty) ? 'nothing' : 'text without a diff'}`;
  return `expected a patch, found ${withHeaders === 1 ? 'a mail' : `${withHeaders} mails`} without a diff`;
};

const isEmpty = ({ lines }: Mail): boolean => lines.every((line) => line.trim() === '');

/** A cover letter is number 0, whatever diffs it shows. */
const patchIn = ({ subject, lines }: Mail, name: string): Read | null => {
  const { title, isReply, ...numbers } = readSubject(subject ?? subjectOnPage(lines) ?? '');
  const runs = runsIn(lines);
  if (runs.length === 0 || numbers.number === 0) return null;
  const { files, missing } = chooseRun(runs, diffstatIn(lines));
  const patch = { subject: title || name, ...numbers, files: files.length > 0 ? files : runs.flat() };
  const notes =
    files.length > 0 ? missing.map((file) => `${patch.subject}: its list of files names ${file}, of which there is no diff`) : [];
  return { patch, isReply, notes };
};

const baseCommitIn = (lines: readonly string[]): string | null =>
  lines.map((line) => /^base-commit: ([0-9a-f]{7,64})\s*$/.exec(line)?.[1]).find((id) => id !== undefined) ?? null;

const prerequisites = (lines: readonly string[]): string[] => {
  const count = lines.filter((line) => /^prerequisite-patch-id: [0-9a-f]+/.test(line)).length;
  return count === 0
    ? []
    : [`it needs ${count} ${count === 1 ? 'patch' : 'patches'} before it that ${count === 1 ? 'is' : 'are'} not in it`];
};
