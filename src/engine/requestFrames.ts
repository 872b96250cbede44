// From a request to the workflow that serves it and the registers it starts with.
import { Failure, nearest } from '../core/failure.ts';
import type { Request } from '../core/scenario.ts';
import type { Registers, World } from '../core/world.ts';
import type { Engine } from './engine.ts';

/** The workflow of the request's verb under the run's caller. */
export const workflowOf = (engine: Engine, request: Request): string => {
  const { requests, caller } = engine.model;
  const workflow = requests[request.verb];
  if (workflow !== undefined) return workflow;
  const known = Object.keys(requests);
  const near = nearest(request.verb, known);
  const found = near ? `did you mean ${near}?` : `it has ${known.join(', ')}`;
  throw new Failure('bad-scenario', `${caller.name} has no request ${request.verb}; ${found}`, request.place);
};

/** Among a group's devices user space holds those that are no bridges; the last is the usual endpoint. */
const endpointOf = (world: World, group: string): string | null => {
  const devices = world.groups[group]?.devices ?? [];
  return devices.findLast((device) => world.devices[device]!.attributes['isBridge'] !== true) ?? devices.at(-1) ?? null;
};

/** What the kernel does by itself uses no file of the task. */
const withoutFiles: readonly Request['verb'][] = ['kill', 'unplug', 'bind-driver', 'unbind-driver'];

const filesOf = (world: World, task: string, { verb, container }: Request): Registers => {
  const { container: own, context } = world.tasks[task]!;
  return withoutFiles.includes(verb) ? { container: null, context: null } : { container: container ?? own, context };
};

const targetless: readonly Request['verb'][] = ['map', 'unmap', 'close', 'kill', 'set-iommu', 'destroy-page-table'];

/** Files and scripts are checked where they are read; a stream of requests may name anything. */
const demandTarget = ({ groups, devices }: World, { verb, target, place }: Request): void => {
  if (targetless.includes(verb)) return;
  if (target === null) throw new Failure('bad-scenario', `expected ${verb} with a group or a device, found neither`, place);
  if (target in groups || target in devices) return;
  const known = [...Object.keys(groups), ...Object.keys(devices)];
  const near = nearest(target, known);
  const list = near ? `did you mean ${near}?` : `known: ${known.join(', ')}`;
  throw new Failure('bad-scenario', `expected a group or a device of the machine, found ${target}; ${list}`, place);
};

export const registersOf = (world: World, task: string, request: Request): Registers => {
  demandTarget(world, request);
  const device = request.target === null ? undefined : world.devices[request.target];
  const group = device?.group ?? request.target;
  const endpoint = device?.id ?? (group === null ? null : endpointOf(world, group));
  const place = request.iova === undefined ? {} : { iova: request.iova, size: request.size ?? 4096 };
  const { pageTable = null, options, target } = request;
  return { target, group, device: endpoint, ...filesOf(world, task, request), pageTable, ...options, ...place };
};
