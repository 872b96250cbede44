// Tokens: printed and read they are the same, cut short they are refused at every length; what explore refuses on its command line.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { command } from '../../src/cli/commands/explore.ts';
import { printToken, readToken, type Token } from '../../src/explore/token.ts';
import { called } from '../support/called.ts';

const numbering = { tasks: ['t0', 't1', 'a task'], devices: ['0000:00:10.0', '0000:05:01.0'] };
const task = fc.constantFrom(...numbering.tasks);
const spot = { task, request: fc.nat({ max: 9 }), nth: fc.integer({ min: 1, max: 40 }) };
const site = fc.stringMatching(/^[a-z_][a-z0-9_.-]{0,12}$/);
const deviation = fc.oneof(
  fc.record({ kind: fc.constant('fails' as const), ...spot, site }),
  fc.record({ kind: fc.constant('gives' as const), ...spot, api: site, errno: fc.constantFrom('ENOMEM', 'EINVAL') }),
  fc.record({ kind: fc.constant('switch' as const), ...spot, at: site, to: task }),
);
const edit = fc.oneof(
  fc.record({ drop: fc.constant('task' as const), task }),
  fc.record({ drop: fc.constant('request' as const), task, request: fc.nat({ max: 9 }) }),
  fc.record({ drop: fc.constant('device' as const), device: fc.constantFrom(...numbering.devices) }),
);
const token: fc.Arbitrary<Token> = fc.record({
  scenario: fc.stringMatching(/^[0-9a-f]{6}$/),
  model: fc.stringMatching(/^[0-9a-f]{4}$/),
  overrides: fc
    .dictionary(fc.constantFrom('k', 'c', 'e', 'n'), fc.stringMatching(/^[A-Za-z0-9.+,/-]{1,8}$/))
    .map((found) => ({ ...found })),
  variant: fc.option(
    fc.record({ kills: fc.nat({ max: 3 }), unplugs: fc.nat({ max: 3 }), unknown: fc.boolean(), number: fc.nat({ max: 99 }) }),
  ),
  edits: fc.array(edit, { maxLength: 3 }),
  schedule: fc.array(deviation, { maxLength: 4 }),
});

describe('a token', () => {
  it('reads as it was printed, and is safe to paste (seed 9)', () => {
    fc.assert(
      fc.property(token, (given) => {
        const text = printToken(given, numbering);
        expect(text).toMatch(/^[A-Za-z0-9._~:=-]+$/);
        const { within, ...read } = readToken(text);
        expect({ ...read, ...within(numbering) }).toEqual(given);
      }),
      { seed: 9 },
    );
  });

  it('is refused cut short at any length, or with one letter changed (seed 10)', () => {
    fc.assert(
      fc.property(token, fc.nat(), (given, at) => {
        const text = printToken(given, numbering);
        const cut = text.slice(0, at % text.length);
        expect(() => readToken(cut)).toThrow('expected a whole token');
        const place = at % text.length;
        const other = text[place] === 'q' ? 'w' : 'q';
        expect(() => readToken(`${text.slice(0, place)}${other}${text.slice(place + 1)}`)).toThrow('expected a whole token');
      }),
      { seed: 10 },
    );
  });
});

describe('explore refuses', () => {
  const file = 'scenarios/enomem-duplicate-domain.yaml';
  it.each([
    [['--faults=-1'], '--faults takes a whole number from 0 on, found -1'],
    [['--faults', 'x'], '--faults takes a whole number from 0 on, found x'],
    [['--budget', '0'], '--budget takes a time (60s, 5m, 1h) or a number of states (200k, 5M) above zero, found 0'],
    [['--budget', '0s'], 'above zero, found 0s'],
    [['--budget', '5x'], 'above zero, found 5x'],
    [['--strategy', 'nope'], 'no strategy is named nope'],
    [['--strategy', 'exhaustiv'], 'did you mean exhaustive?'],
    [['--memory', '0'], '--memory takes a size such as 512M or 2G, found 0'],
    [['--before', 'nothing'], 'no state to begin in is named nothing; known: none'],
  ])('%s', async (argv, message) => {
    await expect(called(command, [file, ...argv])).rejects.toThrow(message);
  });
});
