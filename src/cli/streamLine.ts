// One line of `attachlab run -`: {"verb":"attach","target":"5","container":"c0"}, checked as a request of a scenario file is.
import { Failure, nearest, type Place } from '../core/failure.ts';
import type { Topology } from '../core/topology.ts';
import type { TaskRequest } from '../engine/requests.ts';
import { type RequestFile, requestSchema } from '../scenario/requestSchema.ts';
import { openRequestReader, type RequestReader } from '../scenario/requests.ts';
import { checked } from '../scenario/schemaParts.ts';
import { scenarioKind } from '../scenario/source.ts';
import { type VerbFacts, verbs } from '../scenario/verbs.ts';
import { jsonErrorColumn } from '../store/jsonError.ts';

const file = 'standard input';
const keys = ['verb', 'target', 'container', 'task', 'iova', 'size', 'pageTable', 'options'] as const;

type Line = { readonly [key in (typeof keys)[number]]?: unknown };

const shape = 'expected {"verb": ..., "target": ..., "container": ...}';
const hint = 'Keys of a line: verb, target, container, task, iova, size, pageTable, options.';

const parse = (text: string, place: Place): object => {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    const at = { ...place, column: jsonErrorColumn(text, String(error)) };
    throw new Failure('bad-usage', `${shape}, found what is not JSON here`, at, hint);
  }
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found;
  throw new Failure('bad-usage', `${shape}, found ${text.slice(0, 40)}`, place, hint);
};

const lineOf = (text: string, place: Place): Line => {
  const found = parse(text, place);
  const unknown = Object.keys(found).find((key) => !(keys as readonly string[]).includes(key));
  if (unknown === undefined) return found;
  const near = nearest(unknown, keys);
  throw new Failure('bad-usage', `${shape}, found the key ${unknown}${near ? `; did you mean ${near}?` : ''}`, place, hint);
};

/** The key of a scenario file that a target stands for. */
const targetKey = (facts: VerbFacts, target: unknown, topology: Topology): string => {
  if (facts.keys.includes('task')) return 'task';
  const isDevice = topology.groups.some(({ devices }) => devices.some(({ id }) => id === target));
  return isDevice || !facts.keys.includes('group') ? 'device' : 'group';
};

/** The request in the shape of a scenario file. */
const requestFile = (line: Line, topology: Topology): Record<string, object> => {
  const verb = String(line.verb);
  const facts = verbs[verb as keyof typeof verbs] as VerbFacts | undefined;
  const detail: Record<string, unknown> = {};
  if (line.target !== undefined && facts) detail[targetKey(facts, String(line.target), topology)] = line.target;
  if (line.pageTable !== undefined) detail[facts?.keys.includes('name') ? 'name' : 'page-table'] = line.pageTable;
  if (line.options !== undefined) detail['with'] = line.options;
  for (const key of ['container', 'iova', 'size'] as const) if (line[key] !== undefined) detail[key] = line[key];
  if ((verb === 'map' || verb === 'unmap') && line.size === undefined && line.iova !== undefined) detail['size'] = 4096;
  if (verb === 'map') detail['size'] ??= 4096;
  return { [verb]: detail };
};

const textOf = (found: unknown, key: string, place: Place): string | undefined => {
  if (found === undefined || (typeof found === 'string' && /^[A-Za-z][\w-]*$/.test(found))) return found;
  throw new Failure('bad-usage', `expected a name behind ${key}, found ${JSON.stringify(found)}`, place, hint);
};

/** Reads the lines of one stream, in order: what a line leaves out may depend on those before it. */
export const openLineReader = (topology: Topology): ((text: string, line: number) => TaskRequest) => {
  const tasks: string[] = [];
  let place: Place = { file };
  const reader: RequestReader = openRequestReader({ topology, tasks, place: () => place });
  return (text, line) => {
    place = { file, line };
    const found = lineOf(text, place);
    if (typeof found.verb !== 'string') throw new Failure('bad-usage', `${shape}, found no verb`, place, hint);
    const container = textOf(found.container, 'container', place) ?? 'c0';
    const task = textOf(found.task, 'task', place);
    if (!tasks.includes(task ?? container)) tasks.push(task ?? container);
    const request = checked(requestSchema, { value: requestFile(found, topology), place: () => place }, scenarioKind) as RequestFile;
    return { container, request: reader(request, [], container), ...(task === undefined ? {} : { task }) };
  };
};
