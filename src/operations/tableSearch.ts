// Iommufd's page tables as a list: the search over an address space, and look-ups by id (facts: core-and-consumers 3.3).
import { type Operation, type OperationContext, type Operations, register, registered } from '../core/operation.ts';
import type { DomainRecord } from '../core/world.ts';
import { tableOf } from './pageTables.ts';
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

/** The page table that the request names; an unknown name is the kernel's unknown id. */
const findTable: Operation = (context, name, recordTo, domainTo) => {
  const id = register(context, String(name));
  const found = id === null ? null : tableOf(context, id);
  const registers = {
    [String(recordTo)]: found?.record.id ?? null,
    [String(domainTo)]: found?.record.domain ?? null,
    unknownObject: found === null,
  };
  return { outcome: 'OK', registers };
};

const tableInUse: Operation = (context) => {
  const found = tableOf(context, registered(context, 'record'));
  const nested = Object.values(context.world.domains).some((domain) => domain.parent === found?.record.domain);
  return { outcome: 'OK', registers: { inUse: nested || (found?.record.users ?? 0) > 0 } };
};

/** The next range that the domain still maps. */
const nextDomainMapping: Operation = (context) => {
  const mapping = context.world.domains[registered(context, 'domain')]?.mappings[0];
  return mapping ? { outcome: 'OK', registers: { iova: mapping.iova, size: mapping.size } } : 'NONE';
};

export const operations: Operations = { nextAutomatic, nextTable, previousTable, findTable, tableInUse, nextDomainMapping };
