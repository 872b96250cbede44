// Containers and address spaces as objects: opened, joined, left, closed.
import { hasOpen, isShared } from '../core/files.ts';
import { type Operation, type OperationContext, type Operations, register, registered } from '../core/operation.ts';
import { containerOf, groupOf } from './type1.ts';

const about = (context: OperationContext) => ({ task: context.task, container: registered(context, 'container') });

/** Opens the container that the script names; one that was closed is opened anew, as another file. OTHER: it is of another kind. */
const openContainer: Operation = (context, kind) => {
  const container = registered(context, 'container');
  const owner = register(context, 'context') ?? container;
  const open = context.world.containers[container];
  if (open && open.phase !== 'closed') {
    if (open.kind !== kind || (kind === 'ioas' && open.context !== owner)) return 'OTHER';
    if (!hasOpen(context.files, context.task, container)) context.emit({ type: 'DescriptorOpened', ...about(context) });
    return 'OK';
  }
  const opened = { kind: kind as 'vfio' | 'ioas' | 'private', context: owner, phase: kind === 'vfio' ? 'empty' : 'ready' };
  context.emit({ type: 'ContainerOpened', ...about(context), ...opened });
  return 'OK';
};

/** Descriptors of user space may lead anywhere: what counts is the container that the group is in. NONE: it has an iommufd context only. */
const groupContainer: Operation = (context) => {
  const { container } = groupOf(context);
  return container === null ? 'NONE' : { outcome: 'OK', registers: { container } };
};

const joinContainer: Operation = (context) => {
  const phase = context.phase('container', registered(context, 'container'), 'GROUP_JOINED');
  context.emit({ type: 'GroupJoined', ...about(context), group: registered(context, 'group'), phase });
  return 'OK';
};

/** LAST: no group is left, the backend goes. */
const partContainer: Operation = (context) => {
  const last = containerOf(context).groups.length === 1;
  const phase = context.phase('container', registered(context, 'container'), last ? 'LAST_GROUP_PARTED' : 'GROUP_PARTED');
  context.emit({ type: 'GroupParted', ...about(context), group: registered(context, 'group'), phase });
  return last && containerOf(context).backend !== null ? 'LAST' : 'OK';
};

/** A backend that goes takes every mapping with it (vfio_iommu_type1_release): one may have come after the last domain went. */
const setBackend: Operation = (context, backend) => {
  const rest = backend === null ? [...containerOf(context).mappings] : [];
  for (const { iova, size } of rest) context.emit({ type: 'MappingRemoved', ...about(context), iova, size });
  const phase = context.phase('container', registered(context, 'container'), backend === null ? 'BACKEND_RELEASED' : 'BACKEND_SET');
  context.emit({ type: 'BackendSet', ...about(context), backend: backend === null ? null : String(backend), phase });
  return 'OK';
};

/** The group that joined last: descriptors close in falling order. `own`: of those whose file the task has. */
const lastGroup: Operation = (context, own) => {
  const container = context.world.containers[registered(context, 'container')];
  const group = container?.groups.findLast((id) => !own || context.files[context.task]?.groups.includes(id));
  return group === undefined ? 'NONE' : { outcome: 'OK', registers: { group } };
};

const dropDescriptor = (context: OperationContext, container: string): 'OK' => {
  if (hasOpen(context.files, context.task, container)) context.emit({ type: 'DescriptorClosed', ...about(context) });
  return 'OK';
};

/**
 * With `container` it is the task's own descriptor: the file stays while others have it, and the engine offers the step only once no other
 * task has a request in progress on it.
 */
const closeContainer: Operation = (context, files) => {
  const container = context.world.containers[registered(context, 'container')];
  // Groups of other tasks keep what is closing alive.
  if (!container || container.phase === 'closed' || container.phase === 'closing') return 'OK';
  if (files && isShared(context.files, context.task, container.id)) return dropDescriptor(context, container.id);
  const phase = context.phase('container', container.id, container.kind === 'vfio' ? 'CLOSED' : 'RELEASED');
  context.emit({ type: 'ContainerClosed', ...about(context), phase });
  return 'OK';
};

export const operations: Operations = {
  openContainer,
  groupContainer,
  joinContainer,
  partContainer,
  setBackend,
  lastGroup,
  closeContainer,
};
