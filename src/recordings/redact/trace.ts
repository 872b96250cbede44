// Lines of a trace without names: the comm of the thread, pointers and paths in what is printed; events that no verdict rests on keep
// their name only, as they may print anything.
import { Failure } from '../../core/failure.ts';
import { isMark, markIn } from '../kernel/marks.ts';
import { probeTable } from '../probeTable.ts';
import { eventOf, lostIn, prefixOf } from '../trace/formats/tracefs.ts';
import { formatOf } from '../trace/formats.ts';
import { columnsOf, wordsOf } from '../trace/graphLine.ts';
import type { Names } from './names.ts';
import { withoutAddresses, withoutPaths } from './words.ts';

export type LineRedactor = (line: string, names: Names) => string;

const leftOut = 'left out';

/** The kernel's own stand-ins for a comm. */
const noComm: ReadonlySet<string> = new Set(['<idle>', '<...>']);

const comm = (name: string, names: Names): string => (noComm.has(name) ? name : names.comm(name));

/** The beginning of a line with the thread's name in its column; blanks before it take up what is missing. */
const withComm = (head: string, name: string, pid: number, names: Names): string => {
  const place = head.indexOf(`${name}-${pid}`);
  const blanks = head.slice(0, place);
  const instead = comm(name, names);
  const spare = Math.max(0, instead.length - name.length);
  return `${blanks.endsWith(' '.repeat(spare)) ? blanks.slice(0, blanks.length - spare) : blanks}${instead}${head.slice(place + name.length)}`;
};

const commField = /\b(comm=)("?)([^"\s]+)\2/g;

const printed = (text: string, names: Names): string => {
  const named = text.replace(commField, (_, field: string, quote: string, name: string) => `${field}${quote}${comm(name, names)}${quote}`);
  return withoutPaths(withoutAddresses(named, names), names);
};

/** Static events of the IOMMU core and drivers, the request's own system call, the function tracer, stacks. */
const keptEvent =
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

const event = (rest: string, names: Names): string => {
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

const unprefixed = (line: string, names: Names): string => {
  if (line.trim() === '') return '';
  if (line.startsWith('#')) return heading.test(line) ? line : '#';
  if (lostIn(line, 0) !== undefined) return line;
  return line.startsWith(' => ') ? printed(line, names) : leftOut;
};

const tracefsLine: LineRedactor = (line, names) => {
  const prefix = prefixOf(line);
  if (prefix === undefined) return unprefixed(line, names);
  const head = line.slice(0, line.length - prefix.rest.length);
  return `${withComm(head, prefix.comm, prefix.pid, names)}${event(prefix.rest, names)}`;
};

/** `trace-cmd report` says these around its events. */
const aroundReport = /^(?:cpus=\d+|CPU \d+ is empty|CPU:\d+ \[(?:\d+ )?EVENTS DROPPED\])$/;

const reportLine: LineRedactor = (line, names) => {
  const prefix = prefixOf(line);
  if (prefix === undefined) return aroundReport.test(line) ? line : unprefixed(line, names);
  const head = line.slice(0, line.length - prefix.rest.length);
  const [padded, name] = /^([\w.]+): */.exec(prefix.rest) ?? ['', ''];
  const rest = `${name}: ${prefix.rest.slice(padded.length)}`;
  const instead = name!.startsWith('funcgraph_') ? printed(rest, names) : event(rest, names);
  return `${withComm(head, prefix.comm, prefix.pid, names)}${padded}${instead.slice(name!.length + 2)}`;
};

const taskSwitch = /^( *(?:\d+\.\d+ \| +)?\d+\) +)(.*)-(\d+)( +=> +)(\S.*?)-(\d+)( *)$/;

const graphWords = (words: string, names: Names): string => {
  const found = wordsOf(words);
  if (found === undefined) return leftOut;
  if (found.kind !== 'comment') return printed(words, names);
  const name = /^(\w+): /.exec(found.words)?.[1] ?? '';
  return keptEvent.test(name) ? printed(words, names) : `/* ${leftOut} */`;
};

const graphLine: LineRedactor = (line, names) => {
  const switched = taskSwitch.exec(line);
  if (switched) {
    const [, head, before, pid, arrow, after, next, end] = switched as unknown as string[];
    return `${head}${comm(before!, names)}-${pid}${arrow}${comm(after!, names)}-${next}${end}`;
  }
  const columns = line.startsWith('#') ? undefined : columnsOf(line);
  if (columns === undefined) return /^[ -]*$/.test(line) ? line : unprefixed(line, names);
  const words = line.trimEnd().length - columns.words.length;
  const head = line.slice(0, words);
  const named = columns.comm === null || columns.pid === null ? head : withComm(head, columns.comm, columns.pid, names);
  return `${named}${graphWords(columns.words, names)}`;
};

const redactors: Readonly<Record<string, LineRedactor>> = {
  tracefs: tracefsLine,
  function_graph: graphLine,
  'trace-cmd report': reportLine,
};

/** Enough lines to know the format of a trace by. */
const lookedAt = 50;

export const traceRedactor = (lines: readonly string[], file: string): LineRedactor => {
  const { name } = formatOf(lines.slice(0, lookedAt), file);
  const redactor = redactors[name];
  const isRead = name !== 'trace-cmd report' || lines.some((line) => prefixOf(line) !== undefined);
  if (redactor && isRead) return redactor;
  const wanted = `expected a trace of ${Object.keys(redactors).join(' or ')}, found one of ${name}`;
  throw new Failure('bad-trace', `${wanted}, which cannot be redacted`, { file });
};
