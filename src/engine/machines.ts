// The only caller of XState: closes each machine into a table (state, outcome) → state or "not accepted", an entry at a time.
import type { AnyStateMachine } from 'xstate';
import { assert } from '../core/failure.ts';
import type { EndFacts, StateFacts, WorkflowFacts } from '../core/workflow.ts';

interface ClosedState {
  readonly facts: Partial<StateFacts & EndFacts>;
  readonly final: boolean;
  readonly next: Map<string, string | null>;
}

/** A machine as a table. `next` gives null for an outcome that the machine does not accept in that state. */
export interface ClosedMachine {
  readonly id: string;
  readonly initial: string;
  readonly facts: WorkflowFacts;
  readonly states: ReadonlyMap<string, ClosedState>;
  readonly next: (state: string, outcome: string) => string | null;
  /** Where each state can go. */
  readonly graph: ReadonlyMap<string, readonly string[]>;
}

const ask = (machine: AnyStateMachine, state: string, type: string): string | null => {
  const [taken] = machine.getTransitionData(machine.resolveState({ value: state, context: {} }), { type });
  return taken?.target?.[0]?.key ?? null;
};

/** Closes a machine without context, guards or actions. */
export const close = (source: unknown): ClosedMachine => {
  const machine = source as AnyStateMachine;
  const states = new Map<string, ClosedState>();
  for (const [name, node] of Object.entries(machine.root.states)) {
    states.set(name, { facts: (node.meta ?? {}) as ClosedState['facts'], final: node.type === 'final', next: new Map() });
  }
  const next = (name: string, outcome: string): string | null => {
    const state = states.get(name);
    assert(state, `${machine.id} has no state ${name}`);
    const known = state.next.get(outcome);
    if (known !== undefined) return known;
    const found = state.final ? null : ask(machine, name, outcome);
    state.next.set(outcome, found);
    return found;
  };
  const initial = String(machine.config.initial);
  const targets = ([name, { transitions }]: [string, AnyStateMachine['root']['states'][string]]): [string, string[]] => [
    name,
    [...transitions.values()].flat().flatMap(({ target = [] }) => target.map(({ key }) => key)),
  ];
  const graph = new Map(Object.entries(machine.root.states).map(targets));
  return { id: machine.id, initial, facts: (machine.config.meta ?? {}) as WorkflowFacts, states, next, graph };
};
