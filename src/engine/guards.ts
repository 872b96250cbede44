// One attach request against one driver path, on a scratch world: the same interpreter that a run's step uses, as a function and as an
// operator over a stream of requests.
import { map, type OperatorFunction } from 'rxjs';
import type { Path, Value } from '../core/conditions.ts';
import type { Event } from '../core/events.ts';
import { assert, Failure } from '../core/failure.ts';
import { pathFrame } from '../core/paths.ts';
import type { Fault } from '../core/scenario.ts';
import { newTask, type World } from '../core/world.ts';
import type { Engine } from './engine.ts';
import { plan } from './faults.ts';
import { type ScratchParts, scratchIds, scratchWorld } from './scratch.ts';
import { advance, type Stepper } from './step.ts';

export interface AttachRequest extends Omit<ScratchParts, 'device'> {
  /** Null: the path is walked for the domain alone, as when it is freed; the instance is the one that the domain is bound to. */
  readonly device?: ScratchParts['device'] | null;
  readonly driver: string;
  /** Default: `attach`. */
  readonly path?: string;
  /** The range, for the paths `map` and `unmap`. */
  readonly mapping?: { readonly iova: number; readonly size: number };
  /** By site or row, or by kernel API; each counts within this request. */
  readonly faults?: readonly Fault[];
}

export interface Attempt {
  /** Null: the path was walked to its end. */
  readonly errno: string | null;
  /** The row whose errno it is. */
  readonly row: string | null;
  readonly events: readonly Event[];
  /** After the path and whatever it undid. */
  readonly world: World;
}

const taskId = 'try';

/** A site can run a computed number of times: attributes that make no sense would fill the memory. */
const mostEvents = 10_000;

const registersOf = (world: World, request: AttachRequest) => {
  const device = Object.keys(world.devices)[0]!;
  const domain = String(request.domain?.id ?? scratchIds.domain);
  const bound = world.domains[domain]!.attributes.iommu;
  if (request.device === null) return { device: null, domain, ...(typeof bound === 'string' ? { iommu: bound } : {}), ...request.mapping };
  return { device, domain, group: world.devices[device]!.group, ...request.mapping };
};

/** The scratch world has a device also where the path does not see it. */
export const partsOf = ({ device, ...parts }: AttachRequest): ScratchParts => (device ? { ...parts, device } : parts);

/** Walks one path of one driver for one device and domain; pure. */
export const attempt = (engine: Engine, request: AttachRequest): Attempt => {
  const driver = engine.operationModel.driver(request.driver);
  const world = scratchWorld(driver, partsOf(request), engine.operationModel.driver);
  const task = newTask(taskId, '', '');
  world.tasks[taskId] = task;
  const events: Event[] = [];
  const answer = plan(request.faults ?? []);
  const stepper: Stepper = {
    engine,
    world,
    choose: (_bound, question) => answer(question),
    listen: (event) => {
      events.push(event);
      if (events.length > mostEvents) throw new Failure('bad-usage', `${driver.name}: the attributes given make the path run without end`);
    },
    files: {},
    counts: () => false,
  };
  task.stack.push(pathFrame(driver.name, request.path ?? 'attach', registersOf(world, request)));
  while (task.stack.length > 0) advance(stepper, taskId);
  return { ...resultOf(events), events, world };
};

const resultOf = (events: readonly Event[]): Pick<Attempt, 'errno' | 'row'> => {
  const last = events.findLast((event) => event.type === 'FrameLeft');
  assert(last, 'a walked path leaves its frame');
  if (!last.outcome.startsWith('errno.')) return { errno: null, row: null };
  const refusal = events.findLast((event) => event.type === 'CheckRefused' && event.errno !== '0');
  return { errno: last.outcome.slice('errno.'.length), row: refusal?.type === 'CheckRefused' ? refusal.row : null };
};

/** Sends each attach request through the rows of its driver's path. */
export const throughGuards = (engine: Engine): OperatorFunction<AttachRequest, Attempt> => map((request) => attempt(engine, request));

/** A request from values by attribute path: `{ 'domain.parent.agaw': 48, 'domain.instances[iommu.id]': 1 }`. */
export const requestFrom = (driver: string, path: string, values: Readonly<Record<Path, Value>>): AttachRequest => {
  const parts: Record<string, Nested> = {};
  for (const [name, given] of Object.entries(values)) {
    // The scratch world has its instance also where the device has none.
    if (name === 'iommu.id' && given === null) continue;
    const [root, ...fields] = name.replace(/\[.+\]$/, '').split('.') as [string, ...string[]];
    const index = /\[(.+)\]$/.exec(name)?.[1];
    const part = parts[root] ?? {};
    parts[root] = part;
    const place = fields.slice(0, -1).reduce(inner, part);
    const field = fields.at(-1)!;
    place[field] =
      index === undefined ? madeOf(name, given, place[field]) : { ...(place[field] as object), [keyOf(index, values)]: given as number };
  }
  return { driver, path, ...(parts as ScratchParts) };
};

const domainLinks = ['device.domain', 'domain.parent', 'group.domain', 'group.default', 'group.blocking'];

/** A link to a domain by a name of its own makes that domain, with what is said of it elsewhere. */
const madeOf = (name: Path, given: Value, known: Value | Nested | undefined): Value | Nested => {
  if (!domainLinks.includes(name) || given === null || given === scratchIds.domain) return given;
  return typeof known === 'object' && known !== null ? { ...known, id: String(given) } : { id: String(given) };
};

type Nested = { [name: string]: Value | Nested };

const inner = (place: Nested, field: string): Nested => {
  const found = place[field];
  if (typeof found === 'object' && found !== null) return found as Nested;
  const made: Nested = typeof found === 'string' ? { id: found } : {};
  place[field] = made;
  return made;
};

/** The name counted under: what the index path is given as, or the scratch part's own id. */
const keyOf = (index: Path, values: Readonly<Record<Path, Value>>): string => {
  const given = values[index];
  if (given !== undefined) return String(given);
  const [root, field] = index.split('.');
  return field === 'id' ? (scratchIds[root as keyof typeof scratchIds] ?? String(null)) : String(null);
};
