// The output of perf script and of bpftrace without names, in the form that its reader takes.
import type { Names } from './names.ts';
import { comm, eventWords, type LineRedactor, leftOut, printed, tracefsLine } from './tracefs.ts';

/** As the reader of perf script has it: comm, thread, and what else -F left; then a sample or a record. */
const head = String.raw`^( {0,20})(\S.{0,20}?)( {1,20}(?:-?\d{1,10}/)?-?\d{1,10} {1,20}(?:\[\d{1,5}\] {1,20})?(?:\d{1,12}\.\d{1,9}: {1,64})?)`;
const sample = new RegExp(String.raw`${head}((?:\d{1,20} {1,64})?[\w-]{1,64}:)([\w.]{1,128})(: ?)(.*)$`, 's');
const record = new RegExp(String.raw`${head}(PERF_RECORD_\w+)(.*)$`, 's');
const lost = /\blost (?:samples )?\d{1,15}/;

/** Of a call chain only the kernel's part. */
const frame = (line: string, names: Names): string =>
  /^\t *[0-9a-f]+ .*\((?:\[(?:kernel|guest)\.[\w.]+\]|\[\w+\])\)$/.test(line) && !line.includes('[unknown]')
    ? printed(line, names)
    : `\t0 ${leftOut}`;

const unsampled = (line: string, names: Names): string => {
  const found = record.exec(line);
  if (found) return `${found[1]}${comm(found[2]!, names)}${found[3]}${found[4]} ${lost.exec(found[5]!)?.[0] ?? ''}`.trimEnd();
  if (line.startsWith('#')) return '#';
  if (line.trim() === '') return '';
  return line.startsWith('\t') ? frame(line, names) : leftOut;
};

export const perfLine: LineRedactor = (line, names) => {
  const found = sample.exec(line);
  if (!found) return unsampled(line, names);
  const [, blanks, name, columns, system, event, colon, words] = found as unknown as string[];
  return `${blanks}${comm(name!, names)}${columns}${system}${event}${colon}${eventWords(event!, words!, names)}`;
};

const textOf = (data: unknown, names: Names): string =>
  typeof data === 'string'
    ? data
        .split('\n')
        .map((line) => (line === '' ? '' : tracefsLine(line, names)))
        .join('\n')
    : '';

/** Counts are kept; a map or a histogram may have anything as its keys. */
const countsOf = (data: unknown): Record<string, number> => {
  const counts = Object.entries((data ?? {}) as Record<string, unknown>).filter(([, count]) => typeof count === 'number');
  return Object.fromEntries(counts) as Record<string, number>;
};

export const bpftraceLine: LineRedactor = (line, names) => {
  if (line.trim() === '') return '';
  try {
    const { type, data } = JSON.parse(line) as { type?: unknown; data?: unknown };
    if (type === 'printf') return `{"type": "printf", "data": ${JSON.stringify(textOf(data, names))}}`;
    const isCounted = type === 'lost_events' || type === 'attached_probes';
    const said = typeof type === 'string' && /^\w{1,40}$/.test(type) ? type : leftOut;
    return `{"type": "${said}", "data": ${isCounted ? JSON.stringify(countsOf(data)) : '""'}}`;
  } catch {
    return leftOut;
  }
};
