// What a run came to for the rows of the core and of callers: results, the rows that refused or failed, and where the groups are.
import type { Event } from '../../src/core/events.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { runScenario } from '../../src/engine/run.ts';

export interface Told {
  readonly row: string;
  /** Null for a failure that is tolerated, and for a warning. */
  readonly errno: string | null;
  /** The errno is that of a workflow that was called. */
  readonly callee?: true;
}

export interface NamedOutcome {
  readonly results: readonly string[];
  readonly told: readonly Told[];
  readonly left: readonly string[];
  readonly events: readonly Event[];
}

/** A state says which row the failure of a called workflow means. */
const rowOfState = (engine: Engine, event: Extract<Event, { type: 'StepTaken' }>): string | undefined =>
  event.outcome.startsWith('errno.') ? engine.machine(event.workflow)?.states.get(event.from)?.facts.row : undefined;

const toldIn = (engine: Engine, event: Event): Told[] => {
  switch (event.type) {
    case 'CheckRefused':
      return [{ row: event.row, errno: event.errno }];
    case 'AllocationFailed':
      return [{ row: event.row, errno: /^(E[A-Z]+|NULL)$/.test(event.outcome) ? event.outcome : null }];
    case 'ApiFailed':
      return [{ row: event.row, errno: event.errno }];
    case 'KernelPrinted':
      return [{ row: event.row, errno: null }];
    case 'StepTaken': {
      const row = rowOfState(engine, event);
      return row === undefined ? [] : [{ row, errno: event.outcome.slice('errno.'.length), callee: true }];
    }
    default:
      return [];
  }
};

const leftIn = (world: ReturnType<typeof runScenario>['world']): string[] => [
  ...Object.values(world.groups).map((group) => `group ${group.id} on ${group.domain}, owner ${group.owner}, handle ${group.handle}`),
  ...Object.values(world.devices).map((device) => `device ${device.id} on ${device.domain}, bound to ${device.attributes.boundTo ?? null}`),
  ...Object.values(world.containers).map((container) => `${container.id}: ${container.records.map((record) => record.id).join(' ')}`),
];

/** The longest run of the tables has a tenth of it; a changed row can make one that never ends. */
const mostEvents = 50_000;

export const namedOutcome = (engine: Engine, scenario: Scenario): NamedOutcome => {
  const events: Event[] = [];
  const isEndless = (): boolean => events.length > mostEvents;
  const { world } = runScenario(engine, scenario, { listen: (event) => events.push(event), stop: isEndless });
  if (isEndless()) throw new Error(`${scenario.name} does not end`);
  const results = events.flatMap((event) => (event.type === 'RequestEnded' ? [event.result] : []));
  return { results, told: events.flatMap((event) => toldIn(engine, event)), left: leftIn(world), events };
};

/** What is pinned and judged. */
export const namedVerdict = ({ results, told, left }: NamedOutcome): string => JSON.stringify([results, told, left]);
