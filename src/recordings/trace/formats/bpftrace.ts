// The output of `bpftrace -f json`: one JSON object a line, whose printf data are lines in the form of tracefs.
import type { LineReader, TextFormat } from '../format.ts';
import type { Token } from '../token.ts';
import { tracefs } from './tracefs.ts';

interface Message {
  readonly type: string;
  readonly data?: unknown;
}

const messageIn = (text: string): Message | undefined => {
  if (!text.startsWith('{"type":')) return undefined;
  try {
    return JSON.parse(text) as Message;
  } catch {
    return undefined;
  }
};

type Read = (data: unknown, line: number, tokens: Token[]) => string | undefined;

/** One printf prints a line or several; what they say stands at the line of the JSON text. */
const printed = (): Read => {
  const read = tracefs.reader();
  return (data, line, tokens) => {
    if (typeof data !== 'string') return 'a printf without data';
    const whys = data
      .replace(/\n$/, '')
      .split('\n')
      .map((text) => read(text, line, tokens));
    return whys.find((why) => why !== undefined);
  };
};

const lost: Read = (data, line, tokens) => {
  const count = (data as { events?: unknown } | null)?.events;
  tokens.push({ kind: 'lost', line, cpu: null, count: typeof count === 'number' ? count : null });
  return undefined;
};

const reader = (): LineReader => {
  const kinds: Readonly<Record<string, Read>> = { printf: printed(), lost_events: lost, attached_probes: () => undefined };
  return (text, line, tokens) => {
    if (text.trim() === '') return undefined;
    const message = messageIn(text);
    if (message === undefined) return 'no line of bpftrace -f json';
    const read = typeof message.type === 'string' && Object.hasOwn(kinds, message.type) ? kinds[message.type] : undefined;
    return read ? read(message.data, line, tokens) : `output of bpftrace of the type ${String(message.type).slice(0, 40)}`;
  };
};

export const bpftrace: TextFormat = { name: 'bpftrace -f json', fits: (line) => messageIn(line) !== undefined, reader };
