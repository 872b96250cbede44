// What every detector promises of its state: small, without event numbers, the same object while nothing changes, empty when all is over.
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/events.ts';
import { evolve } from '../../src/core/evolve.ts';
import type { Detector, Probe } from '../../src/core/finding.ts';
import { emptyWorld } from '../../src/core/world.ts';
import { detectors } from '../../src/detect/audit.ts';
import { nth } from '../support/runs.ts';
import { audited, siteFault } from './audited.ts';
import { intel, smmuv3 } from './machines.ts';

const machines = { intel, smmuv3 };

const script = (first: string, second: string): string =>
  `attach ${first}; map 64K; attach ${second}; detach ${second}; attach ${second}; close`;

const runs = (
  [
    ['6.1.y', 'vfio-type1', 'intel', [siteFault('domain_attach_iommu', { request: 3, sticky: true })]],
    ['6.1.y', 'vfio-type1', 'smmuv3', []],
    ['6.12.y', 'vfio-type1', 'intel', [nth(2, 22)]],
    ['6.12.y', 'iommufd-auto', 'smmuv3', []],
    ['6.12.y', 'retry-any', 'intel', [siteFault('domain_attach_iommu', { request: 2, domain: 'c0.d0' })]],
  ] as const
).map(([kernel, caller, machine, faults]) => {
  const groups: [string, string] = machine === 'intel' ? ['5', '11'] : ['6', '7'];
  return audited({ kernel, caller, topology: machines[machine], script: script(...groups), faults });
});

/** The states of a detector after each event. */
const statesOf = (detector: Detector, events: readonly Event[], probe: Probe): unknown[] => {
  const world = emptyWorld();
  let state = detector.initial;
  return events.map((event) => {
    evolve(world, event);
    state = detector.step(state, event, world, probe).state;
    return state;
  });
};

describe.each(detectors.map((detector) => [detector.id, detector] as const))('%s', (_, detector) => {
  it.each(runs.map((run, index) => [index, run] as const))('keeps its promises (run %i)', (_index, { events, probe }) => {
    const states = statesOf(detector, events, probe);
    const texts = states.map((state) => JSON.stringify(state));
    const changed = states.flatMap((state, index) => (index > 0 && state !== states[index - 1] ? [index] : []));
    expect(changed.filter((index) => texts[index] === texts[index - 1])).toEqual([]);
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThan(400);
  });

  it.each(runs.map((run, index) => [index, run] as const))(
    'knows nothing of a request that is over (run %i)',
    (_index, { events, probe }) => {
      const states = statesOf(detector, events, probe);
      const last = JSON.stringify(states.at(-1)).replace(/"owners":\{[^}]*\}/, '"owners":{}');
      expect(last).toBe(JSON.stringify(detector.initial));
    },
  );

  it.each(runs.map((run, index) => [index, run] as const))(
    'leaves its state at what it does not hear (run %i)',
    (_index, { events, probe }) => {
      const world = emptyWorld();
      let state = detector.initial;
      const moved = events.filter((event) => {
        evolve(world, event);
        const before = state;
        const { state: next, hits } = detector.step(before, event, world, probe);
        state = next;
        return detector.hears?.includes(event.type) === false && (next !== before || hits.length > 0);
      });
      expect(moved).toEqual([]);
    },
  );

  it('gives the same answer whatever came before the present request', () => {
    const { events, probe } = runs[2]!;
    // Numbers of events must not be in the state: a history with a stretch of idle events ends in the same states.
    const idle: Event = { type: 'TaskBlocked', task: 't0', lock: 'l', holder: 't1' };
    const longer = [events[0]!, ...Array.from({ length: 50 }, () => idle), ...events.slice(1)];
    const tail = statesOf(detector, longer, probe).slice(51);
    expect(tail).toEqual(statesOf(detector, events, probe).slice(1));
  });
});
