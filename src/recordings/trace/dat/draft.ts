// A trace.dat while its structure is read: parts and options fill in what they know.
import type { Decompress } from './compression.ts';
import type { RandomAccess } from './cursor.ts';

/** The data of a CPU: pages of its ring buffer, or compressed pieces of so many pages. */
export interface CpuData {
  readonly cpu: number;
  readonly offset: number;
  readonly size: number;
  readonly compressed: boolean;
  readonly pageSize: number;
}

/** The file `format` of an event, with its system. */
export interface FormatText {
  readonly system: string;
  readonly text: string;
}

export interface Draft {
  readonly access: RandomAccess;
  readonly bigEndian: boolean;
  /** Of the kernel: 4 or 8. */
  longSize: 4 | 8;
  readonly pageSize: number;
  decompress: Decompress | undefined;
  readonly formats: FormatText[];
  kallsyms: string;
  printk: string;
  cmdlines: string;
  clock: string;
  /** What is added to every time, in nanoseconds. */
  timeOffset: number;
  /** Turns counts of the time stamp counter into nanoseconds. */
  tsc: { readonly multiplier: number; readonly shift: number } | undefined;
  cpuCount: number | undefined;
  readonly cpus: CpuData[];
  /** What the file holds and is not read, in words. */
  readonly notRead: string[];
}

export type TraceFile = Readonly<Draft>;

export const newDraft = (access: RandomAccess, bigEndian: boolean, longSize: 4 | 8, pageSize: number): Draft => ({
  access,
  bigEndian,
  longSize,
  pageSize,
  decompress: undefined,
  formats: [],
  kallsyms: '',
  printk: '',
  cmdlines: '',
  clock: 'local',
  timeOffset: 0,
  tsc: undefined,
  cpuCount: undefined,
  cpus: [],
  notRead: [],
});
