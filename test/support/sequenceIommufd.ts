// Recorded calls on iommufd and on devices bound to it, as requests: a context is a task, an address space its container.
import type { Request } from '../../src/core/scenario.ts';
import type { Call } from './sequence.ts';
import { type Handler, type Known, requestsIn, skipped, unsaid } from './sequenceParts.ts';

/** The task's own container: the first address space of the context, or one that is never opened. */
const ownSpace = ({ spaces }: Known, context: string): string => spaces.get(context)?.[0] ?? `${context}.none`;

const openSpace: Handler = (call, known) => {
  known.spaces.set(call.context!, [...(known.spaces.get(call.context!) ?? []), call.container!]);
  return unsaid(call, known);
};

const mapSpace: Handler = (call, known) => {
  const place = { iova: Number(call.iova), size: Number(call.size), container: call.container! };
  return requestsIn(call.context!, ownSpace(known, call.context!), { verb: 'map', target: null, ...place });
};

const bind: Handler = (call, known) => {
  if (!call.context) return skipped(call, `to ${call.argument}`);
  if (known.bound.has(call.device!)) return skipped(call, 'of a bound device');
  if (known.joined.has(call.group!)) return skipped(call, 'of a device whose group is open');
  if (!call.errno) known.bound.set(call.device!, call.context);
  return requestsIn(call.context, ownSpace(known, call.context), { verb: 'bind', target: call.device! });
};

const wrongIds: Record<string, Request['options']> = {
  'an unknown id': { unknownObject: true },
  'a device id': { wrongObjectType: true },
};

const attach: Handler = (call, known) => {
  if (!call.context) return skipped(call, 'of a device that is not bound');
  if (known.byTable && call.pageTable === undefined) return skipped(call, 'with an address space beside page tables by id');
  const own = ownSpace(known, call.context);
  const options = wrongIds[call.argument ?? ''];
  return requestsIn(call.context, own, {
    verb: 'attach',
    target: call.device!,
    container: call.container ?? own,
    ...(call.pageTable === undefined ? {} : { pageTable: `p${call.pageTable}` }),
    ...(options ? { options } : {}),
  });
};

const detach: Handler = (call, known) => {
  const context = call.context ?? 'none';
  return requestsIn(context, ownSpace(known, context), { verb: 'detach', target: call.device! });
};

/** The last descriptor of a device detaches and unbinds it. */
const closeDevice: Handler = (call, known) => {
  const context = known.bound.get(call.device!);
  if (!context) return skipped(call, 'of a device that is not bound');
  known.bound.delete(call.device!);
  const target = call.device!;
  return requestsIn(context, ownSpace(known, context), { verb: 'detach', target }, { verb: 'unbind', target });
};

const makePageTable: Handler = (call, known) => {
  if (call.argument) return skipped(call, `for ${call.argument}`);
  if (call.flags && call.flags !== '0x8000') return skipped(call, 'with flags that the driver refuses');
  return requestsIn(call.context!, ownSpace(known, call.context!), {
    verb: 'make-page-table',
    target: call.device!,
    container: call.container!,
    pageTable: `p${call.pageTable ?? 'none'}`,
    ...(call.flags ? { options: { unsupportedFlags: true } } : {}),
  });
};

const destroy: Handler = (call, known) => {
  if (call.pageTable === undefined) return skipped(call, `of ${call.argument}`);
  const named = { pageTable: `p${call.pageTable}`, container: call.container! };
  return requestsIn(call.context!, ownSpace(known, call.context!), { verb: 'destroy-page-table', target: null, ...named });
};

/** Every address space of the context goes. */
const closeContext: Handler = (call: Call, known: Known) => {
  const context = call.context!;
  if ([...known.bound.values()].includes(context)) return skipped(call, 'that a bound device keeps open');
  const own = ownSpace(known, context);
  const closes = (known.spaces.get(context) ?? [own]).map((container) => ({ verb: 'close', target: null, container }) as const);
  return requestsIn(context, own, ...closes);
};

export const iommufdCalls: Record<string, Handler> = {
  IOMMU_IOAS_ALLOC: openSpace,
  IOMMU_IOAS_MAP: mapSpace,
  VFIO_DEVICE_BIND_IOMMUFD: bind,
  VFIO_DEVICE_ATTACH_IOMMUFD_PT: attach,
  VFIO_DEVICE_DETACH_IOMMUFD_PT: detach,
  close_device_cdev: closeDevice,
  IOMMU_HWPT_ALLOC: makePageTable,
  IOMMU_DESTROY: destroy,
  close_iommufd: closeContext,
};
