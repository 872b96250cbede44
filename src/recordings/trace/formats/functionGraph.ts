// The text of the tracer function_graph: calls as a tree, each with an entry and a return token, and other events as comments in it.
import type { LineReader, TextFormat } from '../format.ts';
import { callTokens } from '../functionCalls.ts';
import { columnsOf, type GraphColumns, type GraphWords, wordsOf } from '../graphLine.ts';
import { newNames } from '../text.ts';
import type { Token } from '../token.ts';
import { eventOf, lostIn, type NamedEvent, overwrittenIn } from './tracefs.ts';

/** What a column that is not printed leaves unknown; a time that is not printed is 0, and the order is that of the lines. */
export const unknown = -1;

/** A task that a CPU went over to: ` 1)  bash-2895  =>  iommux-923`. */
const taskSwitch = /^ *(?:\d+\.\d+ \| +)?(\d+)\) +.*-\d+ +=> +(\S.*?)-(\d+) *$/;

/** Lines between which tasks change, and the marks of interrupts. */
const saysNothing = (line: string): boolean =>
  line.startsWith('#') || /^ *-{20,}$/.test(line) || /[=]{5,}/.test(line) || line.trim() === '';

interface Task {
  readonly comm: string;
  readonly pid: number;
}

/** The columns with what is known from before of those that are absent. */
interface Place {
  readonly time: number;
  readonly cpu: number;
  readonly comm: string;
  readonly pid: number;
}

const reader = (): LineReader => {
  const tasks = new Map<number, Task>();
  const stacks = new Stacks();
  const same = newNames();
  const placeOf = ({ time, cpu: printed, comm, pid }: GraphColumns): Place => {
    const cpu = printed ?? unknown;
    if (pid !== null && comm !== null) return { time: time ?? 0, cpu, comm: same(comm), pid };
    return { time: time ?? 0, cpu, ...(tasks.get(cpu) ?? { comm: '<...>', pid: unknown }) };
  };
  return (text, line, tokens) => {
    const missing = lostIn(text, line) ?? overwrittenIn(text, line);
    if (missing) return void tokens.push(missing);
    const switched = taskSwitch.exec(text);
    if (switched) return void tasks.set(Number(switched[1]), { comm: switched[2]!, pid: Number(switched[3]) });
    if (saysNothing(text)) return undefined;
    const columns = columnsOf(text);
    const words = columns && wordsOf(columns.words);
    if (!columns || !words) return 'no line of function_graph';
    const place = placeOf(columns);
    const events = stacks.events(words, columns.depth, place);
    if (typeof events === 'string') return events;
    for (const { name, text } of events) tokens.push({ kind: 'line', line, ...place, name: same(name), text });
    if (words.kind === 'leaf') endAfter(tokens, columns.duration);
    return undefined;
  };
};

/** Whole microseconds, as the times are rounded: a return must not come after the next line of its task. */
const endAfter = (tokens: Token[], duration: number): void => {
  const last = tokens.at(-1)!;
  if (last.kind === 'line' && last.time > 0) tokens[tokens.length - 1] = { ...last, time: last.time + duration - (duration % 1000) };
};

/** The functions that each task is in; where tasks are not printed, each CPU. */
class Stacks {
  readonly #stacks = new Map<string, string[]>();

  events(words: GraphWords, depth: number, { cpu, pid }: Place): NamedEvent[] | string {
    if (words.kind === 'comment') return [commented(words.words)];
    const stack = this.#stack(pid === unknown ? `CPU ${cpu}` : `${pid} ${pid === 0 ? cpu : ''}`);
    if (words.kind === 'leaf') return [entered(words), callTokens.exit(words.called, words.value)];
    if (words.kind === 'entry') {
      stack.length = Math.min(stack.length, depth);
      stack[depth] = words.called;
      return [entered(words)];
    }
    const called = words.called ?? stack[depth];
    stack.length = Math.min(stack.length, depth);
    return called === undefined ? 'the end of a function whose beginning is not in the trace' : [callTokens.exit(called, words.value)];
  }

  #stack(owner: string): string[] {
    const known = this.#stacks.get(owner);
    if (known) return known;
    if (this.#stacks.size >= mostStacks) this.#stacks.clear();
    const stack: string[] = [];
    this.#stacks.set(owner, stack);
    return stack;
  }
}

/** Pids come and go; memory stays bounded. */
const mostStacks = 10_000;

const entered = ({ called, args }: { readonly called: string; readonly args: string }): NamedEvent => {
  const { name, text } = callTokens.entry(called);
  return { name, text: args === '' ? text : `${text} ${args.replaceAll(', ', ' ')}` };
};

/** `attach_device_to_domain: IOMMU: ...`; a mark is printed without the name that tracefs gives it elsewhere. */
const commented = (words: string): NamedEvent =>
  /^\w+: |^sys_\w+(?:\(| -> )/.test(words) ? eventOf(words)! : { name: 'tracing_mark_write', text: words };

const isCall = (line: string): boolean =>
  /^ *(?:[\d.]+ \|)? *(?:\d+\)|.*\|) /.test(line) && wordsOf(columnsOf(line)?.words ?? '') !== undefined;

export const functionGraph: TextFormat = {
  name: 'function_graph',
  fits: isCall,
  heads: (line) => line === '# tracer: function_graph',
  reader,
};
