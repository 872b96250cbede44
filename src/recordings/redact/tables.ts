// Tables of ACPI in a snapshot without the names of who made the machine. Addresses stay: the same ones name instances and regions in
// sysfs, and verdicts rest on them. A table that cannot be read is left out.
import { header, makerBytes } from '../acpi/layouts.ts';
import { type Signature, signatures, Table, type TableBytes } from '../acpi/table.ts';
import { tableLines, tableOfSnapshot, tablesFolder } from '../acpi/tableText.ts';
import { Snapshot } from '../snapshotLines.ts';

const [checksum] = header.checksum;

/** Zero bytes for names and versions, and the checksum that goes with them. */
const unmarked = (table: TableBytes): Uint8Array => {
  new Table(table);
  const bytes = Uint8Array.from(table.bytes).fill(0, ...makerBytes);
  bytes[checksum] = 0;
  bytes[checksum] = (256 - (bytes.reduce((sum, byte) => sum + byte, 0) % 256)) % 256;
  return bytes;
};

const attempt = (read: () => string[]): string[] => {
  try {
    return read();
  } catch {
    return [];
  }
};

const isTable = (line: string): boolean => line.startsWith(`${tablesFolder}/`);

/** Those that a snapshot has lines of. */
export const tablesIn = (text: string): Signature[] => signatures.filter((signature) => text.includes(`${tablesFolder}/${signature}\t`));

/** Lines of a snapshot; those of tables come last. */
export const withoutMakers = (text: string): string => {
  const lines = text.split('\n');
  const found = lines.filter(isTable);
  if (found.length === 0) return text;
  const snapshot = new Snapshot(found);
  const linesOf = (signature: Signature): string[] =>
    attempt(() => {
      const table = tableOfSnapshot(snapshot, signature, signature);
      return table ? tableLines(signature, unmarked(table)) : [];
    });
  const others = lines.filter((line) => !isTable(line) && line !== '');
  return `${[...others, ...signatures.flatMap(linesOf)].join('\n')}\n`;
};
