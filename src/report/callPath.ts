// The call path of one failure as function_graph draws it: how the kernel got there, the failing line marked, what each caller returned.
import type { Event, EventOf } from '../core/events.ts';
import { columnsMax } from './text.ts';

/** Kernel names of workflows and paths; null for what has no function of its own. */
export type Names = (workflow: string) => string | null;

interface Call {
  readonly workflow: string;
  readonly name: string | null;
  readonly note: string;
}

const subject = (registers: Record<string, unknown>): string => String(registers['device'] ?? registers['domain'] ?? '');

const callOf = (event: EventOf<'FrameEntered'>, names: Names): Call => {
  const { workflow, registers } = event.frame;
  const isPath = 'path' in event.frame;
  const about = isPath ? subject(registers) : String(registers['domain'] ?? registers['group'] ?? registers['container'] ?? '');
  return { workflow, name: names(workflow), note: about };
};

const mark = (line: string, note: string, sign = ' '): string => {
  const body = `${sign}${line}`;
  return note === '' ? body : `${body.padEnd(46)} /* ${note} */`.slice(0, columnsMax);
};

const depthOf = (calls: readonly Call[]): number => calls.filter((call) => call.name !== null).length;
const pad = (depth: number): string => '  '.repeat(depth);

/** The frames of the failing task when event `at` (from 1) happened, from its ioctl inwards. */
const stackAt = (events: readonly Event[], at: number, names: Names): Call[] => {
  const failed = events[at - 1] as EventOf<'AllocationFailed'>;
  let stack: Call[] = [];
  for (const event of events.slice(0, at)) {
    if (!('task' in event) || event.task !== failed.task) continue;
    if (event.type === 'CallStarted') stack = [];
    if (event.type === 'FrameEntered') stack.push(callOf(event, names));
    if (event.type === 'FrameLeft') stack.pop();
  }
  return stack;
};

/** Lines of at most 75 columns. */
export const drawCallPath = (events: readonly Event[], at: number, names: Names): string[] => {
  const failed = events[at - 1] as EventOf<'AllocationFailed' | 'CheckRefused' | 'ApiFailed'>;
  const stack = stackAt(events, at, names);
  const opened = stack.flatMap((call, index) =>
    call.name === null ? [] : [mark(`${pad(depthOf(stack.slice(0, index)))}${call.name} {`, call.note)],
  );
  return [...opened, failingLine(failed, depthOf(stack)), ...returns(events, at, stack, names)];
};

const failingLine = (event: EventOf<'AllocationFailed' | 'CheckRefused' | 'ApiFailed'>, depth: number): string => {
  if (event.type === 'AllocationFailed') return mark(`${pad(depth)}${event.site.replace(/:.*/, '')}();`, `${event.gfp} fails`, '>');
  return mark(`${pad(depth)}${event.row}`, `refuses: -${event.errno}`, '>');
};

/** What each frame of the stack gave back, and what its caller did next where it went on. */
const returns = (events: readonly Event[], at: number, stack: readonly Call[], names: Names): string[] => {
  const { task } = events[at - 1] as { task: string };
  const lines: string[] = [];
  let open = [...stack];
  let extra = 0;
  for (const event of events.slice(at)) {
    if (!('task' in event) || event.task !== task) continue;
    if (event.type === 'FrameEntered') {
      const call = callOf(event, names);
      if (extra === 0 && open.length <= 2 && /attach_group|detach_group|domain_free/.test(call.name ?? ''))
        lines.push(mark(`${pad(depthOf(open))}${call.name};`, call.note));
      extra += 1;
    } else if (event.type === 'FrameLeft') {
      if (extra > 0) extra -= 1;
      else {
        const call = open.at(-1);
        open = open.slice(0, -1);
        if (call && call.name !== null) lines.push(mark(`${pad(depthOf(open))}} = ${resultText(event.outcome)}`, ''));
        if (open.length === 0) break;
      }
    } else if (event.type === 'StepTaken' && event.scanned && lines.length > 0) {
      lines[lines.length - 1] = mark(lines.at(-1)!.slice(1), event.scanned === 'next' ? 'dropped: try the next' : 'stop', ' ');
    }
  }
  return lines;
};

const resultText = (outcome: string): string => (outcome.startsWith('errno.') ? `-${outcome.slice(6)}` : '0');
