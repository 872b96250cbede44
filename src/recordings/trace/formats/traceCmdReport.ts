// The text of `trace-cmd report`: as tracefs with the name of the event padded, addresses in probes, and lines of its own around.
import type { LineReader, TextFormat } from '../format.ts';
import { GraphCalls } from '../graphCalls.ts';
import { wordsOf } from '../graphLine.ts';
import { asTracefs, type NamedEvent, newNames, timeOf } from '../text.ts';
import type { LostEvents } from '../token.ts';
import { isPadded, type Prefix, prefixOf } from './tracefs.ts';

/** `-l`: the CPU has no brackets and the flags follow it at once. */
const latency = /^ {0,16}(.{0,20})-(\d{1,10}) {1,8}(\d{1,5})[^\s\d]\S{4} {1,16}(\d{1,20})(?:\.(\d{1,9}))?: +(.*)$/s;

const reportPrefix = (line: string): Prefix | undefined => {
  const prefix = prefixOf(line);
  if (prefix) return prefix;
  const found = latency.exec(line);
  if (found === null) return undefined;
  const [, comm, pid, cpu, whole, fraction, rest] = found;
  return { comm: comm!, pid: Number(pid), cpu: Number(cpu), time: timeOf(whole!, fraction), rest: rest! };
};

const event = /^([\w.]+): *(.*)$/s;
const dropped = /^CPU:(\d+) \[(?:(\d+) )?EVENTS DROPPED\]$/;
/** How many CPUs there are, which had no events, which file comes next. */
const around = /^(?:cpus=\d+|CPU \d+ is empty|version = .*|\s*=> .*|trace-cmd .*|\S*\.dat:)$/;

const droppedIn = (text: string, line: number): LostEvents | undefined => {
  const found = dropped.exec(text);
  if (found === null) return undefined;
  return { kind: 'lost', line, cpu: Number(found[1]), count: found[2] === undefined ? null : Number(found[2]) };
};

/** `funcgraph_entry:   1.2 us |  f();`: the tree stands behind a bar here too. */
const graph = /^(?:[$*@#!+]? *[\d.]+ us)? *\| {2}( *)(\S.*)$/;

const reader = (): LineReader => {
  const same = newNames();
  const calls = new GraphCalls();
  const eventsOf = (name: string, text: string, prefix: Prefix): readonly NamedEvent[] | string => {
    const branch = name.startsWith('funcgraph_') ? graph.exec(text) : null;
    const words = branch && wordsOf(branch[2]!.trimEnd());
    return words ? calls.tokens(words, branch[1]!.length >> 1, prefix) : [asTracefs(name, text)];
  };
  return (text, line, tokens) => {
    const prefix = reportPrefix(text);
    const named = prefix && event.exec(prefix.rest);
    if (named) {
      const { comm, pid, cpu, time } = prefix;
      const events = eventsOf(named[1]!, named[2]!.trimEnd(), prefix);
      if (typeof events === 'string') return events;
      for (const each of events) {
        tokens.push({ kind: 'line', line, time, cpu, pid, comm: same(comm), name: same(each.name), text: each.text });
      }
      return undefined;
    }
    const missing = droppedIn(text, line);
    if (missing) tokens.push(missing);
    else if (!around.test(text) && text.trim() !== '') return 'no line of trace-cmd report';
    return undefined;
  };
};

const isCount = (line: string): boolean => /^cpus=\d+$/.test(line);

/** What tracefs without flags could print too; that it comes first among equals decides then. */
const isBare = /\] +\d+(?:\.\d+)?: +\w+: /;

const fits = (line: string): boolean => {
  if (isCount(line) || dropped.test(line)) return true;
  const prefix = reportPrefix(line);
  return prefix !== undefined && (isPadded(prefix.rest) || isBare.test(line) || prefixOf(line) === undefined);
};

export const traceCmdReport: TextFormat = { name: 'trace-cmd report', fits, heads: isCount, reader };
