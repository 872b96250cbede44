// Searches for tests: watchers that hit when two tasks are inside two workflows at once, or on what a step or request came to.
import { ask } from '../../src/core/ask.ts';
import type { Event } from '../../src/core/events.ts';
import type { AnyDetector, Hit } from '../../src/core/finding.ts';
import { lists } from '../../src/core/inHand.ts';
import type { Label } from '../../src/core/label.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import type { Task, World } from '../../src/core/world.ts';
import { engineFor } from '../../src/engine/recipe.ts';
import { Labels } from '../../src/explore/observer.ts';
import { search } from '../../src/explore/search.ts';
import { atOnce } from '../../src/explore/turns.ts';

const watcher = (id: string, see: (event: Event, world: World) => string | null): AnyDetector => ({
  id,
  level: 'cost',
  title: id,
  evidence: { kind: 'model', source: '' },
  initial: null,
  step: (state: null, event: Event, world: World) => {
    const entity = see(event, world);
    const hits: Hit[] = entity === null ? [] : [{ entity, subject: {} }];
    return { state, hits };
  },
  explain: () => [],
});

/** A workflow, with the states in which it is not inside: those up to its lock and those behind it. */
export interface Inside {
  readonly workflow: string;
  readonly outside: readonly string[];
}

const over = ['done', 'failed'];

const isInside = (task: Task, { workflow, outside }: Inside): boolean =>
  ask(task, 'stack', `inside ${workflow} past ${outside.join()}`, (stack) =>
    stack.some((frame) => frame.workflow === workflow && !outside.includes(frame.state) && !over.includes(frame.state)),
  );

/** Hits when a task steps inside one workflow while another task is inside the other. */
export const together = (one: Inside, other: Inside): AnyDetector =>
  watcher('together', (event, world) => {
    if (event.type !== 'StepTaken' && event.type !== 'FrameEntered') return null;
    const mine = world.tasks[event.task]!;
    const others = Object.values(world.tasks).filter(({ id }) => id !== event.task);
    const meets = (left: Inside, right: Inside): boolean => isInside(mine, left) && others.some((task) => isInside(task, right));
    return meets(one, other) || meets(other, one) ? 'met' : null;
  });

/** What each request came to. */
export const results: AnyDetector = watcher('results', (event) =>
  event.type === 'RequestEnded' ? `${event.task} ${event.verb} ${event.target}: ${event.result}` : null,
);

/** Errnos with which a state of type1's attach ended. */
export const scanErrnos: AnyDetector = watcher('scan', (event) =>
  event.type === 'StepTaken' && ['tryExisting', 'reattach'].includes(event.from) && event.outcome.startsWith('errno.')
    ? `${event.from} ${event.outcome.slice('errno.'.length)}`
    : null,
);

/** Why the search over an address space left a page table out. */
export const skipped: AnyDetector = watcher('skipped', (event) =>
  event.type === 'CandidateConsidered' && !event.tried ? event.because : null,
);

/** Hits where two containers list one domain. */
export const shared: AnyDetector = watcher('shared', (event, world) => {
  if (event.type !== 'RecordListed') return null;
  const { record, container } = event;
  return Object.values(world.containers).some((other) => other.id !== container && lists(other, record.id)) ? record.id : null;
});

export interface Seen {
  readonly isComplete: boolean;
  readonly states: number;
  /** What was come upon, sorted. */
  readonly labels: readonly string[];
}

/** Errnos against their class are the errno tests' subject. */
const idsOf = (found: readonly Label[]): string[] =>
  found.flatMap((label) => (label.kind === 'finding' && label.level === 'contract' ? [] : [label.id])).sort();

/** A whole search; `faults` fail at most. Without detectors: the usual ones. */
export const seenIn = (scenario: Scenario, faults: number, detectors?: readonly AnyDetector[]): Seen => {
  const labels = new Labels();
  const { kernel, caller } = scenario;
  const { isComplete, states, paths } = atOnce(
    search(engineFor({ kernel, caller }), scenario, {
      bounds: { faults, apiFaults: 0, mayFail: () => true },
      ...(detectors === undefined ? {} : { detectors }),
      labels,
      control: { goesOn: () => true },
      preemptions: null,
      reduce: true,
      // Of mirror images one would be come upon only.
      symmetry: detectors === undefined,
      memory: 2 ** 28,
    }),
  );
  return { isComplete, states, labels: idsOf([...paths.keys()].map((label) => labels.list[label]!)) };
};
