// A model made ready to run: machines closed into tables, operations by name, phases of parts.
import { assert, Failure } from '../core/failure.ts';
import type { Operation, OperationModel } from '../core/operation.ts';
import type { RowContext } from '../core/perform.ts';
import type { World } from '../core/world.ts';
import { lookUp, type Model } from '../kernels/model.ts';
import { phases as machines } from '../kernels/phases.ts';
import { type ClosedMachine, close } from './machines.ts';

export interface Engine {
  readonly model: Model;
  readonly operationModel: OperationModel;
  readonly machine: (workflow: string) => ClosedMachine | undefined;
  readonly operation: (name: string) => Operation | undefined;
  readonly apiOf: RowContext['apiOf'];
  /** The engine of a task: itself, unless the task has another caller. */
  readonly forCaller: (name: string) => Engine;
}

const phases = {
  device: close(machines.device),
  group: close(machines.group),
  domain: close(machines.domain),
  iommu: close(machines.iommu),
  container: close(machines.container),
};
const collections = { device: 'devices', group: 'groups', domain: 'domains', iommu: 'iommus', container: 'containers' } as const;
export type PhaseKind = keyof typeof phases;

/** The phase after a trigger; one that the machine does not accept is an error in the model, and is said. */
export const phaseOf = (_engine: Engine, world: World, kind: PhaseKind, id: string, trigger: string): string => {
  const part = world[collections[kind]][id];
  assert(part, `no ${kind} is named ${id}`);
  const next = phases[kind].next(part.phase, trigger);
  if (next === null) throw new Failure('model-error', `${kind} ${id} in phase ${part.phase} does not accept ${trigger}`);
  return next;
};

/** Closes a model's machines lazily: a run needs few of them. */
export const engineOf = (model: Model, operations: ReadonlyMap<string, Operation>): Engine => {
  const closed = new Map<string, ClosedMachine>();
  const machine = (workflow: string): ClosedMachine | undefined => {
    const known = closed.get(workflow);
    if (known) return known;
    const source = model.workflows.get(workflow);
    if (source === undefined) return undefined;
    const made = close(source);
    closed.set(workflow, made);
    return made;
  };
  const others = new Map<string, Engine>();
  const forCaller = (name: string): Engine => {
    if (name === model.caller.name) return engine;
    const found = others.get(name) ?? engineOf(model.withCaller(name), operations);
    others.set(name, found);
    return found;
  };
  const engine: Engine = {
    model,
    machine,
    forCaller,
    operation: (name) => operations.get(name),
    apiOf: (id) => {
      const facts = model.apis.get(id);
      if (!facts) return undefined;
      const errnos = facts.errnos.map(({ errno }) => errno);
      return facts.sticky ? { errnos, sticky: facts.sticky } : { errnos };
    },
    operationModel: {
      kernel: model.kernel,
      caller: model.caller,
      scan: model.scan,
      driver: (name) => lookUp('driver', name, model.drivers),
      hasDriver: (name) => model.drivers.has(name),
      row: (id) => lookUp('row', id, model.rows),
    },
  };
  return engine;
};
