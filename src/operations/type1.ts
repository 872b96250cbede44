// What only VFIO type1 does: the walk over its domain records, and its lists of groups and records.

import { applyChanges } from '../core/changes.ts';
import { has, holds, operandValue } from '../core/conditions.ts';
import { assert } from '../core/failure.ts';
import { type Operation, type OperationContext, type Operations, type Outcome, refused, registered, scopeOf } from '../core/operation.ts';
import { errnoOf, performRow } from '../core/perform.ts';
import { everywhere } from '../core/rowBuilders.ts';
import type { Row } from '../core/rows.ts';
import { reader } from '../core/scope.ts';
import type { Container, DomainRecord, Group } from '../core/world.ts';

export const containerOf = (context: OperationContext): Container => context.world.containers[registered(context, 'container')]!;
export const groupOf = (context: OperationContext): Group => context.world.groups[registered(context, 'group')]!;

/** Whether the backend already lists the group. */
const isListed: Operation = (context) => {
  const group = registered(context, 'group');
  return { outcome: 'OK', registers: { listed: containerOf(context).records.some((record) => record.groups.includes(group)) } };
};

/** The nesting type: the driver's hook answers for the fresh domain. Groups that join later are not asked, in this model. */
const enableNesting: Operation = (context, id) => {
  const row = context.model.row(String(id));
  assert(row.kind === 'check', 'a refusal of nesting is a check');
  const scope = { ...scopeOf(context), domain: registered(context, 'fresh') };
  if (scope.user?.['nesting'] !== true) return refusalOf(row, { ...context, scope });
  const { nesting } = context.model.driver(context.world.domains[scope.domain]!.driver);
  const answer = nesting?.[context.column] ?? errnoOf(row, context.column);
  if (typeof answer === 'string')
    return refusalOf({ ...row, refuses: has('user.nesting'), errno: everywhere(answer) }, { ...context, scope });
  applyChanges(row.id, answer, { ...context, scope });
  return 'OK';
};

const refusalOf = (row: Row, context: OperationContext): Outcome => {
  const result = performRow(row, { ...context, contract: null });
  return result.kind === 'refused' ? refused(result.errno) : 'OK';
};

/** Asks the fresh domain to enforce coherency and remembers the yes or no (step 17). */
const enforceCoherency: Operation = (context, name) => {
  const domain = registered(context, String(name));
  const device = groupOf(context).devices[0]!;
  const driver = context.model.driver(context.world.domains[domain]!.driver);
  const scope = { device, domain };
  const coherent = driver.enforcesCoherency !== false && holds(driver.enforcesCoherency, reader(context.world, scope));
  if (coherent) applyChanges(`${driver.name}-enforce-coherency`, driver.coherencyEffects ?? [], { ...context, scope });
  return { outcome: 'OK', registers: { coherent } };
};

/** Why a record is not even tried; null when it is: other ops pointer, or another coherency flag. */
const skipReason = (context: OperationContext, record: DomainRecord): string | null => {
  const fresh = context.world.domains[registered(context, 'fresh')]!;
  const other = context.world.domains[record.domain];
  if (other?.driver !== fresh.driver) return `ops differ: ${other?.driver} != ${fresh.driver}`;
  const coherent = context.frame.registers['coherent'] === true;
  return record.coherent === coherent ? null : `enforce_cache_coherency differs: ${record.coherent} != ${coherent}`;
};

const considered = (context: OperationContext, domain: string, because: string | null): void =>
  context.emit({
    type: 'CandidateConsidered',
    task: context.task,
    container: registered(context, 'container'),
    group: registered(context, 'group'),
    domain,
    tried: because === null,
    because: because ?? 'ops and coherency flag are equal',
  });

/** The next record that the walk tries, newest first. Skipped ones are reported. */
const nextCandidate: Operation = (context) => {
  const { records } = containerOf(context);
  for (let index = Number(context.frame.registers['candidateIndex'] ?? -1) + 1; index < records.length; index++) {
    const because = skipReason(context, records[index]!);
    considered(context, records[index]!.domain, because);
    if (because === null) return { outcome: 'OK', registers: { candidateIndex: index, candidate: records[index]!.domain } };
  }
  return { outcome: 'NONE', registers: { candidateIndex: null } };
};

/** The walk of the seed series: every record, the attach errno is the only judge (patches 2/5 and 3/5). */
const nextRecord: Operation = (context) => {
  const { records } = containerOf(context);
  const index = Number(context.frame.registers['candidateIndex'] ?? -1) + 1;
  const record = records[index];
  if (!record) return { outcome: 'NONE', registers: { candidateIndex: null } };
  considered(context, record.domain, null);
  return { outcome: 'OK', registers: { candidateIndex: index, candidate: record.domain } };
};

const listRecord: Operation = (context, name, at) => {
  const domain = registered(context, String(name));
  const coherent = context.frame.registers['coherent'] === true;
  const record = { id: domain, domain, groups: [registered(context, 'group')], coherent, automatic: true, users: 0 };
  context.emit({
    type: 'RecordListed',
    task: context.task,
    container: registered(context, 'container'),
    record,
    at: at === 'head' ? 'head' : 'tail',
  });
  return 'OK';
};

const addToRecord: Operation = (context, name) => {
  const event = { task: context.task, container: registered(context, 'container'), group: registered(context, 'group') };
  context.emit({ type: 'RecordGroupAdded', ...event, record: registered(context, String(name)) });
  return 'OK';
};

/** The group of the container's newest record. */
const lastRecordGroup: Operation = (context) => {
  const group = containerOf(context)?.records[0]?.groups[0];
  return group === undefined ? 'NONE' : { outcome: 'OK', registers: { group } };
};

const findRecord: Operation = (context) => {
  const group = registered(context, 'group');
  const record = containerOf(context).records.find(({ groups }) => groups.includes(group));
  return record ? { outcome: 'OK', registers: { domain: record.domain, record: record.id } } : 'NONE';
};

const hasEmulated = ({ world }: OperationContext, { groups }: Container): boolean =>
  groups.some((group) => operandValue('group.emulated', reader(world, { group })) === true);

/** EMPTY: its domain has no group left; LAST: and it is the container's only domain; KEPT: and emulated groups still need what is mapped. */
const removeFromRecord: Operation = (context) => {
  const container = containerOf(context);
  const record = container.records.find(({ id }) => id === registered(context, 'record'))!;
  const event = { task: context.task, container: container.id, group: registered(context, 'group') };
  context.emit({ type: 'RecordGroupRemoved', ...event, record: record.id });
  if (record.groups.length > 0) return 'OK';
  if (container.records.length > 1) return 'EMPTY';
  return hasEmulated(context, container) ? 'KEPT' : 'LAST';
};

const unlistRecord: Operation = (context) => {
  context.emit({
    type: 'RecordUnlisted',
    task: context.task,
    container: registered(context, 'container'),
    record: registered(context, 'record'),
  });
  return 'OK';
};

/** Whether the group's interrupts are isolated; 6.1 is content with any one device, 6.12 wants every one. */
const checkIsolation: Operation = (context) => {
  const read = (device: string) => reader(context.world, { device });
  const isolated = groupOf(context).devices.map((device) => operandValue('device.isolatedMsi', read(device)) !== false);
  const system = context.world.system.attributes['isolatedMsi'];
  const enough = context.column === 'v6.12' ? isolated.every(Boolean) : isolated.some(Boolean);
  return { outcome: 'OK', registers: { isolated: system === undefined || system === null ? enough : system === true && enough } };
};

/** A software MSI window, and no hardware one, needs a cookie. */
const needsCookie: Operation = (context) => {
  const group = groupOf(context);
  const devices = group.devices.map((id) => context.world.devices[id]!);
  const window = devices.some((device) => device.regions.some((region) => region.type === 'msi'));
  return window && context.model.driver(devices[0]!.driver).msi === 'software' ? 'YES' : 'NO';
};

export const operations: Operations = {
  isListed,
  enableNesting,
  enforceCoherency,
  nextCandidate,
  nextRecord,
  listRecord,
  addToRecord,
  lastRecordGroup,
  findRecord,
  removeFromRecord,
  unlistRecord,
  checkIsolation,
  needsCookie,
};
