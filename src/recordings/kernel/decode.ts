// From a line of a trace to a function entered or left: which function, and what each argument is.
import { errnoNumbered } from '../../core/errnos.ts';
import type { ProbeKernel, ProbeReturn, ProbeRole, ProbeRow } from '../probeRow.ts';
import { probeTable } from '../probeTable.ts';
import { ownCopy } from '../trace/text.ts';
import type { TraceLine } from '../trace/token.ts';
import { type Definitions, type ProbeDefinition, plainName } from './definitions.ts';
import type { Edge, Noted, Place, Result, Values } from './seen.ts';

/** `iommu_attach_group+0x4/0x40 [module]`; a return has `caller <- function`. */
const atFunction = /^\((?:(.*?) <- )?([A-Za-z_][\w.]*)(?:\+0x[0-9a-f]+(?:\/0x[0-9a-f]+)?)?(?: \[[^\]]+\])?\)(?: |$)(.*)$/;
/** Addresses that nobody resolved: `(ffffffff81234567 <- ffffffff81230000)`. */
const atAddress = /^\((?:0x)?[0-9a-f]{6,16}( <- (?:0x)?[0-9a-f]{6,16})?\)(?: |$)(.*)$/;
const field = /([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|\([^)]*\)|\S+)/g;

/** Names that people give to arguments, where no definition and no row says it. */
const byHabit: Readonly<Record<string, ProbeRole>> = {
  dom: 'domain',
  domain: 'domain',
  dev: 'device',
  device: 'device',
  gid: 'group',
  grp: 'group',
  group: 'group',
  owner: 'owner',
  iommu_data: 'container',
  data: 'container',
};

/** `a2`, `arg2`: where no definition says it, the second argument. */
const numbered = (name: string): number | undefined => {
  const digits = /^a(?:rg)?(\d+)$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

const roleOf = (name: string, definition: ProbeDefinition | undefined, row: ProbeRow | undefined): ProbeRole | undefined => {
  const position = definition ? definition.fields[name] : numbered(name);
  const placed = position === undefined ? undefined : row?.arguments.find((argument) => argument.position === position)?.role;
  return placed ?? row?.arguments.find((argument) => argument.name === name)?.role ?? byHabit[name];
};

/** What is known by name only: an address of one says nothing. */
const named: ReadonlySet<ProbeRole> = new Set(['device', 'bus']);

const unquoted = (text: string): string => (text.startsWith('"') ? text.slice(1, -1) : text);

const valuesOf = (text: string, definition: ProbeDefinition | undefined, row: ProbeRow | undefined): Values => {
  const values: { [R in ProbeRole | 'group-address']?: string } = {};
  for (const [, name, value] of text.matchAll(field)) {
    const role = roleOf(name!, definition, row);
    if (role === undefined || value === '(fault)') continue;
    const isName = value!.startsWith('"');
    if (role === 'group' && value!.startsWith('0x')) values['group-address'] = ownCopy(value!);
    else if (isName || !named.has(role)) values[role] = ownCopy(unquoted(value!));
  }
  return values;
};

const firstErrnoPointer = 0xffff_ffff_ffff_f001n;

const number = (text: string): bigint | null => {
  try {
    return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
  } catch {
    return null;
  }
};

/** A negative number, also one that was printed without its sign: of 32 bits for an errno, of 64 for a pointer. */
const signed = (value: bigint, returns: ProbeReturn | undefined): bigint => {
  if (value >= firstErrnoPointer) return value - (1n << 64n);
  return returns === 'errno' && value >= 0xffff_f001n && value <= 0xffff_ffffn ? value - (1n << 32n) : value;
};

export const resultOf = (text: string, returns: ProbeReturn | undefined): Result | null => {
  const found = number(text);
  if (found === null) return null;
  const value = signed(found, returns);
  if (value < 0n && value >= -4095n) return { kind: 'errno', errno: errnoNumbered(Number(-value)) ?? `errno ${-value}` };
  const isPointer = returns === 'pointer' || (returns === undefined && text.startsWith('0x') && value > 0xffffn);
  if (isPointer && value !== 0n) return { kind: 'pointer', pointer: `0x${value.toString(16)}` };
  return { kind: 'value', value: Number(value) };
};

interface Placed {
  readonly function: string;
  readonly isReturn: boolean;
  readonly rest: string;
}

const placedOf = (text: string, definition: ProbeDefinition | undefined): Placed | null => {
  const named = atFunction.exec(text);
  if (named) return { function: plainName(named[2]!), isReturn: named[1] !== undefined, rest: named[3]! };
  const bare = definition && atAddress.exec(text);
  return bare ? { function: definition.function, isReturn: definition.isReturn, rest: bare[2]! } : null;
};

const placeOf = ({ line, time, cpu, pid, comm }: TraceLine): Place => ({ line, time, cpu, pid, comm });

const rowsByFunction = new Map<string, ProbeRow[]>();
for (const row of probeTable) rowsByFunction.set(row.function, [...(rowsByFunction.get(row.function) ?? []), row]);

/** Where a function's arguments differ between kernels, the row of the given one. */
const rowOf = (name: string, kernel: ProbeKernel): ProbeRow | undefined => {
  const rows = rowsByFunction.get(name);
  return rows?.find(({ kernels }) => kernels.includes(kernel)) ?? rows?.[0];
};

/** What is known besides the trace. */
export interface Decoding {
  readonly definitions: Definitions;
  /** The series nearest to the kernel that was recorded. */
  readonly kernel: ProbeKernel;
}

export const decode = (trace: TraceLine, { definitions, kernel }: Decoding): Edge | Noted => {
  const definition = definitions.get(trace.name);
  const place = placeOf(trace);
  const found = trace.text.startsWith('(') ? placedOf(trace.text, definition) : null;
  if (!found) return { kind: 'noted', place, name: trace.name, text: trace.text };
  const row = rowOf(found.function, kernel);
  if (!found.isReturn) return { kind: 'entered', place, function: found.function, values: valuesOf(found.rest, definition, row) };
  const given = /(?:^|\s)(?:ret|retval|arg1|\w+)=(\S+)/.exec(found.rest)?.[1];
  return { kind: 'left', place, function: found.function, result: given === undefined ? null : resultOf(given, row?.returns) };
};
