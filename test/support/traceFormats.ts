// Prints the events of a trace in the other formats, so that one recording can be read through each of them.
import type { TraceLine } from '../../src/recordings/trace/token.ts';

export type Print = (event: TraceLine) => string;

const seconds = (time: number): string => `${Math.floor(time / 1e9)}.${String(Math.round((time % 1e9) / 1000)).padStart(6, '0')}`;

const flags = '.....';

/** As the kernel pads: a comm of 16, a pid of 7. */
const task = ({ comm, pid }: TraceLine): string => `${comm.padStart(16)}-${String(pid).padEnd(7)}`;
const cpu = (event: TraceLine): string => `[${String(event.cpu).padStart(3, '0')}]`;
const words = ({ name, text }: TraceLine): string => {
  if (!name.startsWith('sys_')) return `${name}: ${text}`;
  return text.startsWith('(') ? `${name}${text}` : `${name} ${text}`;
};

const tracefs: Print = (event) => `${task(event)} ${cpu(event)} ${flags} ${seconds(event.time).padStart(12)}: ${words(event)}`;
const withTgid: Print = (event) => `${task(event)} (-------) ${cpu(event)} ${flags} ${seconds(event.time).padStart(12)}: ${words(event)}`;
const withoutFlags: Print = (event) => `${task(event)} ${cpu(event)}  ${seconds(event.time).padStart(12)}: ${words(event)}`;

/** Name and text as the event's own format has them, which trace-cmd and perf print. */
const own = ({ name, text }: TraceLine): { readonly name: string; readonly text: string } => {
  if (name === 'tracing_mark_write') return { name: 'print', text: `${name}: ${text}` };
  if (!name.startsWith('sys_')) return { name, text };
  const [call, isEntry] = [name.slice(4), text.startsWith('(')];
  const args = text.slice(1, -1).replace(/: ([0-9a-f]+)/g, (_, digits) => `: 0x${digits.padStart(8, '0')}`);
  return isEntry ? { name: `sys_enter_${call}`, text: args } : { name: `sys_exit_${call}`, text: text.slice(3) };
};

const report: Print = (event) => {
  const { name, text } = own(event);
  return `${event.comm.padStart(16)}-${String(event.pid).padEnd(5)} ${cpu(event)} ${seconds(event.time).padStart(12)}: ${`${name}:`.padEnd(21)} ${text}`;
};

const perf: Print = (event) => {
  const { name, text } = own(event);
  return `${event.comm.padStart(16)} ${String(event.pid).padStart(5)} ${cpu(event)} ${seconds(event.time).padStart(12)}: ${`probe:${name}`.padStart(30)}: ${text}`;
};

const bpftrace: Print = (event) => JSON.stringify({ type: 'printf', data: `${tracefs(event)}\n` });

/** Format by which each is recognised, a first line, and how an event is printed. */
export const printed: readonly { readonly format: string; readonly what: string; readonly first: string; readonly print: Print }[] = [
  { format: 'tracefs', what: 'trace_pipe', first: '', print: tracefs },
  { format: 'tracefs', what: 'record-tgid', first: '# tracer: nop', print: withTgid },
  { format: 'tracefs', what: 'no irq-info', first: '# tracer: nop', print: withoutFlags },
  { format: 'trace-cmd report', what: 'with cpus', first: 'cpus=2', print: report },
  { format: 'trace-cmd report', what: 'without cpus', first: '', print: report },
  { format: 'perf script', what: 'usual fields', first: '', print: perf },
  { format: 'bpftrace -f json', what: 'printf', first: '{"type": "attached_probes", "data": {"probes": 1}}', print: bpftrace },
];
