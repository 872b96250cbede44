// One plain run of the engine on a candidate: whether it shows what is wanted, and how far it went. It answers for a search in the
// cases where it does show it.
import type { Event } from '../core/events.ts';
import { Failure } from '../core/failure.ts';
import type { Label } from '../core/label.ts';
import type { Claim, Scenario } from '../core/scenario.ts';
import { type Deviation, Follower } from '../core/schedule.ts';
import { detectors } from '../detect/audit.ts';
import { evaluateClaims } from '../detect/claims.ts';
import { openFold } from '../detect/fold.ts';
import type { Engine } from '../engine/engine.ts';
import { probeOf } from '../engine/probe.ts';
import { type Run, type RunOptions, runScenario } from '../engine/run.ts';
import { canFail, type FaultBounds } from './evaluate.ts';
import type { Reach } from './reach.ts';

export interface Trial {
  /** What of the schedule came about. */
  readonly schedule: readonly Deviation[];
  /** What it takes to search for this run. */
  readonly reach: Reach & { readonly preemptions: number };
  /** Nothing failed but what may. */
  readonly isWithin: boolean;
  readonly shows: (label: Label) => boolean;
}

class Counter {
  faults = 0;
  apiFaults = 0;
  preemptions = 0;
  plausible = true;
  isWithin = true;
  readonly #follower: Follower;
  readonly #bounds: FaultBounds;
  #ready: readonly string[] = [];
  #last: string | null = null;

  constructor(schedule: readonly Deviation[], bounds: FaultBounds) {
    this.#follower = new Follower(schedule);
    this.#bounds = bounds;
  }

  get unmet(): readonly Deviation[] {
    return this.#follower.unmet;
  }

  readonly pause: NonNullable<RunOptions['pause']> = (ready) => {
    if (this.#ready.length === 1) this.#last = this.#ready[0]!;
    this.#ready = ready;
    return true;
  };

  readonly ask: NonNullable<RunOptions['ask']> = (question, world) => {
    const answer = this.#follower.answer(question, world);
    if (question.kind === 'task') {
      if (answer > 0 && question.options[0] === this.#last) this.preemptions += 1;
      this.#last = question.options[answer]!;
    } else if (answer > 0 && question.kind === 'api') this.apiFaults += 1;
    else if (answer > 0 && question.kind === 'allocation') {
      this.faults += 1;
      this.plausible &&= canFail(question.plausible);
      this.isWithin &&= this.#bounds.mayFail(question.plausible);
    }
    return answer;
  };
}

/** The claims that the label decides. */
export const claimsOf = ({ claims }: Scenario, { id }: Label): Claim[] =>
  claims.filter(({ mood, text }) => id.startsWith(`${mood} ${text}: `));

const showsIn = (engine: Engine, scenario: Scenario, events: readonly Event[], run: Run, label: Label): boolean => {
  if (label.kind === 'deadlock') return label.waiting.join() === run.stuck.map(({ task }) => task).join();
  const probe = probeOf(engine);
  if (label.kind === 'claim') {
    return evaluateClaims(events, claimsOf(scenario, label), probe, run.world).some(({ outcome }) => outcome === 'violated');
  }
  const look = openFold(
    detectors.filter(({ id }) => id === label.rule),
    probe,
  );
  return events.some((event) => look(event).some(({ hit }) => hit.entity === label.entity));
};

/** Whether a Failure says that the scenario lost what a claim or another request speaks of: it is no scenario. */
export const isNoScenario = (error: unknown): boolean => error instanceof Failure && error.code !== 'model-error';

/** Null: it is no scenario. */
export const tryOut = (engine: Engine, scenario: Scenario, schedule: readonly Deviation[], bounds: FaultBounds): Trial | null => {
  const events: Event[] = [];
  const counter = new Counter(schedule, bounds);
  const { ask, pause } = counter;
  try {
    const listen = (event: Event): void => void events.push(event);
    const run = runScenario(engine, scenario, { listen, ask, ...(scenario.tasks.length > 1 ? { pause } : {}) });
    const { faults, apiFaults, preemptions, plausible, isWithin, unmet } = counter;
    return {
      schedule: schedule.filter((deviation) => !unmet.includes(deviation)),
      reach: { faults, apiFaults, preemptions, plausible },
      isWithin,
      shows: (label) => {
        try {
          return showsIn(engine, scenario, events, run, label);
        } catch (error) {
          if (isNoScenario(error)) return false;
          throw error;
        }
      },
    };
  } catch (error) {
    if (isNoScenario(error)) return null;
    throw error;
  }
};
