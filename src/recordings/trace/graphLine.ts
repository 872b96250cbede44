// One line of function_graph taken apart: the columns that its options leave, and what stands in the last one
// (kernel/trace/trace_functions_graph.c).
import { timeOf } from './text.ts';

/** What a trace does not print is null. */
export interface GraphColumns {
  readonly time: number | null;
  readonly cpu: number | null;
  readonly comm: string | null;
  readonly pid: number | null;
  /** Nanoseconds. */
  readonly duration: number;
  /** Calls around this one, by the blanks before it. */
  readonly depth: number;
  readonly words: string;
}

export type GraphWords =
  | { readonly kind: 'entry'; readonly called: string; readonly args: string }
  | { readonly kind: 'leaf'; readonly called: string; readonly args: string; readonly value: string | undefined }
  /** Without a name unless the option funcgraph-tail is on. */
  | { readonly kind: 'exit'; readonly called: string | undefined; readonly value: string | undefined }
  | { readonly kind: 'comment'; readonly words: string };

/**
 * Options funcgraph-abstime, -cpu, -proc, latency-format (its flags), -duration with the mark of its size. Every repetition has a limit,
 * so that no line takes long.
 */
const columns = new RegExp(
  [
    /^(?: {0,8}(\d{1,12})\.(\d{6}) \| {1,4})?/,
    /(?: {0,8}(?:\d{1,12} us \| {1,4})?(\d{1,5})\) )?/,
    /(?: {0,20}(\S.{0,15}?)-(\d{1,10}) {0,12}\| {0,2})?/,
    /(?: {0,4}[^\s\d|]\S{3,7} {0,4}\| {0,2})?/,
    /(?: {0,20}(?:[$*@#!+] {0,8})?(?:(\d{1,12})\.(\d{1,3}) us)? {0,20}\| {2})?/,
    /( *)(\S.*)$/,
  ]
    .map(({ source }) => source)
    .join(''),
  's',
);

export const columnsOf = (line: string): GraphColumns | undefined => {
  const found = columns.exec(line);
  if (found === null) return undefined;
  const [, seconds, fraction, cpu, comm, pid, whole, part, blanks, words] = found;
  return {
    time: seconds === undefined ? null : timeOf(seconds, fraction),
    cpu: cpu === undefined ? null : Number(cpu),
    comm: comm ?? null,
    pid: pid === undefined ? null : Number(pid),
    duration: whole === undefined ? 0 : Number(whole) * 1000 + Number(part!.padEnd(3, '0').slice(0, 3)),
    depth: blanks!.length >> 1,
    words: words!.trimEnd(),
  };
};

const name = String.raw`([^\s(]+(?: \[[^\]]+\])?)`;
/** `= -22` in 6.12, `ret=-22` later. */
const value = String.raw`(?:= |ret=)(\S+)`;
const caller = String.raw`(?: /\* <-.* \*/)?`;
const entry = new RegExp(String.raw`^${name}\((.*)\) \{${caller}$`, 's');
const leaf = new RegExp(String.raw`^${name}\((.*)\);${caller}(?: /\* (?:<-\S+ )?(?:${value})? ?\*/)?$`, 's');
const exit = new RegExp(String.raw`^\}(?: /\* (?:${name})?(?: ?${value})? \*/)?$`);
const comment = /^\/\* (.*) \*\/$/s;

export const wordsOf = (words: string): GraphWords | undefined => {
  const entered = entry.exec(words);
  if (entered) return { kind: 'entry', called: entered[1]!, args: entered[2]! };
  const left = leaf.exec(words);
  if (left) return { kind: 'leaf', called: left[1]!, args: left[2]!, value: left[3] };
  const closed = exit.exec(words);
  if (closed) return { kind: 'exit', called: closed[1], value: closed[2] };
  const said = comment.exec(words);
  return said ? { kind: 'comment', words: said[1]! } : undefined;
};
