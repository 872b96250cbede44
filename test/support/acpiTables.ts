// ACPI tables: those of recorded machines, and made ones whose length and checksum are right.
import { readFileSync } from 'node:fs';
import type { Signature, TableBytes } from '../../src/recordings/acpi/table.ts';

export const recordedTable = (name: string): TableBytes => {
  const file = `test/recordings/acpi/${name}.bin`;
  return { signature: name.slice(0, 4) as Signature, bytes: readFileSync(file), file: `acpi-${name.slice(0, 4)}.bin` };
};

/** Numbers as bytes, low ones first: `bytes([1, 4])` is 01 00 00 00. */
export const bytes = (...fields: readonly (readonly [value: number, size: number])[]): number[] =>
  fields.flatMap(([value, size]) => Array.from({ length: size }, (_, index) => Math.floor(value / 256 ** index) % 256));

/** Its length and checksum set right. */
export const sealed = (given: Uint8Array): Uint8Array => {
  const table = Uint8Array.from(given);
  table.set(bytes([table.length, 4]), 4);
  table[9] = 0;
  table[9] = (256 - (table.reduce((sum, byte) => sum + byte, 0) % 256)) % 256;
  return table;
};

export const madeTable = (signature: Signature, revision: number, body: readonly number[]): TableBytes => {
  const head = [
    ...Buffer.from(signature),
    ...bytes([0, 4], [revision, 1], [0, 1]),
    ...Buffer.from('MAKER MAKERTBL'),
    ...bytes([1, 4]),
    ...Buffer.from('MAKE'),
    ...bytes([1, 4]),
  ];
  return { signature, bytes: sealed(Uint8Array.from([...head, ...body])), file: `acpi-${signature}.bin` };
};
