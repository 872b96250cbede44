// Tokens in the order of time: nothing dropped, nothing invented, equal times left as they are.
import { array, asyncProperty, assert as check, integer } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inTimeOrder } from '../../../src/recordings/trace/order.ts';
import type { Token, TraceLine } from '../../../src/recordings/trace/token.ts';
import { all, readAll, traceBytes } from '../../support/traces.ts';

const event = (time: number, line: number): TraceLine => ({ kind: 'line', line, time, cpu: 0, pid: 1, comm: 'a', name: 'map', text: '' });

async function* pieces(tokens: readonly Token[], size: number) {
  for (let start = 0; start < tokens.length; start += size) yield tokens.slice(start, start + size);
}

const order = async (times: readonly number[], window: number, size = 3) => {
  const given = times.map((time, index) => event(time, index + 1));
  const { tokens, summary } = inTimeOrder(pieces(given, size), window);
  return { found: await all(tokens), given, summary: summary() };
};

describe('inTimeOrder', () => {
  it.each([
    ['sorted', [1, 2, 2, 3], [1, 2, 3, 4], { moved: 0, backwards: 0, firstBackwards: null }],
    ['overlapping', [1, 4, 2, 3, 4], [1, 3, 4, 2, 5], { moved: 2, backwards: 0, firstBackwards: null }],
    ['beyond the window', [5, 6, 7, 8, 9, 1, 10], [1, 2, 3, 6, 4, 5, 7], { moved: 0, backwards: 1, firstBackwards: 6 }],
  ])('%s', async (_, times, lines, summary) => {
    const { found, summary: said } = await order(times, 2, times.length > 5 ? 5 : times.length);
    expect(found.map(({ line }) => line)).toEqual(lines);
    expect(said).toEqual(summary);
  });

  it('keeps lost events and unread lines behind the event that they followed', async () => {
    const lost: Token = { kind: 'lost', line: 2, cpu: 0, count: 1 };
    const given = [event(5, 1), lost, event(3, 3), event(6, 4)];
    const { tokens } = inTimeOrder(pieces(given, 10));
    expect((await all(tokens)).map(({ line }) => line)).toEqual([3, 1, 2, 4]);
  });

  it('changes nothing in a real recording', async () => {
    const { tokens } = await readAll(traceBytes('6.12-x86_64-intel-conc.trace'));
    const ordered = inTimeOrder(pieces(tokens, 500));
    expect(await all(ordered.tokens)).toEqual(tokens);
    expect(ordered.summary()).toEqual({ moved: 0, backwards: 0, firstBackwards: null });
  });

  it('drops nothing, and sorts stably within the window (seed 4096)', async () => {
    const times = array(integer({ min: 0, max: 50 }), { maxLength: 60 });
    const whole = asyncProperty(times, integer({ min: 1, max: 10 }), async (given, size) => {
      const { found, given: events } = await order(given, 1000, size);
      expect(found).toEqual(events.toSorted((a, b) => a.time - b.time));
    });
    await check(whole, { seed: 4096 });
    const little = asyncProperty(times, integer({ min: 0, max: 5 }), async (given, window) => {
      const { found, given: events, summary } = await order(given, window);
      expect(found.toSorted((a, b) => a.line - b.line)).toEqual(events);
      const steps = found.filter((token, index) => index > 0 && (token as TraceLine).time < (found[index - 1] as TraceLine).time);
      expect(steps.length > 0).toBe(steps.length > 0 && summary.backwards > 0);
    });
    await check(little, { seed: 4096 });
  });
});
