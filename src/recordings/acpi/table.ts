// One ACPI table as bytes: its head checked, its fields and structures read with every length tested before it is trusted.
import { counted } from '../../core/counted.ts';
import { Failure } from '../../core/failure.ts';
import { header, headerSize, type Layout } from './layouts.ts';

/** Tables that say something of IOMMUs. */
export const signatures = ['DMAR', 'IVRS', 'IORT', 'VIOT'] as const;
export type Signature = (typeof signatures)[number];

export interface TableBytes {
  readonly signature: Signature;
  readonly bytes: Uint8Array;
  /** For messages: a file, or a snapshot's path. */
  readonly file: string;
}

/** No machine's table comes near. */
export const tableLimit = 2 ** 20;

/** A part of a table that ends where its structure ends. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

export interface Structure extends Part {
  readonly type: number;
}

type Fields<L extends Layout> = Readonly<Record<keyof L, number>>;

const hexadecimal = (offset: number): string => `0x${offset.toString(16)}`;

const plain = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/[^ -~]/g, '?');

export class Table {
  readonly signature: Signature;
  readonly revision: number;
  readonly size: number;
  readonly #view: DataView;
  readonly #file: string;

  /** `bad-topology` for bytes that are no such table. */
  constructor({ signature, bytes, file }: TableBytes) {
    this.signature = signature;
    this.#file = file;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < headerSize) throw this.fault(0, `a head of ${headerSize} bytes`, `${bytes.length} bytes in all`);
    const found = plain(bytes.subarray(0, 4));
    if (found !== signature) throw this.fault(0, `the signature ${signature}`, `"${found}"`);
    const { length, revision } = this.fields(header, { start: 0, end: headerSize });
    this.revision = revision;
    this.size = length;
    if (length !== bytes.length) throw this.fault(4, `the length of the file, ${bytes.length}`, `${length}: ${cutOrMore(length, bytes)}`);
    const sum = bytes.reduce((total, byte) => (total + byte) % 256, 0);
    if (sum !== 0) throw this.fault(9, 'a checksum that makes the sum of all bytes 0', `a sum of ${hexadecimal(sum)}`);
  }

  fault(offset: number, expected: string, found: string): Failure {
    const message = `${this.signature} at offset ${hexadecimal(offset)}: expected ${expected}, found ${found}`;
    const hint = `Copy it again: cat /sys/firmware/acpi/tables/${this.signature} > acpi-${this.signature}.bin`;
    return new Failure('bad-topology', message, { file: this.#file }, hint);
  }

  /** Whole table, from an offset on. */
  from(start: number): Part {
    if (start > this.size) throw this.fault(this.size, `structures from ${hexadecimal(start)} on`, 'the end of the table');
    return { start, end: this.size };
  }

  /** Fields of a part; sizes of eight bytes are rounded above 2^53, as everywhere in a topology. */
  fields<L extends Layout>(layout: L, { start, end }: Part): Fields<L> {
    const read = Object.entries(layout).map(([name, [offset, size]]) => {
      const at = start + offset;
      if (at + size > end) throw this.fault(at, `${counted(size, 'byte')} of ${name}`, `the end of the structure at ${hexadecimal(end)}`);
      return [name, this.#number(at, size)] as const;
    });
    return Object.fromEntries(read) as Fields<L>;
  }

  #number(at: number, size: 1 | 2 | 4 | 8): number {
    if (size === 1) return this.#view.getUint8(at);
    if (size === 2) return this.#view.getUint16(at, true);
    return size === 4 ? this.#view.getUint32(at, true) : Number(this.#view.getBigUint64(at, true));
  }

  /** Structures one behind the other, each with its type and length in its head; `most` where the table counts them. */
  structures(head: Layout & { type: Layout[string]; length: Layout[string] }, part: Part, most = Number.POSITIVE_INFINITY): Structure[] {
    const least = Math.max(...Object.values(head).map(([offset, size]) => offset + size));
    const found: Structure[] = [];
    for (let start = part.start; start < part.end && found.length < most; ) {
      const { type, length } = this.fields(head, { start, end: part.end });
      if (length! < least) throw this.fault(start, `a structure of at least ${least} bytes`, `one of ${length}`);
      const end = start + length!;
      if (end > part.end)
        throw this.fault(start, `a structure that ends by ${hexadecimal(part.end)}`, `one that ends at ${hexadecimal(end)}`);
      found.push({ type: type!, start, end });
      start = end;
    }
    return found;
  }
}

const cutOrMore = (length: number, bytes: Uint8Array): string => (length > bytes.length ? 'the file was cut short' : 'the file has more');
