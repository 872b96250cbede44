// Iommufd's page tables as a list: the search over an address space, and look-ups by id (facts: core-and-consumers 3.3).
import { type Operation, type OperationContext, type Operations, refused, register, registered, scopeOf } from '../core/operation.ts';
import { performRow } from '../core/perform.ts';
import type { DomainRecord, Registers } from '../core/world.ts';
import { setUsers, tableOf } from './pageTables.ts';
import { containerOf } from './type1.ts';

const consider = (context: OperationContext, record: DomainRecord, tried: boolean, because: string): void =>
  context.emit({
    type: 'CandidateConsidered',
    task: context.task,
    container: registered(context, 'container'),
    group: registered(context, 'group'),
    domain: record.domain,
    tried,
    because,
  });

/** The next automatic page table, oldest first; user-made and dying ones are skipped. */
const nextAutomatic: Operation = (context) => {
  const { records } = containerOf(context);
  for (let index = Number(context.frame.registers['recordIndex'] ?? -1) + 1; index < records.length; index++) {
    const record = records[index]!;
    const skip = !record.automatic ? 'made by the user, never searched' : record.users === 0 ? 'being destroyed: no users are left' : null;
    consider(context, record, skip === null, skip ?? 'automatic page table of this address space');
    if (skip === null) return { outcome: 'OK', registers: { recordIndex: index, record: record.id, domain: record.domain } };
  }
  return { outcome: 'NONE', registers: { recordIndex: null } };
};

const step = (context: OperationContext, index: number) => {
  const record = containerOf(context)?.records[index];
  if (!record) return { outcome: 'NONE', registers: { recordIndex: null } };
  return { outcome: 'OK', registers: { recordIndex: index, record: record.id, domain: record.domain } };
};

/** Nested tables hold no mappings of their own; an address space that nobody used has no tables. */
const nextTable: Operation = (context) => {
  const records = containerOf(context)?.records ?? [];
  let index = Number(context.frame.registers['recordIndex'] ?? -1) + 1;
  while (records[index] && context.world.domains[records[index]!.domain]?.type === 'nested') index += 1;
  return step(context, index);
};
const previousTable: Operation = (context) =>
  step(context, Number(context.frame.registers['recordIndex'] ?? containerOf(context).records.length) - 1);

/**
 * The next page table that nothing is nested in, in the order of their ids; then from the start again, as its parent may be free by now.
 * Whoever asks takes it from the list.
 */
const sweepTable: Operation = (context) => {
  const { records } = containerOf(context);
  const isParent = (record: DomainRecord) => Object.values(context.world.domains).some(({ parent }) => parent === record.domain);
  const from = Number(context.frame.registers['sweepIndex'] ?? 0);
  const free = records.filter((record) => !isParent(record));
  const found = free.find((record) => records.indexOf(record) >= from) ?? free[0];
  if (!found) return 'NONE';
  return { outcome: 'OK', registers: { sweepIndex: records.indexOf(found), record: found.id, domain: found.domain } };
};

/** The page table of this context that a register names, into others: record, domain and, where wanted, container. */
const lookedUp = (context: OperationContext, [name, recordTo, domainTo, containerTo]: readonly string[]) => {
  const id = register(context, name!);
  const named = id === null ? null : tableOf(context, id);
  const found = named?.container.context === register(context, 'context') ? named : null;
  const registers: Registers = {
    [recordTo!]: found?.record.id ?? null,
    [domainTo!]: found?.record.domain ?? null,
    unknownObject: found === null,
    ...(found && containerTo ? { [containerTo]: found.container.id } : {}),
  };
  return { found, outcome: { outcome: 'OK', registers } };
};

/** An unknown name is the kernel's unknown id. */
const findTable: Operation = (context, ...names) => lookedUp(context, names.map(String)).outcome;

/** As findTable; the call that looked it up is a user until it lets go, so that nobody destroys it meanwhile. */
const holdTable: Operation = (context, ...names) => {
  const { found, outcome } = lookedUp(context, names.map(String));
  if (found) setUsers(context, found.record.id, 1);
  return outcome;
};

const letGo: Operation = (context, name) => {
  const id = register(context, String(name));
  if (id !== null) setUsers(context, id, -1);
  return 'OK';
};

/** Takes a page table that nobody uses off its list; else the row says why not. */
const removeUnused: Operation = (context, id) => {
  const found = tableOf(context, registered(context, 'record'));
  if (!found) return refused('ENOENT');
  const nested = Object.values(context.world.domains).some((domain) => domain.parent === found.record.domain);
  const user = { ...context.frame.registers, inUse: nested || found.record.users > 0 };
  const result = performRow(context.model.row(String(id)), { ...context, scope: { ...scopeOf(context), user }, contract: null });
  if (result.kind === 'refused') return refused(result.errno);
  context.emit({ type: 'RecordUnlisted', task: context.task, container: found.container.id, record: found.record.id });
  return { outcome: 'OK', registers: { container: found.container.id } };
};

/** The driver must know nesting: its nested domains are a driver of their own. */
const canNest: Operation = (context) => {
  const { driver } = context.world.devices[registered(context, 'device')]!;
  return context.model.hasDriver(`${driver}-nested`) ? 'OK' : refused('EOPNOTSUPP');
};

/** The next range that the domain still maps. */
const nextDomainMapping: Operation = (context) => {
  const mapping = context.world.domains[registered(context, 'domain')]?.mappings[0];
  return mapping ? { outcome: 'OK', registers: { iova: mapping.iova, size: mapping.size } } : 'NONE';
};

export const operations: Operations = {
  nextAutomatic,
  nextTable,
  previousTable,
  findTable,
  holdTable,
  letGo,
  removeUnused,
  canNest,
  nextDomainMapping,
  sweepTable,
};
