// Recordings as scenarios: every session of every recording, run by itself, comes to the results that were recorded.
import { describe, expect, it } from 'vitest';
import { scenarioFrom } from '../../src/conform/scenarioFrom.ts';
import { sessionsOf } from '../../src/conform/sessions.ts';
import { perform } from '../../src/engine/recipe.ts';
import { readRecorded, recordedNames } from '../support/recorded.ts';

const single = ({ tasks }: ReturnType<typeof scenarioFrom>): boolean => tasks.length === 1;

describe.each(recordedNames)('%s', (name) => {
  it('sessions of one thread give what was recorded', async () => {
    const { events, facts } = await readRecorded(name);
    const scenarios = sessionsOf(events, facts.calls!).map((session) => scenarioFrom(events, facts, { session: session.name, line: null }));
    for (const scenario of scenarios.filter(single).filter(({ expect: expected }) => expected.length > 0)) {
      const run = perform({ scenario, kernel: scenario.kernel, caller: scenario.caller, decisions: [] });
      const results = run.events.flatMap((event) => (event.type === 'RequestEnded' ? [event.result === 'OK' ? 'ok' : event.result] : []));
      expect(results).toEqual(scenario.expect[0]!.results);
    }
  });
});

describe('up to a line of the trace', () => {
  const given = async (line: number) => {
    const { events, facts } = await readRecorded('6.12custom-x86_64-intel-failnth');
    return scenarioFrom(events, facts, { session: null, line });
  };

  it('the four requests that led to the second domain, with the failure that was injected', async () => {
    const { tasks, faults, expect: expected } = await given(6398);
    expect(tasks.map(({ container, requests }) => [container, requests.map(({ verb, target }) => `${verb} ${target}`)])).toEqual([
      ['c2040', ['set-container 5', 'set-iommu null', 'map null', 'set-container 11']],
    ]);
    expect(faults).toEqual([{ kind: 'nth', task: 'thread-680', request: 3, nth: 20, call: 'VFIO_GROUP_SET_CONTAINER' }]);
    expect(expected).toEqual([{ kernel: '6.12.y', caller: 'vfio-type1', results: ['ok', 'ok', 'ok', 'ok'] }]);
  });

  it('a line before the first call is refused', async () => {
    await expect(given(1)).rejects.toThrow('expected a line of a call of the recording, found line 1');
  });

  it('without a line a session has to be named where there are several', async () => {
    const { events, facts } = await readRecorded('6.12custom-x86_64-intel-failnth');
    const all = () => scenarioFrom(events, facts, { session: null, line: null });
    expect(all).toThrow('expected one session of fn_set_container, fn_set_iommu, fn_second, found none named');
  });
});
