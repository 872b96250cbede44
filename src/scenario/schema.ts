// What a scenario file may hold, and the JSON Schemas that let editors complete such files.
import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { claimSchema, expectationSchema } from './claimSchema.ts';
import { faultSchema } from './faultSchema.ts';
import { overlaySchema } from './overlaySchema.ts';
import { ownName, scriptSchema } from './requestSchema.ts';
import { deviationSchema } from './scheduleSchema.ts';
import { choice, list, mapping, maybe, type Schema, said, table, text, titled } from './schemaParts.ts';
import { isMapping } from './source.ts';
import { attributes, topologySchema } from './topologySchema.ts';

const path = text('the path of a file');

const snapshot = titled(
  'Snapshot',
  'A snapshot of a real machine, to be imported.',
  mapping('a snapshot', { snapshot: said('Path of the file or folder, relative to this file.', path) }),
);

const topology = choice([path, snapshot, topologySchema], (input) => {
  if (!isMapping(input)) return path;
  return 'snapshot' in input ? snapshot : topologySchema;
});

const taskSchema = titled(
  'Task',
  'One actor: its requests run in order, tasks interleave.',
  mapping('a task', {
    id: said('Name of the task, e.g. t0.', ownName('the name of a task')),
    container: maybe(said('Container or address space that the task attaches to. Default: c0.', ownName('the name of a container'))),
    caller: maybe(said('Caller of this task. Default: the one that the run is asked for.', text('the name of a caller'))),
    context: maybe(said("Iommufd context. Default: the container's own.", ownName('the name of a context'))),
    script: said('Requests of the task.', scriptSchema),
  }),
);

/** `system`, `iommu/dmar0`, `device/0000:00:10.0`, `group/5`. */
const part = /^(system|(iommu|device|group)\/\S+)$/;

const settings = table('attributes by part', attributes, part, 'system, iommu/NAME, device/ADDRESS or group/NUMBER');

const preStateSchema = titled(
  'State to begin in',
  'What scripts without faults made before, one task after the other.',
  mapping('a state to begin in', {
    name: said('Short name, e.g. one-mapping.', text('a name')),
    script: maybe(said('Requests of the only task, t0, in container c0.', scriptSchema)),
    tasks: maybe(said('Several actors.', list('a list of tasks', taskSchema))),
    set: maybe(said('Attributes that hold after boot.', settings)),
  }),
);

export const scenarioSchema = titled(
  'Scenario',
  'A machine, who asks for what on it, what may fail, and what must hold.',
  mapping('a scenario', {
    $schema: maybe(said('The JSON Schema of this file, for editors.', text('the address of a schema'))),
    name: said('Short name, without blanks.', text('a name of letters, digits, ".", "_" and "-"', /^[A-Za-z0-9][\w.-]*$/)),
    title: maybe(said('One line: what this shows. Default: the name.', text('one line'))),
    extends: maybe(said('Another scenario that this one changes, relative to this file: mappings are merged, the rest is replaced.', path)),
    topology: said('The machine: a topology file or snapshot relative to this file, or the topology itself.', topology),
    kernel: said('Profile, e.g. 6.12.y, or an overlay file: ./mine.yaml.', text('the name of a kernel such as 6.12.y, as text')),
    caller: said('Who asks for attaches, e.g. vfio-type1, or a file: ./mine.ts.', text('the name of a caller')),
    script: maybe(said('Requests of the only task, t0, in container c0.', scriptSchema)),
    tasks: maybe(said('Several actors.', list('a list of tasks', taskSchema))),
    order: maybe(said('Which task steps first where several could.', list('a list of tasks', ownName('the name of a task')))),
    schedule: maybe(
      said('Which deviations from the default order and outcome the run takes.', list('a list of deviations', deviationSchema)),
    ),
    before: maybe(said('States to begin in: a run takes the first, a search all.', list('a list of states', preStateSchema))),
    faults: maybe(said('What fails.', list('a list of faults', faultSchema))),
    set: maybe(said('Attributes that hold after boot, by part: system, iommu/NAME, device/ADDRESS, group/NUMBER.', settings)),
    claims: maybe(said('What must hold.', list('a list of claims', claimSchema))),
    expect: maybe(said('What should come out, by kernel and caller.', list('a list of expectations', expectationSchema))),
  }),
);

export type ScenarioFile = v.InferOutput<typeof scenarioSchema>;
export type PreStateFile = NonNullable<ScenarioFile['before']>[number];
export type TaskFile = NonNullable<ScenarioFile['tasks']>[number];
export type FaultFile = NonNullable<ScenarioFile['faults']>[number];
export type ClaimFile = NonNullable<ScenarioFile['claims']>[number];
export type ExpectationFile = NonNullable<ScenarioFile['expect']>[number];

/** JSON Schema 2020-12, by the name of the file that it is published as. */
export const jsonSchemas = (): Record<'scenario' | 'topology' | 'overlay', object> => ({
  scenario: unlessExtended(jsonSchema(scenarioSchema)),
  topology: jsonSchema(topologySchema),
  overlay: jsonSchema(overlaySchema),
});

/** What another scenario may hold already need not be repeated. */
const unlessExtended = ({ required, ...rest }: JsonSchema): object => ({ ...rest, anyOf: [{ required: ['extends'] }, { required }] });

type JsonSchema = ReturnType<typeof toJsonSchema>;

/** Whether a number has an end is the one check that JSON Schema cannot say, and need not: JSON has no such number. */
export const jsonSchema = (schema: Schema<unknown>): JsonSchema =>
  toJsonSchema(schema, { target: 'draft-2020-12', ignoreActions: ['finite'] });
