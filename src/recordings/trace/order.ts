// Puts tokens in the order of their times. Buffers of CPUs overlap a little in what tools print, so a window is enough.
import type { Token, TokenStream } from './token.ts';

/** So many tokens are held back; an event that comes later than this many others stays out of order, is kept, and is counted. */
export const orderWindow = 4096;

export interface OrderSummary {
  /** Events that came before their place within the window and were put there. */
  moved: number;
  /** Events of an earlier time than one already given: the clock ran backwards, or the window is too small. */
  backwards: number;
  /** The line of the first of these; null when there is none. */
  firstBackwards: number | null;
}

export interface Ordered {
  readonly tokens: TokenStream;
  /** So far; complete when the tokens have been taken. */
  readonly summary: () => Readonly<OrderSummary>;
}

/** Stable for equal times. Tokens without a time, lost events and unread lines, stay behind the event that they followed. */
export const inTimeOrder = (tokens: TokenStream, window = orderWindow): Ordered => {
  const waiting = openOrder();
  return { tokens: ordered(tokens, window, waiting), summary: waiting.summary };
};

async function* ordered(tokens: TokenStream, window: number, waiting: Waiting): TokenStream {
  for await (const some of tokens) {
    for (const token of some) waiting.add(token);
    const ripe = waiting.take(window);
    if (ripe.length > 0) yield ripe;
  }
  const rest = waiting.take(0);
  if (rest.length > 0) yield rest;
}

/** Tokens that are held back, for who decides when they have waited long enough. */
export interface Waiting {
  readonly add: (token: Token) => void;
  /** All but the last `kept`, in the order of their times. */
  readonly take: (kept: number) => Token[];
  readonly summary: () => Readonly<OrderSummary>;
}

/** Two arrays side by side, sorted by time; traces are nearly sorted, so that nearly every token is added at the end. */
export const openOrder = (): Waiting => {
  const summary: OrderSummary = { moved: 0, backwards: 0, firstBackwards: null };
  let held: Token[] = [];
  let times: number[] = [];
  let followed = Number.NEGATIVE_INFINITY;
  let given = Number.NEGATIVE_INFINITY;
  const timeOf = (token: Token): number => {
    if (token.kind !== 'line') return followed;
    followed = token.time;
    if (token.time < given) {
      summary.backwards += 1;
      summary.firstBackwards ??= token.line;
    }
    return token.time;
  };
  const insert = (token: Token, time: number): void => {
    const place = firstAfter(times, time);
    held.splice(place, 0, token);
    times.splice(place, 0, time);
    if (token.kind === 'line' && time >= given) summary.moved += 1;
  };
  return {
    add: (token: Token): void => {
      const time = timeOf(token);
      if (times.length > 0 && time < times.at(-1)!) insert(token, time);
      else {
        held.push(token);
        times.push(time);
      }
    },
    summary: () => summary,
    take: (kept: number): Token[] => {
      const count = Math.max(0, held.length - kept);
      const taken = held;
      if (count > 0) given = Math.max(given, times[count - 1]!);
      held = taken.slice(count);
      times = times.slice(count);
      taken.length = count;
      return taken;
    },
  };
};

/** The first place whose time is later. */
const firstAfter = (times: readonly number[], time: number): number => {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
};
