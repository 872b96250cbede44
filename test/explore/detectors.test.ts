// Detectors as claims: their state is part of the world that is searched. A rule over two events whose state is kept elsewhere is missed
// where two histories meet.
import { describe, expect, it } from 'vitest';
import type { AnyDetector } from '../../src/core/finding.ts';
import { exhaustive } from '../../src/explore/exhaustive.ts';
import { Model } from '../../src/explore/model.ts';
import { Labels } from '../../src/explore/observer.ts';
import { Found } from '../../src/explore/strategy.ts';
import { atOnce } from '../../src/explore/turns.ts';
import { Visited } from '../../src/explore/visited.ts';
import { Walker } from '../../src/explore/walker.ts';
import { task } from '../support/runs.ts';
import { bounds, cutTo, on, type1 } from '../support/searching.ts';

const engine = type1();
const given = on(cutTo('intel-two-units', '1', '2'), [task('t0', 'map 4K; unmap 4K'), task('t1', 'map 4K', 'c1')]);

const rule = {
  id: 'late-map',
  level: 'bug',
  title: 't0 ends its first request after t1 has ended its own',
  evidence: { kind: 'model', source: 'made for a test' },
  explain: () => [],
} as const;
const hit = { entity: 't0', subject: {} };

type Step = AnyDetector['step'];

/** Two events in one order: t1 ends, then t0's first request does. */
const stepped =
  (isOver: (state: unknown) => boolean, over: (state: unknown) => unknown): Step =>
  (state, event) => {
    if (event.type !== 'RequestEnded') return { state, hits: [] };
    if (event.task === 't1') return { state: over(state), hits: [] };
    return { state, hits: event.request === 0 && isOver(state) ? [hit] : [] };
  };

const flag: AnyDetector = { ...rule, initial: false, step: stepped(Boolean, () => true) };
const nested: AnyDetector = {
  ...rule,
  initial: { phase: 'none' },
  step: stepped(
    (state) => (state as { phase: string }).phase === 'over',
    () => ({ phase: 'over' }),
  ),
};
const table: AnyDetector = {
  ...rule,
  initial: {},
  step: stepped(
    (state) => (state as Record<string, boolean>)['t1'] === true,
    (state) => ({ ...(state as Record<string, boolean>), t1: true }),
  ),
};

/** The same rule, its state in a closure: no fingerprint and no remembered step knows of it. */
const hidden = (): AnyDetector => {
  let over = false;
  return {
    ...rule,
    initial: null,
    step: stepped(
      () => over,
      (state) => {
        over = true;
        return state;
      },
    ),
  };
};

const found = (detector: AnyDetector) => {
  const labels = new Labels();
  const model = new Model(engine, given, { bounds: bounds(0), labels, detectors: [detector] });
  const seen = new Found();
  const space = { model, walker: new Walker(model.cells, model.memo, null), visited: new Visited(2 ** 24), found: seen, reduction: null };
  const pass = atOnce(exhaustive({ ...space, control: { goesOn: () => true } }, null, true));
  return { labels: [...seen.paths.keys()].map((label) => labels.list[label]!.id), states: pass.states };
};

describe('a rule over two events', () => {
  it.each([
    ['a flag', flag],
    ['a record', nested],
    ['a table', table],
  ])('whose state is %s is found', (_, detector) => {
    expect(found(detector).labels).toEqual(['late-map:t0']);
  });

  it('whose state is no part of the world is missed, with fewer states', () => {
    const { labels, states } = found(hidden());
    expect(labels).toEqual([]);
    expect(states).toBeLessThan(found(table).states + 1);
  });
});
