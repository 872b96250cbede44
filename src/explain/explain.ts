// Every cause of an errno at a call, judged by what the user has at hand: rows of the model that return it, and what no row has.
import type { Cause, CauseStatus, Explanation } from '../core/explanation.ts';
import type { IndexEntry } from '../core/facts.ts';
import { Failure, nearest } from '../core/failure.ts';
import { type Column, type Driver, type Errno, plausibilities } from '../core/rows.ts';
import type { Engine } from '../engine/engine.ts';
import { type BesideCause, besideRows } from './besideRows.ts';
import { type Inputs, subjectsOf } from './inputs.ts';
import { type Returned, returnedBy } from './returned.ts';
import { type Question, rowCause } from './rowCauses.ts';

/** One kernel, as each of its callers meets it. */
export interface Kernel {
  readonly title: string;
  readonly engines: readonly Engine[];
  readonly index: readonly IndexEntry[];
}

const modelOf = ({ engines }: Kernel) => engines[0]!.model;

/** What no user waits for an errno of. */
const unasked: readonly string[] = ['unplug', 'unbind', 'close'];

interface Found extends Returned {
  readonly call: string;
  readonly function: string;
}

/** Every row with the calls that return it. */
const everything = ({ engines }: Kernel, drivers: readonly Driver[]): Found[] =>
  engines.flatMap((engine) =>
    [...engine.model.workflows.keys()].flatMap((workflow) => {
      const { call, kernel = '' } = engine.machine(workflow)!.facts;
      if (call === undefined || unasked.includes(call)) return [];
      return returnedBy(engine, workflow, drivers).map((returned) => ({ ...returned, call, function: kernel }));
    }),
  );

const besideIn = (column: Column): BesideCause[] => besideRows.filter(({ cite }) => cite[column] !== undefined);

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

const known = (kind: string, given: string, names: readonly string[]): string => {
  const found = names.find((name) => name.toLowerCase() === given.toLowerCase()) ?? onlyEnding(given, names);
  if (found !== undefined) return found;
  const near = nearest(given.toUpperCase(), names);
  throw new Failure(
    'unknown-name',
    `no ${kind} is named ${given}; ${near ? `did you mean ${near}? ` : ''}known: ${names.join(', ')}`,
    undefined,
    `Every ${kind} above can be asked about.`,
  );
};

/** `SET_IOMMU` will do for VFIO_SET_IOMMU. */
const onlyEnding = (given: string, names: readonly string[]): string | undefined => {
  const found = names.filter((name) => name.endsWith(`_${given.toUpperCase()}`));
  return found.length === 1 ? found[0] : undefined;
};

/** Calls that the kernel has, in the order of the model, with those that no row belongs to. */
export const callsOf = (kernel: Kernel, drivers: readonly Driver[]): string[] =>
  distinct([
    ...everything(kernel, drivers).map(({ call }) => call),
    ...besideIn(modelOf(kernel).column).flatMap(({ calls }) => calls),
  ]).sort();

export const errnosAt = (kernel: Kernel, drivers: readonly Driver[], call: string | null): Errno[] =>
  distinct([
    ...everything(kernel, drivers)
      .filter((found) => call === null || found.call === call)
      .map(({ errno }) => errno),
    ...besideIn(modelOf(kernel).column)
      .filter(({ calls }) => call === null || calls.includes(call))
      .map(({ errno }) => errno),
  ])
    .filter((errno) => errno.startsWith('E'))
    .sort();

const presentDrivers = (kernel: Kernel): Driver[] => {
  const { drivers, column } = modelOf(kernel);
  return [...drivers.values()].filter(({ absent, name }) => absent?.[column] === undefined && !name.endsWith('-nested'));
};

/** Calls that can give it; none: no call of the kernel does. */
export const callsGiving = (kernel: Kernel, errno: Errno): string[] => {
  const drivers = presentDrivers(kernel);
  return callsOf(kernel, drivers).filter((call) => errnosAt(kernel, drivers, call).includes(errno));
};

const besideCause = (cause: BesideCause, inputs: Inputs, column: Column): Cause => {
  const seen = cause.observe?.(inputs) ?? null;
  const status: CauseStatus = seen === null ? 'possible' : seen.speaks === 'for' ? 'shown' : 'ruled-out';
  const { id, words, decide } = cause;
  return {
    id,
    words,
    owner: 'beside the rows',
    kind: 'beside',
    plausible: null,
    cite: cause.cite[column]!,
    status,
    speaksFor: seen?.speaks === 'for' ? [seen.evidence] : [],
    speaksAgainst: seen?.speaks === 'against' ? [seen.evidence] : [],
    decide: decide.replaceAll('<group>', inputs.group ?? '<group>'),
  };
};

const order: readonly CauseStatus[] = ['shown', 'possible', 'unlikely', 'ruled-out'];

/** Checks first: an allocation that fails is rarely the reason where a condition can be; then the likeliest allocation. */
const rank = ({ status, plausible }: Cause): number =>
  order.indexOf(status) * 100 + (plausible === null ? 0 : 1 + plausibilities.indexOf(plausible));

const inputNames = ({ topology, snapshot, log }: Inputs): string[] =>
  distinct([...(snapshot ? [snapshot.file] : topology ? [topology.source] : []), ...(log ? [log.file] : [])]);

export const explain = (asked: { errno: string; call: string }, kernel: Kernel, inputs: Inputs): Explanation => {
  const { column } = modelOf(kernel);
  const all = presentDrivers(kernel);
  const call = known('call', asked.call, callsOf(kernel, all));
  const errno = known('errno of any call', asked.errno.replace(/^-/, ''), errnosAt(kernel, all, null));
  const subjects = subjectsOf(inputs);
  const machine = new Set(inputs.topology?.iommus.map(({ driver }) => driver));
  const drivers = inputs.topology ? all.filter(({ name }) => machine.has(name)) : all;
  const at = (chosen: readonly Driver[]) => everything(kernel, chosen).filter((found) => found.call === call && found.errno === errno);
  const found = at(drivers);
  const question: Question = {
    call,
    column,
    series: column.replace(/^v|^seed-v6$/g, '') || '6.1',
    inputs,
    subjects,
    entry: entryIn(kernel),
  };
  const rows = new Map(found.map((returned) => [`${returned.driver?.name} ${returned.row.id}`, returned]));
  const named = drivers.map(({ name }) => name);
  const beside = besideIn(column)
    .filter((cause) => cause.errno === errno && cause.calls.includes(call))
    .filter((cause) => cause.drivers?.some((name) => named.includes(name)) ?? true);
  const causes = [
    ...[...rows.values()].map((returned) => rowCause(returned, question)),
    ...beside.map((cause) => besideCause(cause, inputs, column)),
  ];
  return {
    errno,
    call,
    functions: distinct(found.map((one) => one.function)),
    kernel: modelOf(kernel).kernel,
    title: kernel.title,
    running: inputs.topology?.kernel ?? null,
    inputs: inputNames(inputs),
    causes: causes.sort((a, b) => rank(a) - rank(b)),
    leftOut: new Set(at(all).map(({ row, driver }) => `${driver?.name} ${row.id}`)).size - rows.size,
  };
};

const entryIn =
  ({ index }: Kernel): Question['entry'] =>
  (owner, id) =>
    index.find((entry) => entry.id === id && (owner === null ? entry.layer !== 'driver' : entry.owner === owner));
