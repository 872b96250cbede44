// A run in short: each request with its calls and results, what failed on the way, and which domains are left.
import { printValue } from '../core/conditions.ts';
import type { Event, EventOf } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import { emptyWorld, type World } from '../core/world.ts';
import { columnsMax, errnoText, hex, plausibleWords, section, sizeText, table, wrap } from './text.ts';

export interface CallSummary {
  readonly call: string;
  readonly result: string;
  readonly allocations: number | null;
}

export interface RequestSummary {
  readonly task: string;
  /** From 1. */
  readonly number: number;
  readonly verb: string;
  readonly target: string | null;
  readonly calls: CallSummary[];
  result: string | null;
  /** Domain that the target's group records afterwards. */
  domain: string | null;
  /** What it mapped or unmapped, e.g. `64K at 0x1000000`. */
  detail: string;
  readonly failures: Failed[];
}

/** Something that failed during a request: an allocation, a kernel API, or a check. */
export interface Failed {
  readonly at: number;
  readonly event: EventOf<'AllocationFailed' | 'ApiFailed' | 'CheckRefused'>;
}

export interface RunSummary {
  readonly started: EventOf<'RunStarted'>;
  readonly requests: readonly RequestSummary[];
  readonly world: World;
  readonly events: number;
}

const groupOf = (world: World, target: string | null): string | null =>
  target === null ? null : (world.devices[target]?.group ?? (world.groups[target] ? target : null));

/** Reads a history once. The first event must be RunStarted. */
export const summarise = (events: Iterable<Event>): RunSummary => {
  const world = emptyWorld();
  const requests: RequestSummary[] = [];
  const current = new Map<string, RequestSummary>();
  let started: EventOf<'RunStarted'> | null = null;
  let at = 0;
  for (const event of events) {
    at += 1;
    evolve(world, event);
    if (event.type === 'RunStarted') started = event;
    else if (event.type === 'RequestStarted') {
      const { task, verb, target } = event;
      const request: RequestSummary = {
        task,
        number: event.request + 1,
        verb,
        target,
        calls: [],
        result: null,
        domain: null,
        detail: '',
        failures: [],
      };
      requests.push(request);
      current.set(task, request);
    } else note(event, at, current, world);
  }
  if (!started) throw new Error('a history starts with RunStarted');
  return { started, requests, world, events: at };
};

const note = (event: Event, at: number, current: Map<string, RequestSummary>, world: World): void => {
  const request = 'task' in event ? current.get(event.task) : undefined;
  if (!request) return;
  if (event.type === 'CallEnded') request.calls.push({ call: event.call, result: event.result, allocations: event.allocations });
  if (event.type === 'AllocationFailed' || event.type === 'ApiFailed' || event.type === 'CheckRefused')
    request.failures.push({ at, event });
  if ((event.type === 'MappingAdded' || event.type === 'MappingRemoved') && request.detail === '')
    request.detail = `${sizeText(event.size)} at ${hex(event.iova)}`;
  if (event.type === 'RequestEnded') {
    request.result = event.result;
    const group = groupOf(world, event.target);
    request.domain = group === null ? null : world.groups[group]!.domain;
  }
};

const isMapping = (verb: string): boolean => verb === 'map' || verb === 'unmap';

const requestText = (request: RequestSummary, withTask: boolean): string[] => {
  const who = withTask ? `${request.task} ` : '';
  const target = request.target === null ? (isMapping(request.verb) ? ` ${request.detail}` : '') : ` ${request.target}`;
  const calls = request.calls.map(({ call, result }) => `${call} ${errnoText(result)}`).join(', ');
  return [
    `${who}${request.number}`,
    `${request.verb}${target}`,
    request.domain ?? '',
    calls || (request.result === null ? 'not ended' : errnoText(request.result)),
  ];
};

/** The failing allocation by kernel function and flags, with what the kernel made of it. */
export const failedText = ({ at, event }: Failed): string => {
  if (event.type === 'CheckRefused') return `#${at} ${event.row} -${event.errno}`;
  if (event.type === 'ApiFailed') return `#${at} ${event.api} -${event.errno}${event.on ? ` on ${event.on}` : ''}`;
  const where = `${event.site.replace(/:(\d+)/, '() line $1')} ${event.gfp}`;
  const count = event.n === null ? '' : ` (allocation ${event.n} of the call)`;
  const on = event.domain === null ? '' : `, ${event.device ?? ''} on ${event.domain}`;
  const outcome = /^E/.test(event.outcome) ? `-${event.outcome}` : event.outcome;
  return `#${at} ${where} fails${count}${on}: ${outcome}`;
};

const containerText = (world: World): string[] =>
  Object.values(world.containers).flatMap((container) =>
    container.records.length === 0
      ? [`${container.id}: no domain`]
      : container.records.map((record) => {
          const mappings = world.domains[record.domain]?.mappings ?? [];
          const mapped = mappings.reduce((sum, mapping) => sum + mapping.size, 0);
          const groups = record.groups.length === 1 ? `group ${record.groups[0]}` : `groups ${record.groups.join(', ')}`;
          return `${container.id}: ${record.domain} serves ${groups}${mapped > 0 ? `, ${sizeText(mapped)} mapped` : ', nothing mapped'}`;
        }),
  );

const containerLines = (world: World): string[] => {
  const lines = containerText(world);
  return lines.length === 0 ? ['no container was opened'] : lines;
};

/** Calls in a column of their own; it moves left where a call would pass the edge, and then stands below longer requests. */
const requestRows = (rows: readonly string[][]): string => {
  const heads = table(
    rows.map((row) => row.slice(0, -1)),
    '  ',
  ).split('\n');
  const width = Math.max(...heads.map((head) => head.length)) + 2;
  const calls = rows.flatMap((row) => row.at(-1)!.split(', '));
  const widest = Math.max(...calls.map((call) => call.length)) + 1;
  const column = Math.min(width, columnsMax - widest);
  return rows.map((row, index) => withCalls(heads[index]!, row.at(-1)!, column)).join('\n');
};

const withCalls = (head: string, calls: string, column: number): string => {
  const indent = ' '.repeat(column);
  const start = head.length + 2 <= column ? head.padEnd(column) : `${head}\n${indent}`;
  return start + (column + calls.length <= columnsMax ? calls : calls.split(', ').join(`,\n${indent}`));
};

const likelihood = ({ event }: Failed): string[] =>
  event.type === 'AllocationFailed' ? [wrap(`      ${plausibleWords[event.plausible] ?? event.plausible}`, '      ')] : [];

/** The check whose errno the request came back with; a failed allocation says so itself. */
const refusalOf = (request: RequestSummary): string[] => {
  const found = request.failures.findLast(({ event }) => event.type === 'CheckRefused' && event.errno === request.result);
  if (found?.event.type !== 'CheckRefused' || Object.keys(found.event.values).length === 0) return [];
  const { row, errno, values } = found.event;
  const seen = Object.entries(values).map(([path, value]) => `${path} = ${printValue(value)}`);
  return [wrap(`  #${found.at} request ${request.number}: ${row} -${errno}: ${seen.join(', ')}`, '      ')];
};

/** The summary as text. */
export const printRunSummary = (summary: RunSummary): string => {
  const withTask = Object.keys(summary.world.tasks).length > 1;
  const rows = requestRows(summary.requests.map((request) => requestText(request, withTask)));
  const failures = summary.requests.flatMap((request) => request.failures.filter(({ event }) => event.type !== 'CheckRefused'));
  const failed = failures.flatMap((failure) => [wrap(`  ${failedText(failure)}`, '      '), ...likelihood(failure)]);
  const refusals = summary.requests.flatMap(refusalOf);
  const parts = [...section('failed on the way', failed), ...section('refused', refusals)];
  return ['requests', rows, ...parts, 'domains at the end', ...containerLines(summary.world).map((line) => `  ${line}`)].join('\n');
};
