// The state that a run begins in: the scripts of the scenario's first pre-state are over before its own begin.
import type { Scenario, TaskScript } from '../core/scenario.ts';

export interface Prepared {
  /** With the tasks and settings of the pre-state among its own; a task that only the pre-state names has no requests of its own. */
  readonly scenario: Scenario;
  readonly before: readonly TaskScript[];
}

export const prepared = (scenario: Scenario): Prepared => {
  const state = scenario.before?.[0];
  if (!state) return { scenario, before: [] };
  const known = new Set(scenario.tasks.map(({ id }) => id));
  const others = state.tasks.filter(({ id }) => !known.has(id)).map((task) => ({ ...task, requests: [] }));
  const set = { ...scenario.set };
  for (const [part, attributes] of Object.entries(state.set)) set[part] = { ...set[part], ...attributes };
  return { scenario: { ...scenario, tasks: [...scenario.tasks, ...others], set }, before: state.tasks };
};

/** Every task with what it asks for in all, before and after: whoever boots the machine looks for the groups that are named. */
export const wholeScripts = ({ scenario, before }: Prepared): Scenario => ({
  ...scenario,
  tasks: scenario.tasks.map((task) => ({
    ...task,
    requests: [...before.filter(({ id }) => id === task.id).flatMap(({ requests }) => requests), ...task.requests],
  })),
});
