// From a checked scenario file to the scenario: names looked up, defaults filled in; files and the builder both end here.
import { Failure, type Place } from '../core/failure.ts';
import type { Claim, Expectation, PreState, Scenario, TaskScript } from '../core/scenario.ts';
import type { Topology } from '../core/topology.ts';
import { parseComparison } from './claims.ts';
import { faultOf } from './faults.ts';
import { demandName, demandUnique, isPath, type Known } from './names.ts';
import { demandPageTables } from './pageTables.ts';
import { openRequestReader } from './requests.ts';
import { deviationOfFile } from './scheduleSchema.ts';
import { type ClaimFile, type ExpectationFile, type PreStateFile, type ScenarioFile, scenarioSchema, type TaskFile } from './schema.ts';
import { checked } from './schemaParts.ts';
import { below, type PlaceOf, type Source, type Step, scenarioKind } from './source.ts';
import { demandArgument, demandPart } from './targets.ts';

export interface AssembleOptions {
  readonly known?: Known | undefined;
  readonly topology: (file: ScenarioFile['topology'], place: PlaceOf, scenario: ScenarioFile) => Topology;
  /** Path of a file that is named in the file at `place`. */
  readonly resolve: (path: string, place: Place) => string;
}

interface Context extends AssembleOptions {
  readonly machine: Topology;
  readonly place: PlaceOf;
}

export const assemble = (source: Source, options: AssembleOptions): Scenario => {
  const file = checked(scenarioSchema, source, scenarioKind);
  const { place } = source;
  const context: Context = { ...options, place, machine: options.topology(file.topology, below(place, ['topology']), file) };
  const kernel = named('kernel', file.kernel, place(['kernel']), context);
  const caller = named('caller', file.caller, place(['caller']), context);
  const tasks = tasksOf(file, context);
  const faults = (file.faults ?? []).map((fault, index) =>
    faultOf(fault, { tasks, topology: context.machine, known: options.known, place: below(place, ['faults', index]) }),
  );
  return {
    name: file.name,
    title: file.title ?? file.name,
    topology: context.machine,
    kernel,
    caller,
    tasks,
    faults,
    set: settingsOf(file.set ?? {}, context),
    claims: (file.claims ?? []).map((claim, index) => claimOf(claim, ['claims', index], context)),
    expect: (file.expect ?? []).map((expectation, index) => expectationOf(expectation, ['expect', index], context)),
    ...(file.schedule === undefined ? {} : { schedule: file.schedule.map(deviationOfFile) }),
    ...(file.before === undefined ? {} : { before: file.before.map((state, index) => preStateOf(state, index, context)) }),
    ...(file.order === undefined ? {} : { order: orderOf(file.order, tasks, context) }),
  };
};

/** Above what the scenario's own scripts map where nothing else is said. */
const BEFORE_ADDRESS = 0x40000000;

/** A state without a script is the machine as it boots. */
const preStateOf = (file: PreStateFile, index: number, context: Context): PreState => {
  const own = { ...context, place: below(context.place, ['before', index]) };
  const isEmpty = file.script === undefined && file.tasks === undefined;
  return { name: file.name, tasks: isEmpty ? [] : tasksOf(file, own, BEFORE_ADDRESS), set: settingsOf(file.set ?? {}, own) };
};

type Model = 'kernel' | 'caller';

/** Known by name, or a file of the user's own. */
const named = (what: Model, name: string, place: Place, { known, resolve }: Context): string => {
  if (isPath(name)) return resolve(name, place);
  const names = known && (what === 'kernel' ? known.kernels : known.callers);
  if (names) demandName(name, { words: `the name of a ${what}, or a path such as ./mine`, names, kind: scenarioKind, place });
  return name;
};

type Actors = Pick<ScenarioFile, 'script' | 'tasks'>;

const tasksOf = (file: Actors, context: Context, first?: number): TaskScript[] => {
  const { place } = context;
  if ((file.script === undefined) === (file.tasks === undefined)) {
    const found = file.script === undefined ? 'neither' : 'both';
    throw new Failure(scenarioKind.code, `expected either script or tasks, found ${found}`, place(file.tasks ? ['tasks'] : [], 'key'));
  }
  if (file.tasks?.length === 0) throw new Failure(scenarioKind.code, 'expected at least one task, found none', place(['tasks']));
  const given = file.tasks ?? [{ id: 't0', script: file.script! }];
  const pathOf = (index: number): Step[] => (file.tasks ? ['tasks', index] : []);
  const placed = given.map(({ id }, index) => ({ name: id, place: place([...pathOf(index), 'id']) }));
  demandUnique('task', placed, scenarioKind);
  const reader = openRequestReader({ topology: context.machine, tasks: given.map(({ id }) => id), place, first });
  const tasks = given.map((task, index) => taskOf(task, pathOf(index), reader, context));
  demandPageTables(tasks);
  return tasks;
};

const taskOf = (file: TaskFile, path: readonly Step[], reader: ReturnType<typeof openRequestReader>, context: Context): TaskScript => {
  const container = file.container ?? 'c0';
  return {
    id: file.id,
    caller: file.caller === undefined ? null : named('caller', file.caller, context.place([...path, 'caller']), context),
    container,
    ...(file.context === undefined ? {} : { context: file.context }),
    requests: file.script.map((request, index) => reader(request, [...path, 'script', index], container)),
  };
};

const orderOf = (order: readonly string[], tasks: readonly TaskScript[], { place }: Context): readonly string[] => {
  const names = tasks.map(({ id }) => id);
  const placed = order.map((name, index) => ({ name, place: place(['order', index]) }));
  for (const { name, place: at } of placed) demandName(name, { words: 'a task of the scenario', names, kind: scenarioKind, place: at });
  demandUnique('task', placed, scenarioKind);
  return order;
};

const settingsOf = (settings: NonNullable<ScenarioFile['set']>, { machine, known, place }: Context): Scenario['set'] => {
  for (const [part, attributes] of Object.entries(settings)) {
    demandPart(part, machine, place(['set', part], 'key'));
    const names = known?.attributes?.[part.split('/')[0] as keyof NonNullable<Known['attributes']>];
    for (const attribute of names ? Object.keys(attributes) : []) {
      const at = place(['set', part, attribute], 'key');
      demandName(attribute, { words: `an attribute of ${part}`, names: names!, kind: scenarioKind, place: at });
    }
  }
  return settings;
};

const claimOf = (file: ClaimFile, path: readonly Step[], context: Context): Claim => {
  if (typeof file === 'string') return detectorClaim(file, {}, path, path, context);
  if ('detector' in file) return detectorClaim(file.detector, file.with ?? {}, path, [...path, 'detector'], context);
  const [mood, text] = Object.entries(file)[0] as ['always' | 'sometimes' | 'at-end', string];
  const claim = parseComparison(mood, text, {
    readings: context.known?.readings,
    argument: (argument, place) => demandArgument(argument, context.machine, place),
    place: (offset) => context.place([...path, mood], 'value', offset),
  });
  return { ...claim, place: context.place([...path, mood]) };
};

type Parameters = Extract<Claim, { kind: 'detector' }>['parameters'];

const detectorClaim = (
  detector: string,
  parameters: Parameters,
  path: readonly Step[],
  idPath: readonly Step[],
  context: Context,
): Claim => {
  demandDetector(detector, context.place(idPath), context);
  const text = Object.keys(parameters).length === 0 ? detector : `${detector} ${JSON.stringify(parameters)}`;
  return { kind: 'detector', mood: 'always', text, detector, parameters, place: context.place(path) };
};

const demandDetector = (detector: string, place: Place, { known }: Context): void => {
  if (known) demandName(detector, { words: 'a detector', names: known.detectors, kind: scenarioKind, place });
};

const expectationOf = (file: ExpectationFile, path: readonly Step[], context: Context): Expectation => {
  const { kernel = '*', caller = '*', result, results, domains, findings } = file;
  const nameOf = (what: Model, name: string): string => (name === '*' ? name : named(what, name, context.place([...path, what]), context));
  findings?.forEach((finding, index) => {
    demandDetector(finding, context.place([...path, 'findings', index]), context);
  });
  return {
    kernel: nameOf('kernel', kernel),
    caller: nameOf('caller', caller),
    ...(result === undefined ? {} : { result }),
    ...(results === undefined ? {} : { results }),
    ...(domains === undefined ? {} : { domains }),
    ...(findings === undefined ? {} : { findings }),
    place: context.place(path),
  };
};
