// The text of the tracer function_graph: calls as a tree, each with an entry and a return token, and other events as comments in it.
import type { LineReader, TextFormat } from '../format.ts';
import { GraphCalls, unknown } from '../graphCalls.ts';
import { columnsOf, type GraphColumns, wordsOf } from '../graphLine.ts';
import { newNames } from '../text.ts';
import type { Token } from '../token.ts';
import { lostIn, overwrittenIn } from './tracefs.ts';

/** A task that a CPU went over to: ` 1)  bash-2895  =>  iommux-923`. */
const taskSwitch = /^ {0,8}(?:\d{1,12}\.\d{6} \| +)?(\d{1,5})\) +.{1,24}-\d{1,10} {1,12}=> {1,12}(\S.{0,20}?)-(\d{1,10}) *$/;

/** Lines between which tasks change, and the marks of interrupts. */
const saysNothing = (line: string): boolean =>
  line.startsWith('#') || /^ *-{20,}$/.test(line) || /={10}> \||<={10} \|/.test(line) || line.trim() === '';

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
  const calls = new GraphCalls();
  const same = newNames();
  const placeOf = ({ time, cpu: printed, comm, pid }: GraphColumns): Place => {
    const cpu = printed ?? unknown;
    if (pid !== null && comm !== null) return { time: time ?? 0, cpu, comm: same(comm), pid };
    return { time: time ?? 0, cpu, ...(tasks.get(cpu) ?? { comm: '<...>', pid: unknown }) };
  };
  return (text, line, tokens) => {
    const missing = lostIn(text, line) ?? overwrittenIn(text, line);
    if (missing) tokens.push(missing);
    const switched = taskSwitch.exec(text);
    if (switched) tasks.set(Number(switched[1]), { comm: switched[2]!, pid: Number(switched[3]) });
    if (missing || switched || saysNothing(text)) return undefined;
    const columns = columnsOf(text);
    const words = columns && wordsOf(columns.words);
    if (!columns || !words) return 'no line of function_graph';
    const place = placeOf(columns);
    const events = calls.tokens(words, columns.depth, place);
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

const isCall = (line: string): boolean => /\d\) |\| /.test(line.slice(0, 80)) && wordsOf(columnsOf(line)?.words ?? '') !== undefined;

export const functionGraph: TextFormat = {
  name: 'function_graph',
  fits: isCall,
  heads: (line) => line === '# tracer: function_graph',
  reader,
};
