// Workflow machines with one thing seeded wrong: a lock not taken or not given back, two steps swapped, an undo step forgotten, an errno
// passed over. Made of the machines' own states, so a machine that is added is mutated too.
import { type AnyStateMachine, createMachine } from 'xstate';
import type { EndFacts, StateFacts } from '../../src/core/workflow.ts';
import { callers, workflows } from '../../src/kernels/registry.ts';

export interface State {
  readonly type?: string;
  readonly meta?: Partial<StateFacts & EndFacts>;
  readonly on?: Readonly<Record<string, string>>;
}

/** A machine's config, as far as workflows use it. */
export interface Workflow {
  readonly initial: string;
  readonly states: Readonly<Record<string, State>>;
}

export type Kind = 'control' | 'lock dropped' | 'unlock dropped' | 'steps swapped' | 'unwind forgotten' | 'errno swallowed';

interface Change {
  readonly kind: Kind;
  /** `add then unlock`: what the change is about. */
  readonly what: string;
  readonly workflow: Workflow;
}

export interface MachineMutant extends Omit<Change, 'workflow'> {
  /** `v6.12 setDomain: steps swapped, direct and attach`. */
  readonly name: string;
  readonly machine: unknown;
  readonly mutated: unknown;
}

const opOf = (state: State): string => state.meta?.op?.[0] ?? '';

const withOn = (state: State, on: State['on']): State => ({ ...state, on: on! });

const retargeted = (on: Readonly<Record<string, string>>, from: string, to: string): Record<string, string> =>
  Object.fromEntries(Object.entries(on).map(([outcome, target]) => [outcome, target === from ? to : target]));

/** The workflow without a state: whoever led to it leads to where it went on. */
const without = ({ initial, states }: Workflow, name: string, next: string): Workflow => ({
  initial: initial === name ? next : initial,
  states: Object.fromEntries(
    Object.entries(states)
      .filter(([other]) => other !== name)
      .map(([other, state]) => [other, state.on ? withOn(state, retargeted(state.on, name, next)) : state]),
  ),
});

const dropped = (workflow: Workflow, op: 'lock' | 'unlock'): Change[] =>
  Object.entries(workflow.states)
    .filter(([, state]) => opOf(state) === op)
    .map(([name, state]) => ({ kind: `${op} dropped`, what: name, workflow: without(workflow, name, state.on!['OK']!) }));

/** Whoever came to the first of two steps finds the second, then the first, each with its own ways out; other ways to the second stay. */
const swapped = ({ initial, states }: Workflow, first: string, second: string): Workflow => {
  const [one, other] = [states[first]!, states[second]!];
  const later = `${first} later`;
  const after = other.on!['OK']!;
  const swap = { [first]: withOn(other, { ...other.on, OK: later }), [later]: withOn(one, { ...one.on, OK: after }) };
  return { initial, states: { ...states, ...swap } };
};

/** Operations that look at shared parts or keep to the task's registers, change nothing, and never refuse. */
const looks = new Set([
  ...['set', 'is', 'restart', 'warn', 'failAs'],
  ...['addressSpace', 'blockingKind', 'checkAperture', 'checkDomain', 'checkIsolation', 'checkMapping', 'checkReservation'],
  ...['checkReserved', 'checkUnmapping', 'detachTarget', 'deviceAttached', 'dirtyFlag', 'findRecord', 'firstOfGroup', 'groupBound'],
  ...['groupContainer', 'groupDomain', 'groupOpen', 'isAttached', 'isListed', 'lastBound', 'lastGroup', 'lastRecordGroup'],
  ...['nameBlocking', 'nameContainer', 'nameDomain', 'nameHandle', 'nameTable', 'needsCookie', 'newestContainer', 'newestTable'],
  ...['next', 'nextDomainMapping', 'nextForeignDevice', 'nextMapping', 'nextMemory', 'nextTable', 'nextUpTo', 'oldestContainer'],
  ...['onOtherTable', 'onThisTable', 'ownedByMe', 'placeMemory', 'previous', 'previousTable', 'probeAddress', 'same'],
  ...['spaceAttached', 'sweepTable', 'test', 'unusedAutomatic', 'unusedTable'],
]);

/** Operations that may refuse and change nothing; rows that workflows name only check and allocate. */
const asks = new Set([
  ...['row', 'attempt', 'canNest', 'checkMapping', 'copyForDetach', 'copyValid', 'excludeValid', 'findTable', 'firstBoundRow'],
  ...['firstDomainRow', 'firstObjectRow', 'idNodeRow', 'ownable', 'pinPages', 'readRegions', 'readRemaining', 'resizeValid', 'whenFaulty'],
]);

const changesNothing = (op: string): boolean => looks.has(op) || asks.has(op);
const isLock = (op: string): boolean => op === 'lock' || op === 'unlock';

/**
 * Of two steps that change nothing only the order of two refusals could show, which is the rows'. What a lock is for is seeded by dropping
 * it: one that is taken a step late or given back a step early lets others in for less.
 */
const matters = (one: string, other: string): boolean => !isLock(one) && !isLock(other) && !(changesNothing(one) && changesNothing(other));

const swaps = ({ initial, states }: Workflow): Change[] =>
  Object.entries(states).flatMap(([first, state]): Change[] => {
    const second = state.on?.['OK'];
    if (second === undefined || second === first || states[second]?.on?.['OK'] === undefined) return [];
    if (!matters(opOf(state), opOf(states[second]))) return [];
    return [{ kind: 'steps swapped', what: `${first} and ${second}`, workflow: swapped({ initial, states }, first, second) }];
  });

/** States from which only an errno comes out. */
const failing = ({ states }: Workflow): Set<string> => {
  const succeeds = new Set(Object.keys(states).filter((name) => states[name]!.type === 'final' && states[name]!.meta?.result !== 'errno'));
  for (let size = -1; size !== succeeds.size; ) {
    size = succeeds.size;
    for (const [name, { on = {} }] of Object.entries(states)) if (Object.values(on).some((to) => succeeds.has(to))) succeeds.add(name);
  }
  return new Set(Object.keys(states).filter((name) => !succeeds.has(name)));
};

const notUndo = new Set(['lock', 'unlock', 'is', 'same', 'test', 'failAs', 'row']);

/** Where an undo step leads when it has nothing to do: a loop to its end, any other to the next. */
const past = (state: State): string | undefined => state.on?.['NONE'] ?? state.on?.['OK'];

const isUndo = (state: State): boolean => state.type !== 'final' && !notUndo.has(opOf(state)) && past(state) !== undefined;

const redirected = ({ initial, states }: Workflow, from: string, outcome: string, to: string): Workflow => ({
  initial,
  states: { ...states, [from]: withOn(states[from]!, { ...states[from]!.on, [outcome]: to }) },
});

const forgotten = (workflow: Workflow): Change[] => {
  const undoing = failing(workflow);
  return Object.entries(workflow.states).flatMap(([from, { on = {} }]) =>
    Object.entries(on)
      .filter(([, to]) => undoing.has(to) && isUndo(workflow.states[to]!))
      .map(([outcome, to]) => ({
        kind: 'unwind forgotten',
        what: `${to} after ${from} ${outcome}`,
        workflow: redirected(workflow, from, outcome, past(workflow.states[to]!)!),
      })),
  );
};

const swallowed = (workflow: Workflow): Change[] =>
  Object.entries(workflow.states).flatMap(([name, { on = {} }]) =>
    Object.entries(on)
      .filter(([outcome, to]) => outcome.startsWith('errno.') && on['OK'] !== undefined && on['OK'] !== to)
      .map(([outcome]) => ({
        kind: 'errno swallowed',
        what: `${name} ${outcome}`,
        workflow: redirected(workflow, name, outcome, on['OK']!),
      })),
  );

/** Nothing goes wrong in it: one step more that keeps to the task's own registers. Who notices this would notice anything. */
const controlled = ({ initial, states }: Workflow): Change => {
  const [outcome, to] = Object.entries(states[initial]!.on!)[0]!;
  const added: State = { meta: { op: ['set', 'control', 'x'] }, on: { OK: to } };
  const first = withOn(states[initial]!, { ...states[initial]!.on, [outcome]: 'control' });
  return { kind: 'control', what: `after ${initial}`, workflow: { initial, states: { ...states, [initial]: first, control: added } } };
};

export const changesOf = (workflow: Workflow): Change[] => [
  ...dropped(workflow, 'lock'),
  ...dropped(workflow, 'unlock'),
  ...swaps(workflow),
  ...forgotten(workflow),
  ...swallowed(workflow),
];

/** Every machine of the package once, with the column or caller that it was found in. */
const sources = (): Map<unknown, string> => {
  const found = new Map<unknown, string>();
  const note = (owner: string, machines: { readonly [name: string]: unknown }): void => {
    for (const [name, machine] of Object.entries(machines)) if (!found.has(machine)) found.set(machine, `${owner} ${name}`);
  };
  for (const { columns, machines } of workflows) note(columns[0]!, machines);
  for (const { name, workflows: machines } of callers) note(name, machines);
  return found;
};

const madeOf = (machine: unknown, owner: string, changes: (workflow: Workflow) => Change[]): MachineMutant[] => {
  const { config } = machine as AnyStateMachine;
  return changes(config as unknown as Workflow).map(({ workflow, ...change }) => ({
    ...change,
    name: `${owner}: ${change.kind}, ${change.what}`,
    machine,
    mutated: createMachine({ ...config, ...workflow } as Parameters<typeof createMachine>[0]),
  }));
};

export const machineMutants = (): MachineMutant[] => [...sources()].flatMap(([machine, owner]) => madeOf(machine, owner, changesOf));

/** One for each machine. */
export const controls = (): MachineMutant[] =>
  [...sources()].flatMap(([machine, owner]) => madeOf(machine, owner, (workflow) => [controlled(workflow)]));
