// From recorded calls to requests of the model: each container or iommufd is a task, and what no request says is skipped by name.
import type { Request } from '../../src/core/scenario.ts';
import type { Call, Phase } from './sequence.ts';
import { iommufdCalls } from './sequenceIommufd.ts';
import { type Handler, type Known, request, skipped, type Translated, unsaid } from './sequenceParts.ts';

const setIommu: Handler = (call) => {
  if (call.argument === 'TYPE1_NESTING') return request(call.container!, { verb: 'set-iommu', target: null, options: { nesting: true } });
  const isType1 = call.argument === 'TYPE1' || call.argument === 'TYPE1v2';
  return request(call.container!, { verb: 'set-iommu', target: null, ...(isType1 ? {} : { options: { noBackend: true } }) });
};

const wrongFiles: Record<string, Request['options']> = { 'a bad descriptor': { badDescriptor: true }, 'another file': { otherFile: true } };

const setContainer: Handler = (call, known) => {
  if (!call.errno) known.joined.set(call.group!, call.container!);
  const options = wrongFiles[call.argument ?? ''];
  return request(call.container ?? 'none', { verb: 'set-container', target: call.group!, ...(options ? { options } : {}) });
};

const unsetContainer: Handler = (call, known) => {
  if (known.devices.has(call.group!)) return skipped(call, 'while a device is open');
  if (!call.errno) known.joined.delete(call.group!);
  return request(call.container ?? 'none', { verb: 'unset-container', target: call.group! });
};

/** The last descriptor of a group that is in a container leaves it. */
const closeGroup: Handler = (call, known) => {
  const container = known.joined.get(call.group!);
  if (!container) return skipped(call, 'of a group without a container');
  known.joined.delete(call.group!);
  return request(container, { verb: 'unset-container', target: call.group! });
};

const map: Handler = (call) => {
  if (call.argument === 'no memory there') return skipped(call, 'of an address without memory');
  return request(call.container!, { verb: 'map', target: null, iova: Number(call.iova), size: Number(call.size) });
};

const getDevice: Handler = (call, known) => {
  if (!call.errno) known.devices.set(call.group!, [...(known.devices.get(call.group!) ?? []), call.device!]);
  return unsaid(call, known);
};

const closeDevice: Handler = (call, known) => {
  const left = (known.devices.get(call.group!) ?? []).filter((device) => device !== call.device);
  if (left.length > 0) known.devices.set(call.group!, left);
  else known.devices.delete(call.group!);
  return unsaid(call, known);
};

const containerCalls: Record<string, Handler> = {
  VFIO_GROUP_SET_CONTAINER: setContainer,
  VFIO_SET_IOMMU: setIommu,
  VFIO_GROUP_UNSET_CONTAINER: unsetContainer,
  close_group: closeGroup,
  close_container: (call) => request(call.container!, { verb: 'close', target: null }),
  VFIO_IOMMU_MAP_DMA: map,
  VFIO_IOMMU_UNMAP_DMA: ({ container, iova, size }) =>
    request(container!, { verb: 'unmap', target: null, iova: Number(iova), size: Number(size) }),
};

/** A run has one caller: beside an iommufd, groups only join and leave a container in the translator's eyes. */
const besideIommufd: Handler = (call, known) => {
  containerCalls[call.op]!(call, known);
  return skipped(call, 'beside an iommufd');
};

const others: Record<string, Handler> = {
  VFIO_GROUP_GET_DEVICE_FD: getDevice,
  close_device: closeDevice,
  bind_driver: ({ device }) => request('others', { verb: 'bind-driver', target: device! }),
  killed: ({ container }) => request('others', { verb: 'kill', target: container! }),
};

/** What the recorder set rather than called: it is part of the phase's scenario. */
const settings = ['allow_unsafe_interrupts', 'default_domain_type'];

const handlerOf = ({ op }: Call, { iommufd }: Known): Handler => {
  if (op in containerCalls) return iommufd ? besideIommufd : containerCalls[op]!;
  return others[op] ?? iommufdCalls[op] ?? unsaid;
};

export interface TranslatedCall {
  readonly call: Call;
  readonly translated: Translated;
}

/** Every call of the phase with its requests, or with why it has none. */
export const requestsOf = ({ calls }: Phase): TranslatedCall[] => {
  const known: Known = {
    iommufd: calls.some(({ op }) => op === 'open_iommufd'),
    byTable: calls.some(({ op }) => op === 'IOMMU_HWPT_ALLOC'),
    joined: new Map(),
    devices: new Map(),
    bound: new Map(),
    spaces: new Map(),
  };
  const called = calls.filter(({ op }) => !settings.includes(op));
  return called.map((call) => ({ call, translated: handlerOf(call, known)(call, known) }));
};
