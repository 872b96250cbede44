// The kernel's printf, as far as formats of events use it.
import type { Symbols } from './symbols.ts';

export type Value = bigint | string;

const conversion = /%([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+))?(hh|h|ll|l|L|q|z|t)?(p[A-Za-z0-9]*|[a-zA-Z%])/g;

/** A string argument that is null in the record; probes print it without the quotes. */
export const fault = '\0(fault)\0';

export const printf = (format: string, args: readonly Value[], symbols: Symbols): string => {
  let taken = 0;
  const next = (): Value => args[taken++] ?? 0n;
  const given = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : text === '*' ? Number(next()) : Number(text);
  const found = format.replace(conversion, (_all, flags: string, wide?: string, exact?: string, length?: string, kind = '') => {
    if (kind === '%') return '%';
    const width = given(wide);
    const precision = given(exact);
    return padded(converted(kind, flags, precision, length, next(), symbols), flags, width);
  });
  return found.replaceAll(`"${fault}"`, '(fault)').replaceAll(fault, '(fault)');
};

/** Sixty-four bits unless the length says less; formats say what they mean. */
const bitsOf = (length: string | undefined): number => (length === 'hh' ? 8 : length === 'h' ? 16 : length === undefined ? 32 : 64);

const converted = (
  kind: string,
  flags: string,
  precision: number | undefined,
  length: string | undefined,
  value: Value,
  symbols: Symbols,
): string => {
  if (kind === 's') return precision === undefined ? String(value) : String(value).slice(0, precision);
  if (typeof value === 'string') return value;
  if (kind.startsWith('p')) return pointer(kind, value, symbols);
  if (kind === 'c') return String.fromCharCode(Number(BigInt.asUintN(8, value)));
  if (kind === 'd' || kind === 'i') return signed(BigInt.asIntN(bitsOf(length), value), flags);
  const unsigned = BigInt.asUintN(bitsOf(length), value);
  const digits = unsigned.toString(kind === 'x' || kind === 'X' ? 16 : kind === 'o' ? 8 : 10).padStart(precision ?? 0, '0');
  const prefix = flags.includes('#') && kind.toLowerCase() === 'x' ? '0x' : '';
  return prefix + (kind === 'X' ? digits.toUpperCase() : digits);
};

const signed = (value: bigint, flags: string): string => (value >= 0n && flags.includes('+') ? `+${value}` : `${value}`);

const pointer = (kind: string, value: bigint, symbols: Symbols): string => {
  const address = BigInt.asUintN(64, value);
  if (kind === 'pS' || kind === 'pF' || kind === 'pB') return symbols.withOffset(address);
  if (kind === 'ps' || kind === 'pf') return symbols.plain(address);
  return `0x${address.toString(16)}`;
};

const padded = (text: string, flags: string, width = 0): string => {
  if (flags.includes('-')) return text.padEnd(width);
  const sign = /^[-+]/.test(text) ? text[0]! : '';
  return flags.includes('0') ? sign + text.slice(sign.length).padStart(width - sign.length, '0') : text.padStart(width);
};
