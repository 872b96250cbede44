// Recordings with lines lost, exchanged, cut and made up: nothing crashes, and what is missing is counted.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/core/events.ts';
import { attachesOf } from '../../../src/detect/attaches.ts';
import { audit } from '../../../src/detect/audit.ts';
import { recordedProbe } from '../../../src/detect/recordedProbe.ts';
import { whyOf } from '../../../src/detect/why.ts';
import type { Token } from '../../../src/recordings/trace/token.ts';
import { eventsOfPhase, type Phase, phaseOf } from '../../support/recorded.ts';

const seed = 7301;

const damages: Record<string, (token: Token, roll: number, tokens: readonly Token[]) => Token[]> = {
  lost: (token, roll) => (roll % 4 === 0 ? [] : [token]),
  twice: (token, roll) => (roll % 10 === 0 ? [token, token] : [token]),
  exchanged: (token, roll, tokens) => [roll % 15 === 0 ? tokens[roll % tokens.length]! : token],
  'cut in the line': (token, roll) => [
    token.kind === 'line' && roll % 10 === 0 ? { ...token, text: token.text.slice(0, roll % (token.text.length + 1)) } : token,
  ],
  'with other threads and addresses': (token, roll) => [
    token.kind === 'line' && roll % 8 === 0
      ? { ...token, pid: 1 + (roll % 3), text: token.text.replaceAll(/0x[0-9a-f]+/g, `0x${(roll % 40).toString(16)}`) }
      : token,
  ],
};

const told = (phase: Phase, tokens: readonly Token[]): { events: readonly Event[]; entered: number } => {
  const events = eventsOfPhase(phase, tokens);
  attachesOf(events);
  audit(events, recordedProbe);
  whyOf(events, recordedProbe);
  return { events, entered: events.filter(({ type }) => type === 'FunctionEntered').length };
};

const entries = (tokens: readonly Token[]): number =>
  tokens.filter(
    (token) => token.kind === 'line' && /^\([A-Za-z_][\w.]*(\+0x[0-9a-f]+(\/0x[0-9a-f]+)?)?( \[[^\]]+\])?\)( |$)/.test(token.text),
  ).length;

describe.each([
  ['6.12-x86_64-intel-basic', 'multi'],
  ['6.1-arm64-smmuv3x3-basic', 'multi'],
  ['6.12custom-x86_64-intel-iommufd', 'fd_multi'],
])('%s %s', (name, phaseName) => {
  it.each(Object.keys(damages))(`%s (seed ${seed}, 40 runs)`, async (kind) => {
    const phase = await phaseOf(name, phaseName);
    fc.assert(
      fc.property(fc.array(fc.nat(10_000), { minLength: 50, maxLength: 50 }), fc.boolean(), (rolls, hasLog) => {
        const tokens = phase.tokens.flatMap((token, index) => damages[kind]!(token, rolls[index % 50]! + index * 7, phase.tokens));
        const { calls: _calls, ...bare } = phase.facts;
        const found = told(hasLog ? phase : { ...phase, facts: bare }, tokens);
        expect(found.entered).toBe(entries(tokens));
      }),
      { seed, numRuns: 40 },
    );
  });
});
