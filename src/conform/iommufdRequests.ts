// Calls on an iommufd and on devices bound to one as requests: a context is a task, an address space its container.
import type { Request } from '../core/scenario.ts';
import type { ProgramCall } from '../recordings/kernel/programCalls.ts';
import { argumentsOf, type Handler, type Known, requestsIn, skipped, unsaid } from './placed.ts';

/** The task's own container: the first address space of the context, or one that is never opened. */
const ownSpace = ({ spaces }: Known, context: string): string => spaces.get(context)?.[0] ?? `${context}.none`;

const spaceNamed = (context: string, id: string): string => `${context}.i${id}`;

/** Calls that name no descriptor are taken to be on the iommufd that has been open longest. */
const current = ({ open }: Known): string | undefined => open[0];

const openContext: Handler = (call, known) => {
  if (call.errno === null) {
    known.contexts += 1;
    const context = `f${known.contexts}`;
    known.descriptors.set(`${call.process} ${call.result}`, context);
    known.open.push(context);
  }
  return unsaid(call, known);
};

const openSpace: Handler = (call, known) => {
  const context = current(known);
  const { ioas } = argumentsOf(call);
  if (context !== undefined && ioas !== undefined && call.errno === null)
    known.spaces.set(context, [...(known.spaces.get(context) ?? []), spaceNamed(context, ioas)]);
  return unsaid(call, known);
};

const mapSpace: Handler = (call, known) => {
  const context = current(known);
  const { ioas, iova, size } = argumentsOf(call);
  if (context === undefined || ioas === undefined || iova === undefined) return skipped(call, 'of a range that the log does not name');
  const place = { iova: Number(iova), size: Number(size), container: spaceNamed(context, ioas) };
  return requestsIn(context, ownSpace(known, context), { verb: 'map', target: null, ...place });
};

const bind: Handler = (call, known) => {
  const { device, group, errno } = call;
  const context = known.descriptors.get(`${call.process} ${argumentsOf(call)['iommufd']}`);
  if (context === undefined || device === null) return skipped(call, 'to a descriptor that the log does not name');
  if (known.bound.has(device)) return skipped(call, 'of a bound device');
  if (known.joined.has(group ?? '') || errno === 'EBADFD') return skipped(call, 'of a device whose group is open');
  if (errno === null) {
    known.bound.set(device, context);
    known.ids.set(`${context} ${argumentsOf(call)['devid']}`, device);
  }
  return requestsIn(context, ownSpace(known, context), { verb: 'bind', target: device });
};

/** An id that is neither an address space nor a page table: which kind of wrong it is shows in the errno alone. */
const wrongIds: Readonly<Record<string, Request['options']>> = { ENOENT: { unknownObject: true }, EINVAL: { wrongObjectType: true } };

/** `first`, `second`: into the oldest address space; `replace`: into the newest. */
const spaceMeant = (call: ProgramCall, known: Known, context: string): string => {
  const { pt } = argumentsOf(call);
  const spaces = known.spaces.get(context) ?? [];
  if (pt !== undefined) return spaceNamed(context, pt);
  return (call.argument.startsWith('replace') ? spaces.at(-1) : spaces[0]) ?? ownSpace(known, context);
};

const attach: Handler = (call, known) => {
  const { device } = call;
  const context = known.bound.get(device ?? '');
  if (context === undefined || device === null) return skipped(call, 'of a device that is not bound');
  const { pt } = argumentsOf(call);
  const isTable = known.tables.has(`${context} ${pt}`);
  const container = spaceMeant(call, known, context);
  const isSpace = (known.spaces.get(context) ?? []).includes(container);
  if (known.byTable && !isTable && isSpace) {
    if (call.errno === null) known.beside.add(device);
    return skipped(call, 'with an address space beside page tables by id');
  }
  const options = isTable || isSpace ? undefined : wrongIds[call.errno ?? ''];
  const own = ownSpace(known, context);
  return requestsIn(context, own, {
    verb: 'attach',
    target: device,
    container: isSpace ? container : own,
    ...(isTable ? { pageTable: `p${pt}` } : {}),
    ...(options ? { options } : {}),
  });
};

const detach: Handler = (call, known) => {
  const context = known.bound.get(call.device ?? '') ?? 'none';
  const asked = requestsIn(context, ownSpace(known, context), { verb: 'detach', target: call.device });
  return known.beside.delete(call.device ?? '') ? { ...asked, blind: 'of a device that was attached beside page tables by id' } : asked;
};

/** The last descriptor of a device detaches and unbinds it. */
export const closeBoundDevice: Handler = (call, known) => {
  const context = known.bound.get(call.device ?? '');
  if (context === undefined) return skipped(call, 'of a device that is not bound');
  known.bound.delete(call.device!);
  const target = call.device!;
  return requestsIn(context, ownSpace(known, context), { verb: 'detach', target }, { verb: 'unbind', target });
};

const makePageTable: Handler = (call, known) => {
  const context = current(known);
  const { pt, devid, flags = '0x0', hwpt } = argumentsOf(call);
  if (context === undefined || pt === undefined) return skipped(call, 'of what the log does not name');
  const device = known.ids.get(`${context} ${devid}`);
  if (device === undefined) return skipped(call, 'for an unknown device');
  const container = spaceNamed(context, pt);
  if (!(known.spaces.get(context) ?? []).includes(container)) return skipped(call, 'for an unknown id');
  if (Number(flags) !== 0 && Number(flags) !== 0x8000) return skipped(call, 'with flags that the driver refuses');
  if (call.errno === null && hwpt !== undefined) known.tables.add(`${context} ${hwpt}`);
  return requestsIn(context, ownSpace(known, context), {
    verb: 'make-page-table',
    target: device,
    container,
    pageTable: `p${hwpt ?? 'none'}`,
    ...(Number(flags) === 0x8000 ? { options: { unsupportedFlags: true } } : {}),
  });
};

const destroy: Handler = (call, known) => {
  const context = current(known);
  const { hwpt } = argumentsOf(call);
  if (context === undefined || hwpt === undefined) return skipped(call, `of ${call.argument.split('=')[0]}`);
  return requestsIn(context, ownSpace(known, context), { verb: 'destroy-page-table', target: null, pageTable: `p${hwpt}` });
};

/** Every address space of the context goes. */
const closeContext: Handler = (call, known) => {
  const isBound = (context: string): boolean => [...known.bound.values()].includes(context);
  const context = known.open.findLast((open) => !isBound(open)) ?? known.open.at(-1);
  if (context === undefined) return unsaid(call, known);
  known.open.splice(known.open.indexOf(context), 1);
  if (isBound(context)) return skipped(call, 'that a bound device keeps open');
  const own = ownSpace(known, context);
  const closes = (known.spaces.get(context) ?? [own]).map((container) => ({ verb: 'close', target: null, container }) as const);
  return requestsIn(context, own, ...closes);
};

export const iommufdCalls: Readonly<Record<string, Handler>> = {
  open_iommufd: openContext,
  IOMMU_IOAS_ALLOC: openSpace,
  IOMMU_IOAS_MAP: mapSpace,
  VFIO_DEVICE_BIND_IOMMUFD: bind,
  VFIO_DEVICE_ATTACH_IOMMUFD_PT: attach,
  VFIO_DEVICE_DETACH_IOMMUFD_PT: detach,
  close_device_cdev: closeBoundDevice,
  IOMMU_HWPT_ALLOC: makePageTable,
  IOMMU_DESTROY: destroy,
  close_iommufd: closeContext,
};
