// Requests as the core has them: targets looked up in the topology, addresses filled in where the file leaves them to us.
import { Failure, type Place } from '../core/failure.ts';
import type { Request, Verb } from '../core/scenario.ts';
import type { Topology } from '../core/topology.ts';
import type { Mapping } from '../core/world.ts';
import { demandName } from './names.ts';
import type { RequestFile, RequestValue } from './requestSchema.ts';
import { endOfAddresses, parseSize, printAddress } from './sizes.ts';
import { type PlaceOf, type Step, scenarioKind } from './source.ts';
import { demandTarget } from './targets.ts';
import { type Detail, verbs } from './verbs.ts';

/** Where a script's first mapping goes: above what firmware and legacy devices use. */
export const firstAddress = 0x1000000;

export interface RequestContext {
  /** Targets are not looked up when absent. */
  readonly topology?: Topology | undefined;
  readonly tasks: readonly string[];
  readonly place: PlaceOf;
  /** Where the first mapping without an address goes. */
  readonly first?: number | undefined;
}

/** Mappings of each container so far: scripts are read in order, each from its first request. */
interface Layout {
  readonly live: Map<string, Mapping[]>;
  readonly next: Map<string, number>;
}

export type RequestReader = (file: RequestFile, path: readonly Step[], container: string) => Request;

export const openRequestReader = (context: RequestContext): RequestReader => {
  const layout: Layout = { live: new Map(), next: new Map() };
  return (file, path, container) => {
    const [verb, value] = typeof file === 'string' ? [file, null] : (Object.entries(file)[0] as [Verb, RequestValue]);
    const at = typeof file === 'string' ? path : [...path, verb];
    const given: Given = { verb, path: at, detail: detailOf(verb, value, context.topology), bare: typeof value !== 'object', context };
    const inside = String(given.detail.container ?? container);
    return {
      verb,
      target: targetOf(given),
      ...rangeOf(given, inside, layout),
      ...namesOf(given.detail),
      place: context.place(path),
    };
  };
};

interface Given {
  readonly verb: Verb;
  readonly detail: Detail;
  readonly path: readonly Step[];
  /** The verb's value is the word itself: failures are placed there. */
  readonly bare: boolean;
  readonly context: RequestContext;
}

const detailOf = (verb: Verb, value: RequestValue, topology: Topology | undefined): Detail => {
  if (value === null) return {};
  if (typeof value === 'object') return value;
  const { bare } = verbs[verb];
  if (bare !== 'target') return { [bare!]: value };
  const isDevice = topology?.groups.some(({ devices }) => devices.some(({ id }) => id === value));
  return isDevice ? { device: value } : { group: value };
};

const placeOf = ({ context, path, bare }: Given, key: string): Place => context.place(bare ? path : [...path, key]);

const targetOf = (given: Given): string | null => {
  const { verb, detail, bare, context } = given;
  const { keys } = verbs[verb];
  if (keys.includes('task')) {
    const task = String(detail.task);
    demandName(task, { words: 'a task of the scenario', names: context.tasks, kind: scenarioKind, place: placeOf(given, 'task') });
    return task;
  }
  if (!keys.includes('device')) return null;
  const key = soleTarget(given);
  const wanted = bare && verbs[verb].bare === 'target' ? 'target' : key;
  if (context.topology) demandTarget(String(detail[key]), wanted, context.topology, placeOf(given, key));
  return String(detail[key]);
};

const soleTarget = ({ verb, detail, path, context }: Given): 'group' | 'device' => {
  const count = Number(detail.group !== undefined) + Number(detail.device !== undefined);
  if (count === 1) return detail.group === undefined ? 'device' : 'group';
  const found = count === 0 ? 'neither' : 'both';
  throw new Failure(scenarioKind.code, `expected either group or device for ${verb}, found ${found}`, context.place(path));
};

const namesOf = (detail: Detail): Partial<Request> => {
  const table = detail['page-table'] ?? detail.name;
  const options = { ...detail.with, ...nestingOf(detail) };
  return {
    ...(table === undefined ? {} : { pageTable: String(table) }),
    ...(detail.container === undefined ? {} : { container: String(detail.container) }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
  };
};

/** A table with a parent is nested in it unless the file says otherwise. */
const nestingOf = ({ parent, nested = parent === undefined ? undefined : true }: Detail): Record<string, string | boolean> => ({
  ...(parent === undefined ? {} : { parent: String(parent) }),
  ...(nested === undefined ? {} : { nested }),
});

const rangeOf = (given: Given, container: string, layout: Layout): Partial<Request> => {
  const live = layout.live.get(container) ?? [];
  if (given.verb === 'map') {
    const mapping = newMapping(given, layout.next.get(container) ?? given.context.first ?? firstAddress);
    layout.live.set(container, [...live, mapping]);
    layout.next.set(container, mapping.iova + mapping.size);
    return mapping;
  }
  if (given.verb !== 'unmap') return {};
  const mapping = oldMapping(given, live);
  layout.live.set(
    container,
    live.filter(({ iova }) => iova !== mapping.iova),
  );
  return mapping;
};

const numberOf = (given: string | number | undefined): number | undefined => (given === undefined ? undefined : parseSize(given)!);

const newMapping = (given: Given, next: number): Mapping =>
  demandRange(given, { iova: numberOf(given.detail.iova) ?? next, size: numberOf(given.detail.size)! });

const oldMapping = (given: Given, live: readonly Mapping[]): Mapping => {
  const iova = numberOf(given.detail.iova);
  const size = numberOf(given.detail.size);
  const mapping = iova === undefined ? live.at(-1) : live.find((found) => found.iova === iova);
  if (iova !== undefined && size !== undefined) return demandRange(given, { iova, size });
  if (mapping) return size === undefined ? mapping : demandRange(given, { iova: mapping.iova, size });
  const expected = iova === undefined ? 'a mapping to undo' : `a mapping at ${printAddress(iova)}`;
  throw new Failure(scenarioKind.code, `expected ${expected}, found none; name iova and size`, given.context.place(given.path));
};

const demandRange = (given: Given, mapping: Mapping): Mapping => {
  const { iova, size } = mapping;
  if (size >= 1 && iova + size <= endOfAddresses) return mapping;
  const found = `${printAddress(iova)} with a size of ${size}`;
  throw new Failure(scenarioKind.code, `expected at least one byte below 2^64, found ${found}`, placeOf(given, 'size'));
};
