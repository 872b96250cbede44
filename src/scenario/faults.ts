// Faults as the core has them: requests counted from 0, tasks filled in, and nothing named that is not there.
import { Failure } from '../core/failure.ts';
import type { Fault, TaskScript } from '../core/scenario.ts';
import type { Topology } from '../core/topology.ts';
import { demandName, type Known } from './names.ts';
import type { FaultFile } from './schema.ts';
import { type PlaceOf, scenarioKind } from './source.ts';
import { demandTarget, deviceIds } from './targets.ts';

export interface FaultContext {
  readonly tasks: readonly TaskScript[];
  readonly topology: Topology;
  readonly known?: Known | undefined;
  /** Of the fault itself. */
  readonly place: PlaceOf;
}

export const faultOf = (file: FaultFile, context: FaultContext): Fault => {
  if ('site' in file) return siteFault(file, context);
  return 'api' in file ? apiFault(file, context) : nthFault(file, context);
};

type FileOf<K extends string> = Extract<FaultFile, { [key in K]: unknown }>;

const nthFault = (file: Exclude<FaultFile, FileOf<'site'> | FileOf<'api'>>, context: FaultContext): Fault => {
  const { request, nth, call } = file;
  const task = file.task ?? defaultTask(context);
  demandRequest(request, task, context);
  return { kind: 'nth', task, request: request - 1, ...(call === undefined ? {} : { call }), nth };
};

const defaultTask = ({ tasks, place }: FaultContext): string => {
  const ids = tasks.map(({ id }) => id);
  if (ids.length === 1) return ids[0]!;
  if (ids.includes('t0')) return 't0';
  throw new Failure(scenarioKind.code, `expected the key task: one of ${ids.join(', ')}; found none`, place([]));
};

const siteFault = (file: FileOf<'site'>, context: FaultContext): Fault => {
  const { site, nth = 1, task, request, device, domain, sticky = false } = file;
  const { known, place, topology } = context;
  if (known?.sites) {
    const name = site.replace(/(\(\))?(:\d+)?$/, '');
    if (!known.sites.includes(site)) {
      demandName(name, { words: 'an allocation site', names: known.sites, kind: scenarioKind, place: place(['site']) });
    }
  }
  if (device !== undefined) demandTarget(device, 'device', topology, place(['device']));
  if (request !== undefined || task !== undefined) demandRequest(request ?? 1, task, context);
  const given = { task, request: request === undefined ? undefined : request - 1, device, domain };
  return { kind: 'site', site, nth, ...present(given), sticky };
};

const apiFault = (file: FileOf<'api'>, context: FaultContext): Fault => {
  const { api, errno, nth = 1, on, request, domain, sticky = false } = file;
  const { known, place, topology } = context;
  if (known?.apis) demandName(api, { words: 'a kernel API or a row', names: known.apis, kind: scenarioKind, place: place(['api']) });
  const errnos = known?.apiErrnos?.get(api);
  if (errnos) demandName(errno, { words: `an errno that ${api} can give`, names: errnos, kind: scenarioKind, place: place(['errno']) });
  if (on !== undefined) {
    const names = [...topology.iommus.map(({ id }) => id), ...deviceIds(topology)];
    demandName(on, { words: 'an instance or device of the topology', names, kind: scenarioKind, place: place(['on']) });
  }
  if (request !== undefined) demandRequest(request, undefined, context);
  const given = { on, request: request === undefined ? undefined : request - 1, domain };
  return { kind: 'api', api, errno, nth, ...present(given), sticky };
};

type Present<T> = { [key in keyof T]?: Exclude<T[key], undefined> };

/** Only the keys that have a value. */
const present = <T extends Record<string, unknown>>(given: T): Present<T> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Present<T>;

/** The request must be in the task's script; without a task, in the longest. */
const demandRequest = (request: number, task: string | undefined, { tasks, place }: FaultContext): void => {
  const names = tasks.map(({ id }) => id);
  if (task !== undefined) demandName(task, { words: 'a task of the scenario', names, kind: scenarioKind, place: place(['task']) });
  const scripts = tasks.filter(({ id }) => task === undefined || id === task).map(({ requests }) => requests.length);
  const last = Math.max(0, ...scripts);
  if (request <= last) return;
  const script = task === undefined ? 'the script' : `the script of ${task}`;
  const expected = last === 0 ? `a request of ${script}, which has none` : `a request of ${script}, from 1 to ${last}`;
  throw new Failure(scenarioKind.code, `expected ${expected}, found ${request}`, place(['request']));
};
