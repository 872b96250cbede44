// Mappings: into one domain, over all domains of a container, and the probe of super pages.
import { assert } from '../core/failure.ts';
import { isOn } from '../core/inHand.ts';
import { type Operation, type OperationContext, type Operations, refused, register, registered } from '../core/operation.ts';
import { pathFrame } from '../core/paths.ts';
import { overlaps, rangeOf, within } from '../core/ranges.ts';
import { validCopy } from './ranges.ts';
import { containerOf } from './type1.ts';

const PAGE_BYTES = 4096;

const bytesIn = (context: OperationContext, name: 'iova' | 'size'): number => {
  const bytes = context.frame.registers[name];
  assert(typeof bytes === 'number', `register ${name} holds no part of a mapping`);
  return bytes;
};

/** The range in the registers. */
export const mapping = (context: OperationContext) => ({ iova: bytesIn(context, 'iova'), size: bytesIn(context, 'size') });

/** The driver's map or unmap path for the domain (or the fresh one) and the range in the registers. */
const mapPath: Operation = (context, path) => {
  const domain = context.world.domains[register(context, 'domain') ?? registered(context, 'fresh')]!;
  const group = register(context, 'group');
  const iommu = domain.attributes['iommu'];
  const device = group ? context.world.groups[group]!.devices[0]! : (devicesOf(context, domain.id) ?? null);
  const registers = { domain: domain.id, device, ...(typeof iommu === 'string' ? { iommu } : {}), ...mapping(context) };
  return { enter: pathFrame(domain.driver, String(path), registers) };
};

/** A device on the domain, for paths that read its instance. */
const devicesOf = (context: OperationContext, domain: string): string | undefined =>
  Object.values(context.world.devices).find((device) => isOn(device, domain))?.id;

/** Page pinning looks for a fatal signal: a killed task's call ends here (teardown 1.1). */
const pinPages: Operation = (context) => (context.world.tasks[context.task]!.phase === 'killed' ? refused('EINTR') : 'OK');

const recordMapped: Operation = (context) => {
  context.emit({ type: 'DomainMapped', task: context.task, domain: registered(context, 'domain'), ...mapping(context) });
  return 'OK';
};

const recordUnmapped: Operation = (context) => {
  context.emit({ type: 'DomainUnmapped', task: context.task, domain: registered(context, 'domain'), ...mapping(context) });
  return 'OK';
};

/** The first usable address that two pages fit at, aligned to both (vfio_test_domain_fgsp). */
const probeAddress: Operation = (context) => {
  const bytes = 2 * PAGE_BYTES;
  for (const range of validCopy(context)) {
    const start = Math.ceil(range.start / bytes) * bytes;
    if (range.end - start >= bytes) return { outcome: 'OK', registers: { iova: start, size: bytes } };
  }
  return 'NONE';
};

/** The next mapping of the container into the registers. */
const nextMapping: Operation = (context) => {
  const index = Number(context.frame.registers['mappingIndex'] ?? -1) + 1;
  const found = context.world.containers[registered(context, 'container')]?.mappings[index];
  if (!found) return { outcome: 'NONE', registers: { mappingIndex: null } };
  return { outcome: 'OK', registers: { mappingIndex: index, iova: found.iova, size: found.size } };
};

/** What MAP_DMA tests before anything else: whole pages, overlap with a mapping, and the list of valid addresses. */
const checkMapping: Operation = (context) => {
  const { mappings, valid } = containerOf(context);
  const { iova, size } = mapping(context);
  const wanted = rangeOf({ iova, size });
  const registers = {
    unaligned: size === 0 || iova % PAGE_BYTES !== 0 || size % PAGE_BYTES !== 0,
    overlapping: mappings.some((found) => overlaps(rangeOf(found), wanted)),
    // A container that has had only emulated groups has no list (vfio_iommu_iova_dma_valid).
    outside: valid.length > 0 && !within(valid, wanted),
  };
  return { outcome: 'OK', registers };
};

const addMapping: Operation = (context) => {
  context.emit({ type: 'MappingAdded', task: context.task, container: registered(context, 'container'), ...mapping(context) });
  return 'OK';
};

/** Takes the mapping out of the container's list; the walk over the list starts anew. */
const removeMapping: Operation = (context) => {
  context.emit({ type: 'MappingRemoved', task: context.task, container: registered(context, 'container'), ...mapping(context) });
  return { outcome: 'OK', registers: { mappingIndex: null } };
};

export const operations: Operations = {
  mapPath,
  pinPages,
  recordMapped,
  recordUnmapped,
  probeAddress,
  nextMapping,
  checkMapping,
  addMapping,
  removeMapping,
};
