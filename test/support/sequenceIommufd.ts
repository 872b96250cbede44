// Recorded calls on iommufd and on devices bound to it, as requests: a context is a task, an address space its container.
import type { Request } from '../../src/core/scenario.ts';
import type { Call } from './sequence.ts';
import { type Handler, type Known, requestsIn, skipped, type Translated, unsaid } from './sequenceParts.ts';

const firstSpace = ({ spaces }: Known, context: string): string => spaces.get(context)?.[0] ?? `${context}.none`;

const openSpace: Handler = (call, known) => {
  known.spaces.set(call.context!, [...(known.spaces.get(call.context!) ?? []), call.container!]);
  return unsaid(call, known);
};

const mapSpace: Handler = (call) =>
  requestsIn(call.context!, call.container!, { verb: 'map', target: null, iova: Number(call.iova), size: Number(call.size) });

const bind: Handler = (call, known) => {
  if (!call.context) return skipped(call, `to a ${call.argument}`);
  if (known.bound.has(call.device!)) return skipped(call, 'of a bound device');
  if (known.joined.has(call.group!)) return skipped(call, 'of a device whose group is open');
  if (!call.errno) known.bound.set(call.device!, call.context);
  return requestsIn(call.context, firstSpace(known, call.context), { verb: 'bind', target: call.device! });
};

const wrongIds: Record<string, Request['options']> = { 'unknown id': { unknownObject: true }, 'a device id': { wrongObjectType: true } };

const attach: Handler = (call, known) => {
  if (!call.context) return skipped(call, 'of a device that is not bound');
  const options = wrongIds[call.argument ?? ''];
  const byId = call.pageTable === undefined ? {} : { pageTable: `p${call.pageTable}` };
  if (known.byTable && call.pageTable === undefined) return skipped(call, 'with an address space beside page tables by id');
  const container = call.container ?? firstSpace(known, call.context);
  if (!call.errno) known.attached.set(call.device!, container);
  return requestsIn(call.context, container, { verb: 'attach', target: call.device!, ...byId, ...(options ? { options } : {}) });
};

const detach: Handler = (call, known) => {
  const context = call.context ?? 'none';
  const container = known.attached.get(call.device!) ?? firstSpace(known, context);
  known.attached.delete(call.device!);
  return requestsIn(context, container, { verb: 'detach', target: call.device! });
};

/** The last descriptor of a device detaches and unbinds it. */
const closeDevice: Handler = (call, known) => {
  const context = known.bound.get(call.device!);
  if (!context) return skipped(call, 'of a device that is not bound');
  const container = known.attached.get(call.device!) ?? firstSpace(known, context);
  known.bound.delete(call.device!);
  known.attached.delete(call.device!);
  const [first, second] = [{ verb: 'detach', target: call.device! } as const, { verb: 'unbind', target: call.device! } as const];
  return requestsIn(context, container, first, second);
};

const makePageTable: Handler = (call) => {
  if (call.argument) return skipped(call, `for an ${call.argument}`);
  if (call.flags && call.flags !== '0x8000') return skipped(call, 'with flags that the driver refuses');
  const options = call.flags ? { options: { unsupportedFlags: true } } : {};
  return requestsIn(call.context!, call.container!, {
    verb: 'make-page-table',
    target: call.device!,
    pageTable: `p${call.pageTable ?? 'none'}`,
    ...options,
  });
};

const destroy: Handler = (call) =>
  call.pageTable === undefined
    ? skipped(call, `of ${call.argument === 'none' ? 'nothing' : `a ${call.argument}`}`)
    : requestsIn(call.context!, call.container!, { verb: 'destroy-page-table', target: null, pageTable: `p${call.pageTable}` });

/** Every address space of the context goes. */
const closeContext = (call: Call, known: Known): Translated => {
  const spaces = known.spaces.get(call.context!) ?? [firstSpace(known, call.context!)];
  return { requests: spaces.flatMap((space) => requestsOf(requestsIn(call.context!, space, { verb: 'close', target: null }))) };
};

const requestsOf = (translated: Translated) => ('requests' in translated ? translated.requests : []);

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
