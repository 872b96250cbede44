// A scenario as processes over variables: every control location of every task with its ways onward, found by following the tables from
// the booted machine until nothing new turns up.
import { canonical } from '../../../src/core/canonical.ts';
import type { Request, Scenario, TaskScript } from '../../../src/core/scenario.ts';
import { isPathFrame, type World } from '../../../src/core/world.ts';
import { boot } from '../../../src/engine/boot.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { registersOf, workflowOf } from '../../../src/engine/requestFrames.ts';
import { Control, type Machine, type Place, Uses } from './control.ts';
import { translations } from './operations.ts';
import { fieldOf, partOf } from './parts.ts';
import { returned, stepPath } from './rows.ts';
import { after, everyWay, type Found, type State, type Transition, type Variable, Variables, type Way } from './variables.ts';

/** A control location and where each way leads; without ways the script is over. */
export interface Location {
  readonly number: number;
  readonly name: string;
  /** Of the task's script, in progress or next. */
  readonly request: number;
  ways: readonly Found<Location>[];
}

/** What must hold where a request ends. */
export interface Asserted {
  readonly variable: Variable;
  readonly holds: (value: unknown) => boolean;
}

export interface Processes {
  readonly claims: readonly Asserted[];
  readonly variables: Variables;
  /** Locations by task; the first one of each is where it starts. */
  readonly tasks: ReadonlyMap<string, readonly Location[]>;
}

/** Verbs whose requests wait for nothing but locks. */
const verbs: readonly Request['verb'][] = ['attach', 'map'];

const demand = (holds: boolean, words: string): void => {
  if (!holds) throw new Error(`the Promela model knows ${words}`);
};

/** Names of domains and groups are then each one task's own. */
const demandKnown = ({ tasks }: Scenario): void => {
  demand(
    tasks.every(({ requests }) => requests.every(({ verb }) => verbs.includes(verb))),
    `only ${verbs.join(' and ')}`,
  );
  demand(new Set(tasks.map(({ container }) => container)).size === tasks.length, 'only tasks with a container each');
  const targets = tasks.flatMap(({ requests }) => [...new Set(requests.map(({ target }) => target))].filter((target) => target !== null));
  demand(new Set(targets).size === targets.length, 'only groups that one task asks for');
};

/** Only this task's groups are ever on its container's domains. */
const machineOf = (world: World, { requests }: TaskScript): Machine => {
  const targets = new Set(requests.map(({ target }) => target));
  const groups = Object.values(world.groups).filter(({ id, devices }) => targets.has(id) || devices.some((device) => targets.has(device)));
  return {
    groups: groups.map(({ id }) => id),
    devices: groups.flatMap(({ devices }) => devices),
    devicesOf: (group) => world.groups[group]?.devices ?? [],
    groupOf: (device) => world.devices[device]!.group,
    regionsOf: (device) => world.devices[device]!.regions,
    mostIds: (pool) => {
      const [, id, name] = /^iommus\/(.*)\.attributes\.(.*)$/.exec(pool)!;
      // Devices on their default domains give its ids back when they leave.
      return Number(world.iommus[id!]!.attributes[name!]) + Object.keys(world.groups).length;
    },
  };
};

/** Every field of every part is a variable; most never change, and are none in the model then. */
const addWorld = (variables: Variables, world: World): void => {
  const kinds = { device: 'devices', group: 'groups', domain: 'domains', iommu: 'iommus', container: 'containers' } as const;
  for (const [kind, collection] of Object.entries(kinds))
    for (const [id, part] of Object.entries(world[collection])) addPart(variables, partOf(kind as keyof typeof kinds, id), part);
  addPart(variables, 'system', world.system);
};

const addPart = (variables: Variables, name: string, { attributes, ...fields }: { attributes: object; id?: string }): void => {
  for (const [field, value] of Object.entries(fields)) variables.of(`${name}.${field}`, value);
  for (const [field, value] of Object.entries(attributes)) variables.of(`${name}.attributes.${field}`, value);
};

export const processesOf = (engine: Engine, scenario: Scenario, faults: number): Processes => {
  demandKnown(scenario);
  const uses = new Uses(engine);
  for (;;) {
    const { version } = uses;
    const found = new Tracing(engine, scenario, faults, uses).run();
    if (uses.version === version) return found;
  }
};

/** A place with the states that the task may be in there, by their text; `size`: of shared variables when it was looked at, or -1. */
interface Known {
  readonly task: TaskScript;
  readonly place: Place;
  readonly location: Location;
  readonly states: Map<string, State>;
  size: number;
}

class Tracing {
  readonly #engine: Engine;
  readonly #scenario: Scenario;
  readonly #world: World;
  readonly #uses: Uses;
  readonly #variables = new Variables();
  readonly #known = new Map<string, Map<string, Known>>();
  readonly #byNumber = new Map<string, Known[]>();

  constructor(engine: Engine, scenario: Scenario, faults: number, uses: Uses) {
    this.#engine = engine;
    this.#scenario = scenario;
    this.#uses = uses;
    this.#world = boot(engine, scenario);
    this.#variables.of('budget', faults);
    this.#variables.of('spent', 0);
    addWorld(this.#variables, this.#world);
    for (const task of scenario.tasks) {
      this.#known.set(task.id, new Map());
      this.#byNumber.set(task.id, []);
      this.#at(task, { request: 0, stack: [] }).states.set('', []);
    }
  }

  /** Ways bring states to other places, where there are more ways then: until a round brings no news. */
  run(): Processes {
    for (let isNew = true; isNew; ) {
      isNew = false;
      const { shared } = this.#variables;
      for (const places of this.#byNumber.values())
        for (const place of places) {
          if (place.size === shared) continue;
          this.#look(place, shared);
          isNew = true;
        }
    }
    const tasks = [...this.#byNumber].map(([task, places]) => [task, places.map(({ location }) => location)] as const);
    return { variables: this.#variables, claims: this.#claims(), tasks: new Map(tasks) };
  }

  #claims(): Asserted[] {
    return this.#scenario.claims.map(({ mood, text }) => {
      const [, container, most] = /^(?:always: )?domains\((.+)\) <= (\d+)$/.exec(text) ?? [];
      demand(mood === 'always' && container !== undefined, `only claims such as always: domains(c0) <= 1, not ${text}`);
      const holds = (records: unknown): boolean => !Array.isArray(records) || records.length <= Number(most);
      return { variable: this.#variables.of(fieldOf('container', container!, 'records')), holds };
    });
  }

  #at(task: TaskScript, place: Place): Known {
    const known = this.#known.get(task.id)!;
    const key = canonical(place);
    const found = known.get(key);
    if (found) return found;
    const location: Location = { number: known.size, name: nameOf(place), request: place.request, ways: [] };
    const made: Known = { task, place, location, states: new Map(), size: -1 };
    known.set(key, made);
    this.#byNumber.get(task.id)!.push(made);
    return made;
  }

  #look(known: Known, shared: number): void {
    const { task, place, location, states } = known;
    known.size = shared;
    if (place.stack.length === 0 && task.requests[place.request] === undefined) return;
    const step = (world: Transition): Location => this.#at(task, this.#step(task, place, world)).location;
    location.ways = everyWay(this.#variables, [...states.values()], step);
    for (const { way, result } of location.ways) if (!(result instanceof Error)) this.#bring(task, way, result);
  }

  #bring(task: TaskScript, way: Way, { number }: Location): void {
    const to = this.#byNumber.get(task.id)![number]!;
    const before = to.states.size;
    for (const state of way.states) {
      const next = after(way, state);
      to.states.set(next.join(), next);
    }
    if (to.states.size !== before) to.size = -1;
  }

  #step(task: TaskScript, place: Place, world: Transition): Place {
    const control = new Control(this.#engine, machineOf(this.#world, task), this.#uses, task.id, place, world, returned);
    const top = control.stack.at(-1);
    if (!top) {
      const request = task.requests[place.request]!;
      control.call(workflowOf(this.#engine, request), registersOf(this.#world, task.id, request));
    } else if (isPathFrame(top)) stepPath(control, top);
    else this.#stepState(control);
    return control.place;
  }

  #stepState(control: Control): void {
    const { workflow, state } = control.top;
    const [name, ...args] = this.#engine.machine(workflow)!.states.get(state)!.facts.op!;
    const translation = translations[name];
    demand(translation !== undefined, `no operation ${name}`);
    const outcome = translation!(control, ...args);
    if (outcome === undefined) return;
    if (typeof outcome === 'string') control.settle(outcome);
    else control.settle(...outcome);
  }
}

/** `r0 vfioAttach.set > setContainer.claim > ...`. */
const nameOf = ({ request, stack }: Place): string => {
  const frames = stack.map((frame) =>
    isPathFrame(frame) ? `${frame.workflow}#${frame.refusal ?? frame.row}` : `${frame.workflow}.${frame.state}`,
  );
  return `request ${request} ${frames.join(' > ')}`.trim();
};
