// A recording's parts as texts, to be redacted, and the folder or file that they are written to. Nothing that is there is written over.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Failure } from '../core/failure.ts';
import type { TableBytes } from '../recordings/acpi/table.ts';
import { isTableFile, tablesInFile } from '../recordings/acpi/tableFiles.ts';
import { tableLines, tablesFolder } from '../recordings/acpi/tableText.ts';
import { isTraceDat } from '../recordings/trace/dat/file.ts';
import { openInput } from '../recordings/trace/input.ts';
import { openRecording } from '../recordings/trace/recording.ts';
import { isTar } from '../recordings/trace/tar.ts';
import { wholeText } from './wholeText.ts';

export interface Texts {
  readonly isSingle: boolean;
  /** By name without `.gz`. Of what is no text, an empty one: it is only named. */
  readonly parts: ReadonlyMap<string, string>;
}

const hint = 'Redact what `trace-cmd report` prints of it.';

const notBinary = (first: Uint8Array, file: string): void => {
  if (isTraceDat(first)) throw new Failure('bad-trace', 'expected a recording in text, found trace.dat', { file }, hint);
};

const textOf = (file: string): Promise<string> => wholeText(file, (first) => notBinary(first, file));

const plainName = (name: string): string => name.replace(/\.gz$/, '');

const textual = /\.(?:txt|jsonl|log|md)$|^trace$|^bpftrace\.json$/;

const snapshotName = 'topology.txt';

/** Tables of ACPI in files of their own become lines of the snapshot, where the names of their makers can be blanked. */
const withTables = (parts: Map<string, string>, bytesOf: (name: string) => Uint8Array, file: string): Map<string, string> => {
  const text = parts.get(snapshotName);
  if (text === undefined) return parts;
  const names = [...parts.keys()].filter(isTableFile);
  const tables = names.flatMap((name) => tablesInFile(name, bytesOf(name), `${file}: ${name}`));
  const isNew = ({ signature }: TableBytes): boolean => !text.includes(`${tablesFolder}/${signature}\t`);
  const lines = tables.filter(isNew).flatMap(({ signature, bytes }) => tableLines(signature, bytes));
  for (const name of names) parts.delete(name);
  return parts.set(snapshotName, [text.replace(/\n$/, ''), ...lines, ''].join('\n'));
};

const folderTexts = async (folder: string): Promise<Texts> => {
  const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  const parts = new Map<string, string>();
  for (const name of names.sort()) {
    if (/^trace\.dat(\.gz)?$/.test(name)) notBinary(readFileSync(join(folder, name)), join(folder, name));
    parts.set(plainName(name), textual.test(plainName(name)) ? await textOf(join(folder, name)) : '');
  }
  return { isSingle: false, parts: withTables(parts, (name) => readFileSync(join(folder, name)), folder) };
};

const archiveTexts = async (file: string): Promise<Texts> => {
  const recording = await openRecording(file);
  const names = [...recording.parts.keys()];
  const packed = names.find((name) => name.endsWith('.gz') || name === 'trace.dat');
  if (packed !== undefined) throw new Failure('bad-trace', `expected parts in text, found ${packed} in the archive`, { file }, hint);
  const parts = new Map(names.map((name) => [name, textual.test(name) ? recording.text(name)! : '']));
  return { isSingle: false, parts: withTables(parts, (name) => recording.bytes(name)!, file) };
};

export const textsAt = async (path: string): Promise<Texts> => {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return folderTexts(path);
  const input = await openInput(path, 512);
  await input.close();
  if (isTar(input.first)) return archiveTexts(path);
  return { isSingle: true, parts: new Map([['trace.txt', await textOf(path)]]) };
};

const taken = (file: string): Failure =>
  new Failure('bad-usage', 'expected a name that is free behind --out, found something there', { file }, 'Name another, or remove it.');

export const writeTexts = ({ isSingle }: Texts, parts: ReadonlyMap<string, string>, out: string): void => {
  const there = statSync(out, { throwIfNoEntry: false });
  if (there !== undefined && (isSingle || !there.isDirectory() || readdirSync(out).length > 0)) throw taken(out);
  if (isSingle) {
    writeFileSync(out, parts.get('trace.txt')!);
    return;
  }
  mkdirSync(out, { recursive: true });
  for (const [name, text] of parts) writeFileSync(join(out, basename(name)), text);
};
