// Prints a record as tracefs does: most events by their own format, probes with symbols, the tracers' events in a form of their own.
import { callTokens } from '../functionCalls.ts';
import { asSystemCall, type NamedEvent } from '../text.ts';
import { type EventFormat, numberOf, type RecordBytes, textOf } from './eventFormat.ts';
import { compilerOf, type Expression, tokensOf } from './expression.ts';
import { printf, type Value } from './printf.ts';
import type { Symbols } from './symbols.ts';

/** May throw where a record is damaged. */
export type Printer = (record: RecordBytes) => NamedEvent;

/** Throws where the format of the event cannot be evaluated. */
export const printerOf = (format: EventFormat, symbols: Symbols): Printer => {
  const own = format.system === 'ftrace' ? tracers[format.name] : undefined;
  if (own) return own(format, symbols);
  const text = textPrinter(format, symbols);
  return (record) => {
    const printed = text(record);
    return asSystemCall(format.name, printed) ?? { name: format.name, text: printed };
  };
};

const textPrinter = (format: EventFormat, symbols: Symbols): ((record: RecordBytes) => string) => {
  const [words, ...args] = argumentsOf(format);
  const probe = probes.find(({ field }) => format.fields.has(field));
  if (probe === undefined)
    return (record) =>
      printf(
        String(words!(record)),
        args.map((each) => each(record)),
        symbols,
      );
  return (record) => {
    const rest = String(words!(record)).replace(probe.begins, '');
    const place = probe.place((name) => BigInt.asUintN(64, numberOf(record, format.fields.get(name)!)), symbols);
    const values: readonly Value[] = args.slice(probe.takes).map((each) => each(record));
    return `(${place})${printf(rest, values, symbols)}`;
  };
};

const argumentsOf = (format: EventFormat): Expression[] => {
  const compiler = compilerOf(format, tokensOf(format.print));
  const found = [compiler.expression()];
  while (compiler.peek() === ',') {
    compiler.take(',');
    found.push(compiler.expression());
  }
  if (compiler.peek() !== undefined) compiler.take('the end');
  return found;
};

/** Probes print addresses by their format and symbols in tracefs, where a return says first where it goes (kernel/trace/trace_kprobe.c). */
const probes = [
  {
    field: '__probe_ret_ip',
    begins: /^\(%l?l?x <- %l?l?x\)/,
    takes: 2,
    place: (at: (name: string) => bigint, symbols: Symbols) =>
      `${symbols.withOffset(at('__probe_ret_ip'))} <- ${symbols.plain(at('__probe_func'))}`,
  },
  {
    field: '__probe_ip',
    begins: /^\(%l?l?x\)/,
    takes: 1,
    place: (at: (name: string) => bigint, symbols: Symbols) => symbols.withOffset(at('__probe_ip')),
  },
] as const;

type Own = (format: EventFormat, symbols: Symbols) => Printer;

const address = (format: EventFormat, name: string) => {
  const field = format.fields.get(name);
  return (record: RecordBytes): bigint => (field ? BigInt.asUintN(64, numberOf(record, field)) : 0n);
};

/** A mark is printed under the name of the function that wrote it: `tracing_mark_write`. */
const mark: Own = (format, symbols) => {
  const [ip, words] = [address(format, 'ip'), format.fields.get('buf')];
  return (record) => ({ name: symbols.plain(ip(record)), text: words ? textOf(record, words).replace(/\n$/, '') : '' });
};

const calledFunction: Own = (format, symbols) => {
  const [ip, parent] = [address(format, 'ip'), address(format, 'parent_ip')];
  return (record) => ({ name: 'function', text: `${symbols.plain(ip(record))} <-${symbols.plain(parent(record))}` });
};

const entry: Own = (format, symbols) => {
  const called = address(format, 'func');
  return (record) => callTokens.entry(symbols.plain(called(record)));
};

const exit: Own = (format, symbols) => {
  const [called, value] = [address(format, 'func'), format.fields.has('retval') ? address(format, 'retval') : undefined];
  return (record) => callTokens.exit(symbols.plain(called(record)), value && returned(value(record)));
};

/** As funcgraph-retval prints: errnos, also those of 32 bits, as numbers with sign (kernel/trace/trace_functions_graph.c). */
const returned = (value: bigint): string => {
  const wide = value >> 32n === 0n && (value & 0x8000_0000n) !== 0n ? BigInt.asIntN(32, value) : BigInt.asIntN(64, value);
  return wide < 0n && wide >= -4095n ? `${wide}` : `0x${value.toString(16)}`;
};

const stack: Own = () => () => ({ name: 'kernel_stack', text: '<stack trace>' });

const tracers: Readonly<Record<string, Own>> = {
  print: mark,
  function: calledFunction,
  funcgraph_entry: entry,
  funcgraph_exit: exit,
  kernel_stack: stack,
};
