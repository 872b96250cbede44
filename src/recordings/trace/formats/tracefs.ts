// The text of tracefs, `trace` and `trace_pipe`: `comm-pid [cpu] flags time: event: text` (kernel/trace/trace_output.c).
import type { LineReader, TextFormat } from '../format.ts';
import { callText, type NamedEvent, newNames, timeOf } from '../text.ts';
import type { LostEvents, Token } from '../token.ts';

/** `comm-pid` and, with the option record-tgid, `(tgid)`; a comm may hold blanks, dashes and brackets. */
const task = /^ *(.*)-(\d+) *(?:\( *(?:\d+|-+)\) *)?$/;

/** After `[cpu]`: flags unless the option irq-info is off, four to eight of them by kernel; then the time of any clock. */
const afterCpu = /^(?:[^\s\d]\S{3,7} +| +|[^\s\d]\S{4})?(\d{1,20})(?:\.(\d{1,9}))?: +(.*)$/s;

const cpuNumber = /^(\d{3,})\] ?/;

/** The parts before the event; the first bracket that makes sense is the CPU's. */
export interface Prefix {
  readonly comm: string;
  readonly pid: number;
  readonly cpu: number;
  readonly time: number;
  readonly rest: string;
}

export const prefixOf = (line: string): Prefix | undefined => {
  for (let bracket = line.indexOf('['); bracket >= 0 && bracket < prefixLimit; bracket = line.indexOf('[', bracket + 1)) {
    const before = task.exec(line.slice(0, bracket));
    if (before === null) continue;
    const cpu = cpuNumber.exec(line.slice(bracket + 1, bracket + cpuWidth));
    if (cpu === null) continue;
    const after = afterCpu.exec(line.slice(bracket + 1 + cpu[0].length));
    if (after === null) continue;
    const [, whole, fraction, rest] = after;
    return { comm: before[1]!, pid: Number(before[2]), cpu: Number(cpu[1]), time: timeOf(whole!, fraction), rest: rest! };
  }
  return undefined;
};

/** With the option latency-format: `comm-pid 1d..2. 23264us : event`, the time since the trace began with a mark for a long wait. */
const latencyFormat = /^ {0,16}(.{0,20})-(\d{1,10}) {1,8}(\d{1,5})[^\s\d]\S{3,7} {0,12}(\d{1,20})us[ !+#*@$]?: (.*)$/s;

const latencyPrefix = (line: string): Prefix | undefined => {
  const found = latencyFormat.exec(line);
  if (found === null) return undefined;
  const [, comm, pid, cpu, microseconds, rest] = found;
  return { comm: comm!, pid: Number(pid), cpu: Number(cpu), time: Number(microseconds) * 1000, rest: rest! };
};

/** A comm has at most 15 bytes, a pid and a tgid ten digits each. */
const prefixLimit = 64;
const cpuWidth = 12;

const event = /^([\w.]+): ?(.*)$/s;
const systemCall = /^(sys_\w+)(?:\((.*)\)|( -> .*))$/s;
/** The function tracer: `iommu_attach_group <-vfio_iommu_type1_attach_group`. */
const tracedFunction = /^(\S+(?: \[\S+\])? <-\S.*)$/s;

/** Name and text of what follows the time. */
export const eventOf = (rest: string): NamedEvent | undefined => {
  const named = event.exec(rest);
  if (named !== null) return { name: named[1]!, text: named[2]! };
  const call = systemCall.exec(rest);
  if (call !== null) return { name: call[1]!, text: call[3] === undefined ? callText(call[2]!) : call[3].slice(1) };
  if (rest === '<stack trace>') return { name: 'kernel_stack', text: rest };
  return tracedFunction.test(rest) ? { name: 'function', text: rest } : undefined;
};

const lost = /^CPU:(\d+) \[LOST (?:(\d+) )?EVENTS\]$/;

export const lostIn = (text: string, line: number): LostEvents | undefined => {
  const found = lost.exec(text);
  if (found === null) return undefined;
  return { kind: 'lost', line, cpu: Number(found[1]), count: found[2] === undefined ? null : Number(found[2]) };
};

const entries = /^# entries-in-buffer\/entries-written: (\d+)\/(\d+)/;

/** What was overwritten before the buffer was read stands only in the heading. */
export const overwrittenIn = (text: string, line: number): LostEvents | undefined => {
  const [, kept, written] = entries.exec(text) ?? [];
  const count = Number(written) - Number(kept);
  return count > 0 ? { kind: 'lost', line, cpu: null, count } : undefined;
};

/** A frame of a stack (option stacktrace) belongs to the event before it. */
const stackFrame = /^ => /;

const saysNothing = (text: string): boolean => text.startsWith('#') || stackFrame.test(text) || text.trim() === '';

const reader = (): LineReader => {
  const same = newNames();
  return (text, line, tokens: Token[]) => {
    const prefix = prefixOf(text) ?? latencyPrefix(text);
    const named = prefix && eventOf(prefix.rest);
    if (named) {
      const { comm, pid, cpu, time } = prefix;
      tokens.push({ kind: 'line', line, time, cpu, pid, comm: same(comm), name: same(named.name), text: named.text });
      return;
    }
    const missing = lostIn(text, line) ?? overwrittenIn(text, line);
    if (missing) tokens.push(missing);
    else if (!saysNothing(text)) return prefix ? 'an event without a name' : 'no line of tracefs';
    return;
  };
};

/** `trace-cmd report` pads the name of the event, and prints addresses in probes. */
export const isPadded = (rest: string): boolean => /^(?=\w+: +\S)[\w: ]{21} \S/.test(rest.slice(0, 23)) && /^\w+: {2}/.test(rest);

const isEvent = (prefix: Prefix | undefined): boolean => prefix !== undefined && !isPadded(prefix.rest);

export const tracefs: TextFormat = {
  name: 'tracefs',
  fits: (line) => lostIn(line, 0) !== undefined || isEvent(prefixOf(line) ?? latencyPrefix(line)),
  heads: (line) => line.startsWith('# tracer: '),
  reader,
};
