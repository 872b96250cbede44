// ACPI tables as text: lines of bytes in hexadecimal in a snapshot, as `od -An -v -tx1` prints them, and what `acpidump` prints.
import { Failure } from '../../core/failure.ts';
import type { Snapshot } from '../snapshotLines.ts';
import { type Signature, signatures, type TableBytes, tableLimit } from './table.ts';

export const tablesFolder = '/sys/firmware/acpi/tables';

const perLine = 16;

/** Lines of a snapshot for a table. */
export const tableLines = (signature: Signature, bytes: Uint8Array): string[] =>
  Array.from({ length: Math.ceil(bytes.length / perLine) }, (_, index) => {
    const some = [...bytes.subarray(index * perLine, (index + 1) * perLine)];
    return `${tablesFolder}/${signature}\t${some.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
  });

const pairs = /^(?:[0-9a-f]{2}(?: |$))+/i;

/** The bytes at the beginning of a text; undefined where there are none. */
const bytesIn = (text: string): number[] | undefined =>
  pairs
    .exec(text)?.[0]
    .trim()
    .split(' ')
    .map((pair) => Number.parseInt(pair, 16));

/** Undefined: the snapshot does not have it. `bad-topology` for a line that is none. */
export const tableOfSnapshot = (snapshot: Snapshot, signature: Signature, file: string): TableBytes | undefined => {
  const path = `${tablesFolder}/${signature}`;
  const lines = snapshot.lines(path);
  if (!lines) return undefined;
  const bytes: number[] = [];
  for (const { line, content } of lines) {
    const found = bytesIn(content);
    if (found === undefined || pairs.exec(content)![0].length < content.length)
      throw new Failure('bad-topology', `${signature}: expected bytes in hexadecimal, found "${content.slice(0, 40)}"`, { file, line });
    bytes.push(...found);
    demandSize(bytes.length, { file, line });
  }
  return { signature, bytes: Uint8Array.from(bytes), file: path };
};

const demandSize = (size: number, place: { file: string; line?: number }): void => {
  if (size > tableLimit) throw new Failure('bad-topology', `expected an ACPI table of at most ${tableLimit} bytes, found more`, place);
};

/** `DMAR @ 0x000000007F0D2018` begins a table; then `    0000: 44 4D 41 52 ...  DMAR...` a line. */
const dumpHead = /^(\S{4}) @ 0x[0-9a-f]+\s*$/i;
const dumpLine = /^\s*([0-9a-f]{4,8}): (.*)$/i;

export const isDump = (text: string): boolean => dumpHead.test(text.slice(0, text.indexOf('\n', 1)).trim());

const isWanted = (name: string): name is Signature => (signatures as readonly string[]).includes(name);

/** The tables of a dump that say something of IOMMUs. */
export const tablesOfDump = (text: string, file: string): TableBytes[] => {
  const found: { signature: Signature; bytes: number[] }[] = [];
  let open: number[] | undefined;
  text.split('\n').forEach((line, index) => {
    const head = dumpHead.exec(line)?.[1];
    if (head !== undefined) {
      open = isWanted(head) ? [] : undefined;
      if (open) found.push({ signature: head as Signature, bytes: open });
      return;
    }
    const [, offset, rest] = dumpLine.exec(line) ?? [];
    if (offset === undefined || open === undefined) return;
    const place = { file, line: index + 1 };
    if (Number.parseInt(offset, 16) !== open.length)
      throw new Failure('bad-topology', `expected offset ${open.length.toString(16)} of the table, found ${offset}: a line is lost`, place);
    open.push(...(bytesIn(rest!) ?? []).slice(0, perLine));
    demandSize(open.length, place);
  });
  return found.map(({ signature, bytes }) => ({ signature, bytes: Uint8Array.from(bytes), file: `${file}: ${signature}` }));
};
