// The baseline where SPIN is not installed: the same steps on whole copied worlds, each one performed anew, with XState asked for every
// transition, and states told apart by their canonical text.
import { type AnyStateMachine, transition } from 'xstate';
import { canonical } from '../../../src/core/canonical.ts';
import type { Choose } from '../../../src/core/choose.ts';
import type { Scenario } from '../../../src/core/scenario.ts';
import type { World } from '../../../src/core/world.ts';
import { boot } from '../../../src/engine/boot.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { Session } from '../../../src/engine/session.ts';

/** As many states as take it some seconds: what counts is states per second. */
const MOST_STATES = 3000;

/** The engine with no table kept: XState says where each outcome leads. */
const asking = (engine: Engine): Engine => {
  const machine: Engine['machine'] = (workflow) => {
    const closed = engine.machine(workflow);
    const source = engine.model.workflows.get(workflow) as AnyStateMachine | undefined;
    if (!closed || !source) return closed;
    const next = (state: string, type: string): string | null => {
      const snapshot = source.resolveState({ value: state, context: {} });
      return snapshot.can({ type }) ? String(transition(source, snapshot, { type })[0].value) : null;
    };
    return { ...closed, next };
  };
  const made: Engine = { ...engine, machine, forCaller: () => made };
  return made;
};

interface State {
  readonly world: World;
  readonly faults: number;
}

/** Every way that the task's step can go, each performed on a copy. */
const stepsOf = (engine: Engine, scenario: Scenario, { world, faults }: State, task: string): State[] => {
  const found: State[] = [];
  const pending: number[][] = [[]];
  for (let answers = pending.pop(); answers; answers = pending.pop()) {
    const given = [...answers];
    let left = faults - given.filter((answer) => answer > 0).length;
    let turn = 0;
    const choose: Choose = (_bound, { kind }) => {
      if (kind !== 'allocation') return 0;
      const at = turn++;
      if (at < given.length) return given[at]!;
      if (left > 0) pending.push([...given.slice(0, at), ...Array<number>(at - given.length).fill(0), 1]);
      return 0;
    };
    const copy = structuredClone(world);
    const session = new Session({ engine, world: copy, choose, listen: () => {}, counts: () => false });
    for (const { id, requests } of scenario.tasks) for (const request of requests) session.submit(id, request);
    if (!session.can(task)) return [];
    session.act(task);
    left = faults - given.filter((answer) => answer > 0).length;
    found.push({ world: copy, faults: left });
  }
  return found;
};

export const plainWalk = (engine: Engine, scenario: Scenario, faults: number) => {
  const plain = asking(engine);
  const start: State = { world: boot(engine, scenario), faults };
  const seen = new Set([canonical(start)]);
  const stack = [start];
  let transitions = 0;
  for (let state = stack.pop(); state && seen.size < MOST_STATES; state = stack.pop())
    for (const task of Object.keys(state.world.tasks))
      for (const next of stepsOf(plain, scenario, state, task)) {
        transitions += 1;
        const text = canonical(next);
        if (seen.has(text)) continue;
        seen.add(text);
        stack.push(next);
      }
  return { states: seen.size, transitions, isComplete: stack.length === 0 };
};
