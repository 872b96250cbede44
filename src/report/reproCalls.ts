// The system calls of a reproduction in C: for each the helper that makes it, and how the helper is called.
import type { UserCall } from '../core/reproduction.ts';
import {
  attachDevice,
  bindDevice,
  destroyTable,
  detachDevice,
  makeTable,
  mapDma,
  mapIoas,
  setContainer,
  setIommu,
  unmapDma,
  unmapIoas,
  unsetContainer,
} from './reproHelpers.ts';
import { type Names, quoted } from './reproNames.ts';

interface CallForm {
  /** The helper; absent: another call's, or none. */
  readonly helper?: string;
  /** Statements of a task, without indentation. */
  readonly statements: (call: UserCall, names: Names) => readonly string[];
}

const hexadecimal = (value: number): string => `0x${value.toString(16)}`;
const range = ({ range: given }: UserCall): string[] => (given ? [hexadecimal(given.iova), hexadecimal(given.size)] : ['0', '0']);
const invoke = (name: string, ...values: readonly string[]): string => `${name}(${values.join(', ')});`;
const asked = ({ task, words }: UserCall): string[] => [invoke('by_hand', quoted(`${task}: ${words}`))];

const device = (call: UserCall, names: Names): string => names.file('device', call.device!);
const group = (call: UserCall, names: Names): string => names.file('group', call.group!);
const container = (call: UserCall, names: Names): string => names.file('container', call.container);
const context = (call: UserCall, names: Names): string => names.file('iommufd', call.context);
const ioas = (call: UserCall, names: Names): string => names.table('ioas', call.container);
const table = (call: UserCall, names: Names): string => names.table('table', call.pageTable!);

const tableFlags = ({ options }: UserCall): string => (options['domain.dirtyTracking'] === true ? 'IOMMU_HWPT_ALLOC_DIRTY_TRACKING' : '0');

/** By the call's name in events. */
const forms: Readonly<Record<string, CallForm>> = {
  VFIO_GROUP_SET_CONTAINER: {
    helper: setContainer,
    statements: (call, names) => [invoke('set_container', group(call, names), container(call, names))],
  },
  VFIO_SET_IOMMU: { helper: setIommu, statements: (call, names) => [invoke('set_iommu', container(call, names))] },
  VFIO_GROUP_UNSET_CONTAINER: { helper: unsetContainer, statements: (call, names) => [invoke('unset_container', group(call, names))] },
  VFIO_IOMMU_MAP_DMA: { helper: mapDma, statements: (call, names) => [invoke('map_dma', container(call, names), ...range(call))] },
  VFIO_IOMMU_UNMAP_DMA: { helper: unmapDma, statements: (call, names) => [invoke('unmap_dma', container(call, names), ...range(call))] },
  VFIO_DEVICE_BIND_IOMMUFD: {
    helper: bindDevice,
    statements: (call, names) => [invoke('bind_device', device(call, names), context(call, names))],
  },
  VFIO_DEVICE_ATTACH_IOMMUFD_PT: {
    helper: attachDevice,
    statements: (call, names) => [invoke('attach_device', device(call, names), (call.pageTable === null ? ioas : table)(call, names))],
  },
  VFIO_DEVICE_DETACH_IOMMUFD_PT: { helper: detachDevice, statements: (call, names) => [invoke('detach_device', device(call, names))] },
  IOMMU_IOAS_MAP: {
    helper: mapIoas,
    statements: (call, names) => [invoke('map_ioas', context(call, names), ioas(call, names), ...range(call))],
  },
  IOMMU_IOAS_UNMAP: {
    helper: unmapIoas,
    statements: (call, names) => [invoke('unmap_ioas', context(call, names), ioas(call, names), ...range(call))],
  },
  IOMMU_DESTROY: { helper: destroyTable, statements: (call, names) => [invoke('destroy_table', context(call, names), table(call, names))] },
  close: { statements: (call, names) => names.within(call).map((file) => invoke('close_file', file)) },
};

/** A page table needs its device bound, and a nested one data of its vendor. */
const hwptAlloc: CallForm = {
  helper: makeTable,
  statements: (call, names) => [
    invoke('bind_device', device(call, names), context(call, names)),
    `${table(call, names)} = ${invoke('make_table', context(call, names), device(call, names), ioas(call, names), tableFlags(call))}`,
  ],
};

/** What the program cannot do, calls of the compatibility layer among it, is left to whoever runs it. */
const byHand: CallForm = { statements: asked };

const formOf = (call: UserCall): CallForm =>
  call.byHand ? byHand : call.call === 'IOMMU_HWPT_ALLOC' ? hwptAlloc : (forms[call.call] ?? byHand);

export const statementsOf = (call: UserCall, names: Names): readonly string[] => formOf(call).statements(call, names);

/** The helpers that the calls need, each once, in the order of the table. */
export const helpersOf = (calls: readonly UserCall[]): string[] => {
  const used = new Set(calls.map((call) => formOf(call).helper));
  if (calls.some((call) => formOf(call) === hwptAlloc)) used.add(bindDevice);
  return [...Object.values(forms), hwptAlloc].flatMap(({ helper }) => (helper !== undefined && used.has(helper) ? [helper] : []));
};
