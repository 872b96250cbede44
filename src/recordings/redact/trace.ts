// Lines of a trace without names, by the format that the trace is in.
import { Failure } from '../../core/failure.ts';
import { prefixOf } from '../trace/formats/tracefs.ts';
import { formatOf } from '../trace/formats.ts';
import { columnsOf, wordsOf } from '../trace/graphLine.ts';
import type { Names } from './names.ts';
import { bpftraceLine, perfLine } from './toolOutput.ts';
import { comm, event, keptEvent, type LineRedactor, leftOut, printed, tracefsLine, unprefixed, withComm } from './tracefs.ts';

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
  'perf script': perfLine,
  'bpftrace -f json': bpftraceLine,
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
