// The parts of a recording, and how each is redacted; every other part is left out, as nobody knows what it holds.
import { saysSomething } from '../kernelLog.ts';
import type { Names } from './names.ts';
import { withoutMakers } from './tables.ts';
import { traceRedactor } from './trace.ts';
import { withoutAddresses, withoutBuilder, withoutHost, withoutPaths, withoutValues } from './words.ts';

/** Undefined: the line is left out. */
type Line = (line: string, names: Names) => string | undefined;

/** Of a call what `attachlab` reads of it, in the order in which it is logged. */
const callKeys = ['seq', 't_ns', 't_end_ns', 'pid', 'tid', 'phase', 'op', 'container', 'group', 'dev', 'arg', 'ret', 'errno', 'err'];

/** A last line that was cut off is no JSON. */
const call: Line = (line, names) => {
  if (line.trim() === '') return line;
  try {
    const found = JSON.parse(line) as Record<string, unknown>;
    const kept = callKeys.flatMap((key) => {
      const value = found[key];
      return value === undefined ? [] : [[key, typeof value === 'string' ? withoutPaths(withoutAddresses(value, names), names) : value]];
    });
    return JSON.stringify(Object.fromEntries(kept));
  } catch {
    return undefined;
  }
};

const log: Line = (line, names) => (saysSomething(line) ? withoutAddresses(withoutBuilder(line, names), names) : undefined);

const parameters: Line = (line, names) => withoutAddresses(withoutValues(line, names), names);
const version: Line = (line, names) => withoutBuilder(withoutHost(line, names), names);
const plain: Line = (line, names) => withoutAddresses(line, names);

/** Files of a snapshot that are not below /sys, each as the part that it stands in for. */
const besides: Readonly<Record<string, Line>> = { '/proc/cmdline': parameters, '/proc/version': version, '/dev/kmsg': log };

const snapshot: Line = (line, names) => {
  const tab = line.indexOf('\t');
  const beside = tab < 0 ? undefined : besides[line.slice(0, tab)];
  if (beside === undefined) return line.startsWith('/sys/') ? plain(line, names) : undefined;
  const content = beside(line.slice(tab + 1), names);
  return content === undefined ? undefined : `${line.slice(0, tab + 1)}${content}`;
};

const parts: readonly (readonly [RegExp, Line | 'trace'])[] = [
  [/^(?:trace(?:-graph)?(?:\.txt)?|perf\.txt|bpftrace\.json)$/, 'trace'],
  [/^calls(?:-graph)?\.jsonl$/, call],
  [/^dmesg\.txt$/, log],
  [/^topology\.txt$/, snapshot],
  [/^uname\.txt$/, version],
  [/^cmdline\.txt$/, parameters],
  [/^kprobe_events\.txt$/, plain],
];

const lineOf = (name: string): Line | 'trace' | undefined => parts.find(([pattern]) => pattern.test(name))?.[1];

export const isRedacted = (part: string): boolean => lineOf(part) !== undefined;

export const isTrace = (part: string): boolean => lineOf(part) === 'trace';

const redactLines = (text: string, names: Names, line: Line): string => {
  const isWhole = text.endsWith('\n');
  const lines = (isWhole ? text.slice(0, -1) : text).split('\n').flatMap((each) => line(each, names) ?? []);
  return `${lines.join('\n')}${isWhole && lines.length > 0 ? '\n' : ''}`;
};

/** `bad-trace` for a trace in a format that cannot be redacted. `file` is for messages. */
export const redactPart = (part: string, text: string, names: Names, file: string): string => {
  const line = lineOf(part)!;
  const redacted = redactLines(text, names, line === 'trace' ? traceRedactor(text.split('\n', 200), file) : line);
  return line === snapshot ? withoutMakers(redacted) : redacted;
};
