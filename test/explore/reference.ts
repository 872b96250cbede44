// A search without anything of the explorer: the engine's session on copies of plain worlds, every state kept whole. Slow, and so plain
// that it can be held against the explorer.
import { canonical } from '../../src/core/canonical.ts';
import type { Choose } from '../../src/core/choose.ts';
import type { Event } from '../../src/core/events.ts';
import type { TaskFiles } from '../../src/core/files.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import type { World } from '../../src/core/world.ts';
import { shownDetectors } from '../../src/detect/audit.ts';
import { boot } from '../../src/engine/boot.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { probeOf } from '../../src/engine/probe.ts';
import { Session } from '../../src/engine/session.ts';

type Plain = Record<string, unknown>;

interface State {
  readonly world: World;
  readonly files: Record<string, TaskFiles>;
  /** Failures left. */
  readonly left: number;
  readonly detected: readonly unknown[];
}

export interface Referred {
  readonly states: number;
  readonly transitions: number;
  /** Ids of findings and deadlocks, sorted. */
  readonly labels: readonly string[];
  /** Worlds in which nobody can step, as sorted lines. */
  readonly finals: ReadonlySet<string>;
}

/** Registers and lists ordered by name do not tell states apart that a user could. */
const plainStack = (stack: unknown): unknown =>
  (stack as { workflow: string; state?: string; row?: number }[]).map(({ workflow, state, row }) => ({ workflow, state, row }));

const ordered = (value: unknown): unknown =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? value.toSorted() : value;

/** `devices/X.domain="c0.d0"`, one line a field, as the explorer's cells are named. */
export const line = (name: string, value: unknown): string =>
  `${name}=${canonical(/^tasks\/.*\.stack$/.test(name) ? plainStack(value) : ordered(value))}`;

const partLines = (name: string, { id: _id, attributes = {}, ...fields }: Plain): string[] => [
  line(`${name}.#`, true),
  ...Object.entries(fields).flatMap(([field, value]) => (value === undefined ? [] : [line(`${name}.${field}`, value)])),
  ...Object.entries(attributes as Plain).flatMap(([key, value]) => (value === undefined ? [] : [line(`${name}.attributes.${key}`, value)])),
];

const linesOf = (world: World): string => {
  const { system, ...kinds } = world;
  const parts = Object.entries(kinds).flatMap(([kind, all]) =>
    Object.entries(all as unknown as Record<string, Plain>).flatMap(([id, part]) => partLines(`${kind}/${id}`, part)),
  );
  const own = Object.entries(system.attributes).map(([key, value]) => line(`system.attributes.${key}`, value));
  return [...parts, ...own].sort().join('\n');
};

/** Answers of one step, every combination within the failures left. */
class Odometer {
  #wheels: { at: number; size: number }[] = [];
  #turn = 0;
  #left: number;
  used = 0;

  constructor(left: number) {
    this.#left = left;
  }

  readonly choose: Choose = (size, { kind }) => {
    if (kind !== 'allocation' || this.used === this.#left) return 0;
    const turn = this.#turn++;
    if (turn === this.#wheels.length) this.#wheels.push({ at: 0, size });
    const { at } = this.#wheels[turn]!;
    if (at > 0) this.used += 1;
    return at;
  };

  next(): boolean {
    while (this.#wheels.length > 0 && this.#wheels.at(-1)!.at + 1 === this.#wheels.at(-1)!.size) this.#wheels.pop();
    if (this.#wheels.length === 0) return false;
    this.#wheels.at(-1)!.at += 1;
    this.#turn = 0;
    this.used = 0;
    return true;
  }
}

export const refer = (engine: Engine, scenario: Scenario, faults: number): Referred => {
  const probe = probeOf(engine);
  const labels = new Set<string>();
  const booted = boot(engine, scenario);
  const tasks = Object.keys(booted.tasks);
  const detect = (detected: readonly unknown[], event: Event, world: World): unknown[] =>
    shownDetectors.map((detector, index) => {
      const { state, hits } = detector.step(detected[index], event, world, probe);
      for (const { entity } of hits) labels.add(`${detector.id}:${entity}`);
      return state;
    });
  const open = (from: State, choose: Choose): { session: Session; state: () => State } => {
    const { world, files } = structuredClone({ world: from.world, files: from.files });
    let { detected } = from;
    const listen = (event: Event): void => {
      detected = detect(detected, event, world);
    };
    const session = new Session({ engine, world, files, choose, listen, counts: () => false });
    for (const { id, requests } of scenario.tasks) for (const request of requests) session.submit(id, request);
    return { session, state: () => ({ world, files, left: from.left, detected }) };
  };
  const { kernel, caller, hash } = engine.model;
  const started: Event = { type: 'RunStarted', scenario: scenario.name, kernel, caller: caller.name, model: hash, world: booted };
  const initial = detect(
    shownDetectors.map((detector) => detector.initial),
    started,
    booted,
  );
  const first: State = { world: booted, files: {}, left: faults, detected: initial };
  const seen = new Set([canonical(first)]);
  const finals = new Set<string>();
  const work = [first];
  let transitions = 0;
  for (let state = work.pop(); state; state = work.pop()) {
    const from = state;
    const able = tasks.filter((task) => open(from, () => 0).session.can(task));
    if (able.length === 0) {
      const { session } = open(from, () => 0);
      const waiting = session.finish().map(({ task }) => task);
      if (waiting.length > 0) labels.add(`deadlock:${waiting.join(',')}`);
      finals.add(linesOf(from.world));
    }
    for (const task of able) {
      const answers = new Odometer(from.left);
      do {
        const { session, state: after } = open(from, answers.choose);
        session.act(task);
        transitions += 1;
        const next = { ...after(), left: from.left - answers.used };
        const key = canonical(next);
        if (seen.has(key)) continue;
        seen.add(key);
        work.push(next);
      } while (answers.next());
    }
  }
  return { states: seen.size, transitions, labels: [...labels].sort(), finals };
};
