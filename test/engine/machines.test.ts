// The machines as tables: every state and outcome of every machine of every model against XState itself, and what the tables name exists,
// is reached, and gives back the locks that it takes.
import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, createActor } from 'xstate';
import { type ClosedMachine, close } from '../../src/engine/machines.ts';
import { operationTable } from '../../src/kernels/build.ts';
import { phases } from '../../src/kernels/phases.ts';
import { engineOfPair, type Pair, pairs } from '../support/stories.ts';

interface Config {
  readonly initial: string;
  readonly states: { readonly [state: string]: { readonly on?: Readonly<Record<string, string>> } };
}

const configOf = (source: unknown): Config => (source as { config: Config }).config;
const modelOf = (pair: Pair) => engineOfPair(pair).model;

/** Machines by what they are: models share most of them. */
const distinct = new Map<unknown, string>(Object.entries(phases).map(([name, source]) => [source, `phases of a ${name}`]));
for (const pair of pairs)
  for (const [name, source] of modelOf(pair).workflows) distinct.set(source, `${name} of ${pair.caller} on ${pair.kernel}`);
const machines = [...distinct].map(([source, title]) => ({ title, source, config: configOf(source) }));

/** Every outcome that a machine names anywhere, a stranger, and errnos for the wildcard. */
const outcomesOf = (config: Config): string[] => {
  const named = Object.values(config.states).flatMap(({ on = {} }) => Object.keys(on));
  return [...new Set([...named, 'STRANGER', 'errno', 'errno.EINVAL', 'errno.ENOMEM', 'errno.X.Y'])].filter((name) => !name.includes('*'));
};

/** What XState's own actor does with the event: where it is afterwards. */
const sent = (source: unknown, state: string, outcome: string): string => {
  const machine = source as AnyStateMachine;
  const snapshot = machine.resolveState({ value: state, context: {} });
  // An actor that has ended takes nothing.
  if (snapshot.status === 'done') return state;
  const actor = createActor(machine, { snapshot }).start();
  actor.send({ type: outcome });
  const { value } = actor.getSnapshot();
  actor.stop();
  return String(value);
};

/** What the machine's text says: the outcome itself, else the wildcard over its parts; null: nothing. */
const written = ({ states }: Config, state: string, outcome: string): string | null => {
  const on = states[state]!.on ?? {};
  const wild = Object.keys(on).find((key) => key.endsWith('.*') && (outcome === key.slice(0, -2) || outcome.startsWith(key.slice(0, -1))));
  return on[outcome] ?? (wild === undefined ? null : on[wild]!);
};

describe.each(machines)('$title', ({ source, config }) => {
  const table = close(source);
  const states = Object.keys(config.states);

  it('is closed into the table that XState follows', () => {
    const outcomes = outcomesOf(config);
    for (const state of states) {
      for (const outcome of outcomes) {
        const next = table.next(state, outcome);
        expect([state, outcome, next]).toEqual([state, outcome, written(config, state, outcome)]);
        expect([state, outcome, next ?? state]).toEqual([state, outcome, sent(source, state, outcome)]);
      }
    }
  });

  it('leads only to states that it has, and reaches all of them', () => {
    const reached = new Set([config.initial]);
    for (const state of reached) for (const to of Object.values(config.states[state]?.on ?? {})) reached.add(to);
    expect([...reached].sort()).toEqual(states.sort());
  });
});

type Fact = readonly [workflow: string, state: string, ...what: unknown[]];

const calledBy = (op: readonly unknown[] | undefined): string[] =>
  op?.[0] === 'call' ? [String(op[1])] : op?.[0] === 'callUnlessNone' ? [String(op[2])] : [];

/** The workflows that serve the requests of a model, and what those call. */
const servedOf = (pair: Pair): Map<string, ClosedMachine> => {
  const engine = engineOfPair(pair);
  const names = new Set(Object.values(engine.model.requests));
  for (const name of names) {
    const machine = engine.machine(name);
    for (const { facts } of machine?.states.values() ?? []) for (const called of calledBy(facts.op)) names.add(called);
  }
  return new Map(
    [...names].flatMap((name): [string, ClosedMachine][] => {
      const machine = engine.machine(name);
      return machine ? [[name, machine]] : [];
    }),
  );
};

/** States that perform something: all but end states. */
const steps = (machine: ClosedMachine) => [...machine.states].flatMap(([state, { facts, final }]) => (final ? [] : [{ state, facts }]));

const resultsOf = (machine: ClosedMachine): string[] => [
  ...new Set([...machine.states.values()].flatMap(({ final, facts }) => (final ? [facts.result ?? 'OK'] : []))),
];

/** What comes back to the caller: an errno, where the workflow can end with one. */
const outcomeFor: Readonly<Record<string, string>> = { OK: 'OK', NONE: 'NONE', errno: 'errno.EIO' };

const rowOperations = [
  'row',
  'attempt',
  'failAs',
  'warn',
  'change',
  'cookieOnce',
  'whenFaulty',
  'firstDomainRow',
  'firstBoundRow',
  'firstObjectRow',
];

describe.each(pairs.map((pair) => ({ ...pair, pair })))('$caller on $kernel', ({ pair }) => {
  const model = modelOf(pair);
  const all = servedOf(pair);
  const facts = [...all].flatMap(([workflow, machine]) => steps(machine).map((found) => ({ workflow, machine, ...found })));

  it('names only operations, rows and workflows that there are', () => {
    const missing = facts.flatMap(({ workflow, state, facts: { op, row } }): Fact[] => {
      const [name = '', first = ''] = op ?? [];
      return [
        ...(operationTable.has(name) ? [] : [[workflow, state, name] as const]),
        ...calledBy(op).flatMap((called) => (all.has(called) ? [] : [[workflow, state, called] as const])),
        ...(rowOperations.includes(name) && !model.rows.has(String(first)) ? [[workflow, state, first] as const] : []),
        ...(row === undefined || model.rows.has(row) ? [] : [[workflow, state, row] as const]),
      ];
    });
    expect(missing).toEqual([]);
  });

  it('takes every end of a workflow that it calls', () => {
    const unmet = facts.flatMap(({ workflow, machine, state, facts: { op } }): Fact[] => {
      if (op?.[0] !== 'call') return [];
      const results = resultsOf(all.get(String(op[1]))!).map((result) => outcomeFor[result]!);
      return results.filter((outcome) => machine.next(state, outcome) === null).map((outcome) => [workflow, state, outcome]);
    });
    expect(unmet).toEqual([]);
  });

  it('goes on where a search tries the next', () => {
    const stuck = facts.filter(({ machine, state, facts: { scan } }) => scan && machine.next(state, 'NEXT') === null);
    expect(stuck.map(({ workflow, state }) => [workflow, state])).toEqual([]);
  });

  it('serves every request by a workflow, and leaves none of its caller unused', () => {
    expect(Object.values(model.requests).filter((name) => !all.has(name))).toEqual([]);
    expect(Object.keys(model.caller.workflows).filter((name) => !all.has(name))).toEqual([]);
  });

  it('has given back every lock at the end of each workflow, whichever way it went', () => {
    expect([...all].flatMap(([workflow, machine]) => imbalances(workflow, machine, configOf(model.workflows.get(workflow))))).toEqual([]);
  });
});

/** Walks a machine with the locks held: two ways into a state must hold the same, an end must hold none. */
const imbalances = (workflow: string, { initial, states }: ClosedMachine, config: Config): Fact[] => {
  const held = new Map<string, string>([[initial, '']]);
  const found: Fact[] = [];
  for (const [state, locks] of held) {
    const { facts, final } = states.get(state)!;
    const after = heldAfter(facts.op ?? [''], locks);
    if (final && locks !== '') found.push([workflow, state, 'ends with', locks]);
    if (after === null) found.push([workflow, state, 'gives back what it does not hold, but', locks]);
    for (const to of Object.values(config.states[state]!.on ?? {})) {
      if (held.has(to) && held.get(to) !== after) found.push([workflow, to, 'is entered with', held.get(to), 'and with', after]);
      else held.set(to, after ?? '');
    }
  }
  return found;
};

const heldAfter = ([name, lock, owner]: readonly unknown[], locks: string): string | null => {
  const list = locks === '' ? [] : locks.split(' ');
  const id = `${lock}/${owner}`;
  if (name === 'lock') return [...list, id].join(' ');
  if (name !== 'unlock') return locks;
  return list.includes(id) ? list.filter((other) => other !== id).join(' ') : null;
};
