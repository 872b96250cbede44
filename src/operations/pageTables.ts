// Iommufd's page tables as what groups are on: users, joining, leaving, moving (facts: core-and-consumers 3.3 to 3.5).
import { lists } from '../core/inHand.ts';
import { type Operation, type OperationContext, type Operations, refused, register, registered, scopeOf } from '../core/operation.ts';
import { performRow } from '../core/perform.ts';
import type { Container, DomainRecord } from '../core/world.ts';
import { groupOf } from './type1.ts';

const about = (context: OperationContext) => ({ task: context.task, container: registered(context, 'container') });

/** The page table that the group is on, with its address space. */
export const tableOf = (context: OperationContext, id: string): { container: Container; record: DomainRecord } | null => {
  for (const container of Object.values(context.world.containers)) {
    if (!lists(container, id)) continue;
    return { container, record: container.records.find((found) => found.id === id)! };
  }
  return null;
};

const onOtherTable: Operation = (context) => {
  const { pageTable } = groupOf(context);
  return { outcome: 'OK', registers: { otherPageTable: pageTable !== null && pageTable !== registered(context, 'record') } };
};

const firstOfGroup: Operation = (context) => (groupOf(context).attachedDevices.length === 0 ? 'YES' : 'NO');

/** A handle is named by the page table and the group that it ties. */
const nameHandle: Operation = (context) => ({
  outcome: 'OK',
  registers: { handle: `${registered(context, 'record')}/${registered(context, 'group')}` },
});

/** Performs the cookie's row once per domain. */
const cookieOnce: Operation = (context, id) => {
  const domain = registered(context, 'domain');
  if (context.world.domains[domain]!.attributes['msiCookie']) return 'OK';
  const result = performRow(context.model.row(String(id)), { ...context, scope: scopeOf(context), contract: null });
  if (result.kind === 'refused') return refused(result.errno);
  context.emit({
    type: 'AttributeChanged',
    task: context.task,
    row: String(id),
    part: 'domain',
    id: domain,
    attribute: 'msiCookie',
    key: null,
    value: true,
  });
  return 'OK';
};

/** A page table with a fault queue needs the driver's consent; automatic ones never have one. */
const whenFaulty: Operation = (context, id) => {
  if (!context.frame.registers['faultQueue']) return 'OK';
  const result = performRow(context.model.row(String(id)), { ...context, scope: scopeOf(context), contract: null });
  return result.kind === 'refused' ? refused(result.errno) : 'OK';
};

/** A device on the table, or a call that uses it for a moment, is a user. */
export const setUsers = (context: OperationContext, id: string, change: number): void => {
  const found = tableOf(context, id);
  if (!found) return;
  const users = found.record.users + change;
  context.emit({ type: 'RecordUsersChanged', task: context.task, container: found.container.id, record: id, users });
};

/** One more device of the group on the page table; a table not listed yet counts when it is listed. */
const joinTable: Operation = (context) => {
  const group = groupOf(context);
  const record = registered(context, 'record');
  const devices = [...group.attachedDevices, registered(context, 'device')];
  context.emit({ type: 'PageTableJoined', task: context.task, group: group.id, pageTable: record, devices });
  const listed = tableOf(context, record)?.record;
  if (listed && !listed.groups.includes(group.id)) context.emit({ type: 'RecordGroupAdded', ...about(context), record, group: group.id });
  setUsers(context, record, 1);
  return 'OK';
};

/** Lists the fresh page table: filled, automatic, with the users it has already. */
const listTable: Operation = (context, users) => {
  const domain = registered(context, 'domain');
  const coherent = context.frame.registers['coherent'] === true;
  const groups = users === 0 ? [] : [registered(context, 'group')];
  const record = {
    id: registered(context, 'record'),
    domain,
    groups,
    coherent,
    automatic: context.frame.registers['pageTable'] == null,
    users: Number(users),
  };
  context.emit({ type: 'RecordListed', ...about(context), record, at: 'tail' });
  return 'OK';
};

/** Unlinks the device, which stays a user; LAST: the group has none left on the table; NONE: it was on none. */
const leaveTable: Operation = (context) => {
  const group = groupOf(context);
  const device = registered(context, 'device');
  if (group.pageTable === null || !group.attachedDevices.includes(device)) return 'NONE';
  const devices = group.attachedDevices.filter((id) => id !== device);
  const record = group.pageTable;
  context.emit({ type: 'PageTableJoined', task: context.task, group: group.id, pageTable: record, devices });
  // The request may not name the address space; the attachment does.
  const container = tableOf(context, record)?.container.id ?? registered(context, 'container');
  return { outcome: devices.length === 0 ? 'LAST' : 'OK', registers: { record, container } };
};

const forgetTable: Operation = (context) => {
  const group = groupOf(context);
  const record = registered(context, 'record');
  const found = tableOf(context, record);
  if (found) context.emit({ type: 'RecordGroupRemoved', task: context.task, container: found.container.id, record, group: group.id });
  context.emit({ type: 'PageTableJoined', task: context.task, group: group.id, pageTable: null, devices: [] });
  return 'OK';
};

const isAttached: Operation = (context) => {
  const notAttached = !groupOf(context).attachedDevices.includes(registered(context, 'device'));
  return { outcome: 'OK', registers: { notAttached } };
};

const deviceAttached: Operation = (context) => (groupOf(context).attachedDevices.includes(registered(context, 'device')) ? 'YES' : 'NO');

const onThisTable: Operation = (context) => {
  const same = groupOf(context).pageTable === registered(context, 'record');
  return same ? { outcome: 'YES', registers: { oldRecord: null, oldContainer: null } } : 'NO';
};

/** The old page table's users go with the group's devices. */
const leaveOldTable: Operation = (context) => {
  const group = groupOf(context);
  const old = tableOf(context, group.pageTable!)!;
  context.emit({ type: 'RecordGroupRemoved', task: context.task, container: old.container.id, record: old.record.id, group: group.id });
  setUsers(context, old.record.id, -group.attachedDevices.length);
  if (old.container.id !== registered(context, 'container')) {
    for (const device of group.attachedDevices)
      context.emit({ type: 'RangesDropped', task: context.task, container: old.container.id, owner: device });
  }
  return { outcome: 'OK', registers: { oldRecord: old.record.id, oldContainer: old.container.id } };
};

const moveTable: Operation = (context) => {
  const group = groupOf(context);
  const record = registered(context, 'record');
  context.emit({ type: 'RecordGroupAdded', ...about(context), record, group: group.id });
  context.emit({ type: 'PageTableJoined', task: context.task, group: group.id, pageTable: record, devices: group.attachedDevices });
  setUsers(context, record, group.attachedDevices.length);
  return 'OK';
};

/** YES for an automatic page table without users. */
const unusedAutomatic: Operation = (context) => {
  const id = register(context, 'record');
  const found = id === null ? null : tableOf(context, id);
  if (!found?.record.automatic || found.record.users > 0) return 'NO';
  return { outcome: 'YES', registers: { domain: found.record.domain, container: found.container.id } };
};

const unlistTable: Operation = (context) => {
  context.emit({ type: 'RecordUnlisted', ...about(context), record: registered(context, 'record') });
  return 'OK';
};

export const operations: Operations = {
  onOtherTable,
  firstOfGroup,
  nameHandle,
  cookieOnce,
  whenFaulty,
  joinTable,
  listTable,
  leaveTable,
  forgetTable,
  isAttached,
  deviceAttached,
  onThisTable,
  leaveOldTable,
  moveTable,
  unusedAutomatic,
  unlistTable,
};
