// What makes a counterexample's scenario smaller: tasks, requests and devices that it does without.
import type { Scenario } from '../core/scenario.ts';

/** Requests count from 0 in the scenario as it was before the first edit. */
export type Edit =
  | { readonly drop: 'task'; readonly task: string }
  | { readonly drop: 'request'; readonly task: string; readonly request: number }
  | { readonly drop: 'device'; readonly device: string };

const isDropped = (edits: readonly Edit[], task: string, request: number): boolean =>
  edits.some((edit) => edit.drop === 'request' && edit.task === task && edit.request === request);

/** The scenario without what the edits drop; a task without requests goes too. */
export const edited = (scenario: Scenario, edits: readonly Edit[]): Scenario => {
  const gone = new Set(edits.flatMap((edit) => (edit.drop === 'task' ? [edit.task] : [])));
  const devices = new Set(edits.flatMap((edit) => (edit.drop === 'device' ? [edit.device] : [])));
  const tasks = scenario.tasks
    .filter(({ id }) => !gone.has(id))
    .map((task) => ({ ...task, requests: task.requests.filter((_, index) => !isDropped(edits, task.id, index)) }))
    .filter(({ requests }) => requests.length > 0);
  const ids = new Set(tasks.map(({ id }) => id));
  const groups = scenario.topology.groups.map((group) => ({ ...group, devices: group.devices.filter(({ id }) => !devices.has(id)) }));
  return {
    ...scenario,
    tasks,
    topology: { ...scenario.topology, groups },
    ...(scenario.order === undefined ? {} : { order: scenario.order.filter((id) => ids.has(id)) }),
  };
};

/** Every single further edit, the largest first, later ones before earlier ones. */
export const furtherEdits = (scenario: Scenario, edits: readonly Edit[]): Edit[] => {
  const left = edited(scenario, edits);
  const ids = new Set(left.tasks.map(({ id }) => id));
  const tasks = left.tasks.length > 1 ? left.tasks.map(({ id }): Edit => ({ drop: 'task', task: id })) : [];
  const requests = scenario.tasks
    .filter(({ id }) => ids.has(id))
    .flatMap(({ id, requests: all }) =>
      all.flatMap((_, request): Edit[] => (isDropped(edits, id, request) ? [] : [{ drop: 'request', task: id, request }])),
    );
  const named = new Set(left.tasks.flatMap(({ requests: all }) => all.map(({ target }) => target)));
  const devices = left.topology.groups.flatMap(({ id, devices: members }) =>
    members.length > 1 && (named.has(id) || members.some((device) => named.has(device.id)))
      ? members.flatMap((device): Edit[] => (named.has(device.id) ? [] : [{ drop: 'device', device: device.id }]))
      : [],
  );
  return [...tasks.reverse(), ...(requests.length > 1 ? requests.reverse() : []), ...devices.reverse()];
};

const sameEdit = (one: Edit, other: Edit): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Whether the edit can still be made after the others. */
export const isFurther = (scenario: Scenario, edits: readonly Edit[], edit: Edit): boolean =>
  furtherEdits(scenario, edits).some((other) => sameEdit(edit, other));

/** Edits in one order, whatever the order in which they were found: as `furtherEdits` has them. */
export const inOrder = ({ tasks, topology }: Scenario, edits: readonly Edit[]): Edit[] => {
  const all: Edit[] = [
    ...topology.groups.flatMap(({ devices }) => devices.map(({ id }): Edit => ({ drop: 'device', device: id }))),
    ...tasks.flatMap(({ id, requests }) => requests.map((_, request): Edit => ({ drop: 'request', task: id, request }))),
    ...tasks.map(({ id }): Edit => ({ drop: 'task', task: id })),
  ];
  return all.reverse().filter((edit) => edits.some((other) => sameEdit(edit, other)));
};
