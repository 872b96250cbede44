// Events are facts: what was heard once does not change by what happens later, so a fold of kept events gives the run's own world.
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/events.ts';
import { stateAt } from '../../src/engine/replay.ts';
import { runScenario } from '../../src/engine/run.ts';
import { engineFor, nth, recorded, scenario, task } from '../support/runs.ts';

describe('evolve', () => {
  it.each([
    ['6.1.y', 'vfio-type1'],
    ['6.12.y', 'vfio-type1'],
    ['6.12.y', 'iommufd-auto'],
  ])('leaves the events of a run as they were (%s, %s)', (kernel, caller) => {
    const given = scenario(recorded('6.12custom-x86_64-intel-failnth'), [task('t0', 'attach 5; map 64K; attach 11; detach 11')], {
      faults: [nth(2, 9)],
    });
    const kept: Event[] = [];
    const heard: string[] = [];
    const listen = (event: Event): void => {
      kept.push(event);
      heard.push(JSON.stringify(event));
    };
    const { world } = runScenario(engineFor({ kernel, caller }), given, { listen });
    expect(kept.map((event) => JSON.stringify(event))).toEqual(heard);
    expect(stateAt(kept, kept.length)).toEqual(world);
  });
});
