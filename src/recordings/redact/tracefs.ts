// Lines of tracefs without names: the comm of the thread, pointers and paths in what is printed; events that no verdict rests on keep
// their name only, as they may print anything.
import { isMark, markIn } from '../kernel/marks.ts';
import { probeTable } from '../probeTable.ts';
import { eventOf, lostIn, prefixOf } from '../trace/formats/tracefs.ts';
import { asTracefs } from '../trace/text.ts';
import type { Names } from './names.ts';
import { withoutAddresses, withoutPaths } from './words.ts';

export type LineRedactor = (line: string, names: Names) => string;

export const leftOut = 'left out';

/** The kernel's own stand-ins for a comm. */
const noComm: ReadonlySet<string> = new Set(['<idle>', '<...>']);

export const comm = (name: string, names: Names): string => (noComm.has(name) ? name : names.comm(name));

/** The beginning of a line with the thread's name in its column; blanks before it take up what is missing. */
export const withComm = (head: string, name: string, pid: number, names: Names): string => {
  const place = head.indexOf(`${name}-${pid}`);
  const blanks = head.slice(0, place);
  const instead = comm(name, names);
  const spare = Math.max(0, instead.length - name.length);
  return `${blanks.endsWith(' '.repeat(spare)) ? blanks.slice(0, blanks.length - spare) : blanks}${instead}${head.slice(place + name.length)}`;
};

const commField = /\b(comm=)("?)([^"\s]+)\2/g;

export const printed = (text: string, names: Names): string => {
  const named = text.replace(commField, (_, field: string, quote: string, name: string) => `${field}${quote}${comm(name, names)}${quote}`);
  return withoutPaths(withoutAddresses(named, names), names);
};

/** Static events of the IOMMU core and drivers, the request's own system call, the function tracer, stacks. */
export const keptEvent =
  /^(?:(?:un)?map|add_device_to_group|remove_device_from_group|(?:at|de)tach_device_(?:to|from)_domain|io_page_fault|sys_ioctl|function|kernel_stack)$/;

const probed: ReadonlySet<string> = new Set(probeTable.map((row) => row.function));
/** Arguments that are read by their name, whatever the function. */
const keptField = /^(?:dom|domain|dev|device|gid|grp|group)$/;
const quoted = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** A probe of a function that no verdict rests on may print any string. */
const probe = (text: string, names: Names): string => {
  const called = /^[\w.]+: \((?:\S+(?: \[[^\]]+\])? <- )?([A-Za-z_]\w*)/.exec(text)?.[1];
  if (called !== undefined && probed.has(called)) return printed(text, names);
  return printed(
    text.replace(quoted, (whole, field: string) => (keptField.test(field) ? whole : `${field}="${leftOut}"`)),
    names,
  );
};

export const event = (rest: string, names: Names): string => {
  const found = eventOf(rest);
  if (found === undefined) return leftOut;
  if (found.text.startsWith('(') && !found.name.startsWith('sys_')) return probe(rest, names);
  if (keptEvent.test(found.name)) return printed(rest, names);
  // Of what people wrote into the trace, what a verdict rests on.
  const mark = isMark(found.name) ? markIn(found.text) : undefined;
  if (mark) return `${found.name}: ${mark.words}`;
  if (!found.name.startsWith('sys_')) return `${found.name}: ${leftOut}`;
  return found.text.startsWith('(') ? `${found.name}()` : rest;
};

/** Headings of tracefs; others, as of tools, name machines and command lines. */
const heading =
  /^#(?: tracer: [\w-]+| entries-in-buffer\/.*| *(?:_-+=> .*|[|/ _-]*(?:=> [\w/ -]+|delay)?| *(?:TASK|TIME|CPU)[A-Z#/| -]*|[|/ ]+))$/;

export const unprefixed = (line: string, names: Names): string => {
  if (line.trim() === '') return '';
  if (line.startsWith('#')) return heading.test(line) ? line : '#';
  if (lostIn(line, 0) !== undefined) return line;
  return line.startsWith(' => ') ? printed(line, names) : leftOut;
};

export const tracefsLine: LineRedactor = (line, names) => {
  const prefix = prefixOf(line);
  if (prefix === undefined) return unprefixed(line, names);
  const head = line.slice(0, line.length - prefix.rest.length);
  return `${withComm(head, prefix.comm, prefix.pid, names)}${event(prefix.rest, names)}`;
};

/** What perf prints of an event whose name stands before: the same, in other forms. */
export const eventWords = (name: string, words: string, names: Names): string => {
  const said = asTracefs(name, words);
  if (words.startsWith('(')) return probe(`${name}: ${words}`, names).slice(name.length + 2);
  if (keptEvent.test(said.name)) return printed(words, names);
  const mark = isMark(name) || isMark(said.name) ? markIn(words) : undefined;
  if (mark) return said.name === name ? mark.words : `${said.name}: ${mark.words}`;
  if (!said.name.startsWith('sys_')) return leftOut;
  return said.text.startsWith('(') ? '' : words;
};
