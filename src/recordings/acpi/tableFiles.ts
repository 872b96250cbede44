// ACPI tables in files beside a snapshot, by their names: as recorders, /sys/firmware/acpi/tables and acpixtract call them, or a dump of all.
import { type Signature, signatures, type TableBytes } from './table.ts';
import { isDump, tablesOfDump } from './tableText.ts';

/** acpi-DMAR.bin, DMAR, dmar.dat, ... */
const alone = new RegExp(`^(?:acpi[-_])?(${signatures.join('|')})\\d?(?:\\.(?:bin|dat|aml))?$`, 'i');
/** What people call the output of acpidump. */
const dump = /^acpi(?:dump)?\.(?:txt|out|log)$/i;

export const isTableFile = (name: string): boolean => alone.test(name) || dump.test(name);

/** Tables in a file, none where it is something else. `file` is for messages. */
export const tablesInFile = (name: string, bytes: Uint8Array, file: string): readonly TableBytes[] => {
  const text = (): string => new TextDecoder().decode(bytes);
  if (dump.test(name)) return isDump(text()) ? tablesOfDump(text(), file) : [];
  const signature = alone.exec(name)?.[1]?.toUpperCase() as Signature | undefined;
  return signature === undefined ? [] : [{ signature, bytes, file }];
};
