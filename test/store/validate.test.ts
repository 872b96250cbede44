// Events from outside: what a run records is accepted, what does not fit is refused by field.
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import { validateEvent } from '../../src/store/validate.ts';
import { engineFor, nth, recorded, scenario, task, told } from '../support/runs.ts';

const started = { type: 'RequestStarted', task: 't0', request: 0, verb: 'attach', target: '5' };

describe('validateEvent', () => {
  it('accepts every event of a run with a failure', () => {
    const q35 = recorded('6.12custom-x86_64-intel-failnth');
    const { events } = told(
      engineFor({ kernel: '6.1.y', caller: 'vfio-type1' }),
      scenario(q35, [task('t0', 'attach 5; map 4K; attach 11; close')], { faults: [nth(2, 24)] }),
    );
    expect(events.map((event) => validateEvent(JSON.parse(JSON.stringify(event))))).toEqual(events);
  });

  it.each([
    [null, 'expected an event, found null'],
    [[], 'expected an event, found []'],
    [{ ...started, type: 'RequestStartd' }, 'expected an event type, found "RequestStartd"; did you mean RequestStarted?'],
    [{ ...started, type: 'toString' }, 'expected an event type, found "toString"'],
    [{ ...started, request: '0' }, 'RequestStarted: expected request to be number, found "0"'],
    [{ ...started, target: 5 }, 'RequestStarted: expected target to be text?, found 5'],
    [{ ...started, verb: undefined }, 'RequestStarted: expected verb to be text, found undefined'],
    [{ ...started, extra: 1 }, 'RequestStarted has no field extra'],
  ])('refuses %j', (value, message) => {
    let failure: unknown;
    try {
      validateEvent(value);
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(Failure);
    expect((failure as Failure).code).toBe('bad-event');
    expect((failure as Failure).message.split('\n')[0]).toBe(message);
  });
});
