// Calls on VFIO's containers and groups as requests: each container is a task.
import type { Request } from '../core/scenario.ts';
import { closeBoundDevice } from './iommufdRequests.ts';
import { argumentsOf, type Handler, request, skipped, unsaid } from './placed.ts';

/** Which type the program asked for; the model has type1 in three shapes, and "no such backend". */
const setIommu: Handler = (call, known) => {
  if (call.container === null) return unsaid(call, known);
  const [type] = call.argument.split(' ');
  if (type === 'TYPE1_NESTING') return request(call.container, { verb: 'set-iommu', target: null, options: { nesting: true } });
  const isType1 = type === 'TYPE1' || type === 'TYPE1v2';
  return request(call.container, { verb: 'set-iommu', target: null, ...(isType1 ? {} : { options: { noBackend: true } }) });
};

/** A descriptor that is no container's: which kind of wrong it is shows in the errno alone. */
const wrongFiles: Readonly<Record<string, Request['options']>> = { EBADF: { badDescriptor: true }, EINVAL: { otherFile: true } };

const setContainer: Handler = (call, known) => {
  const { container, group, errno } = call;
  if (group === null) return unsaid(call, known);
  if (container !== null && errno === null) known.joined.set(group, container);
  const options = container === null ? wrongFiles[errno ?? ''] : undefined;
  if (container === null && options === undefined) return skipped(call, 'with a descriptor that the log does not name');
  return request(container ?? 'none', { verb: 'set-container', target: group, ...(options ? { options } : {}) });
};

const unsetContainer: Handler = (call, known) => {
  const { container, group, errno } = call;
  if (group === null) return unsaid(call, known);
  if (known.devices.has(group)) return skipped(call, 'while a device is open');
  if (errno === null) known.joined.delete(group);
  return request(container ?? 'none', { verb: 'unset-container', target: group });
};

/** The last descriptor of a group that is in a container leaves it. */
const closeGroup: Handler = (call, known) => {
  const container = known.joined.get(call.group ?? '');
  if (container === undefined) return skipped(call, 'of a group without a container');
  known.joined.delete(call.group!);
  return request(container, { verb: 'unset-container', target: call.group! });
};

const mapping: (verb: 'map' | 'unmap') => Handler = (verb) => (call, known) => {
  const { iova, size } = argumentsOf(call);
  if (call.container === null) return unsaid(call, known);
  if (call.errno === 'EFAULT') return skipped(call, 'of an address without memory');
  if (iova === undefined || size === undefined) return skipped(call, 'of a range that the log does not name');
  return request(call.container, { verb, target: null, iova: Number(iova), size: Number(size) });
};

const getDevice: Handler = (call, known) => {
  const { group, device, errno } = call;
  if (errno === null && group !== null && device !== null) known.devices.set(group, [...(known.devices.get(group) ?? []), device]);
  return unsaid(call, known);
};

/** A device that was opened by its own node, and bound, has the same name for its close. */
const closeDevice: Handler = (call, known) => {
  if (known.bound.has(call.device ?? '')) return closeBoundDevice(call, known);
  const left = (known.devices.get(call.group ?? '') ?? []).filter((device) => device !== call.device);
  if (left.length > 0) known.devices.set(call.group!, left);
  else known.devices.delete(call.group ?? '');
  return unsaid(call, known);
};

export const vfioCalls: Readonly<Record<string, Handler>> = {
  VFIO_GROUP_SET_CONTAINER: setContainer,
  VFIO_SET_IOMMU: setIommu,
  VFIO_GROUP_UNSET_CONTAINER: unsetContainer,
  close_group: closeGroup,
  close_container: (call, known) =>
    call.container === null ? unsaid(call, known) : request(call.container, { verb: 'close', target: null }),
  VFIO_IOMMU_MAP_DMA: mapping('map'),
  VFIO_IOMMU_UNMAP_DMA: mapping('unmap'),
};

export const deviceCalls: Readonly<Record<string, Handler>> = {
  VFIO_GROUP_GET_DEVICE_FD: getDevice,
  close_device: closeDevice,
};
