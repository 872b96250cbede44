// What a run comes to for the user of the caller: what the kernel returned on the way, open containers, and how often memory is pinned.
import type { CallResult } from '../core/cell.ts';
import type { Event } from '../core/events.ts';
import { spaceOf } from '../core/ids.ts';
import type { Container, World } from '../core/world.ts';

/** Requests that attach. */
export const attachingVerbs: ReadonlySet<string> = new Set(['attach', 'replace', 'set-container', 'set-iommu']);

/** Ioctls that attach, or that make the page table to attach to. */
const attachingCalls: ReadonlySet<string> = new Set([
  'VFIO_GROUP_SET_CONTAINER',
  'VFIO_SET_IOMMU',
  'VFIO_GROUP_GET_DEVICE_FD',
  'VFIO_DEVICE_ATTACH_IOMMUFD_PT',
  'IOMMU_HWPT_ALLOC',
  'open',
]);

/** A bind that works says nothing yet. */
const tells = ({ call, result }: CallResult): boolean =>
  attachingCalls.has(call) || (call === 'VFIO_DEVICE_BIND_IOMMUFD' && result !== 'OK');

/** What the kernel returned from each ioctl of the last request that attaches, in order; other tasks' calls are left out. */
export const lastCalls = (events: readonly Event[]): CallResult[] => {
  const start = events.findLastIndex((event) => event.type === 'RequestStarted' && attachingVerbs.has(event.verb));
  const started = events[start];
  if (started?.type !== 'RequestStarted') return [];
  const own = events.slice(start).filter((event) => 'task' in event && event.task === started.task);
  const end = own.findIndex((event) => event.type === 'RequestEnded');
  return own
    .slice(0, end === -1 ? own.length : end)
    .flatMap((event) => (event.type === 'CallEnded' ? [{ call: event.call, result: event.result }] : []))
    .filter(tells);
};

const isOpen = ({ phase }: Container): boolean => phase !== 'closed' && phase !== 'closing';

export const openContainers = ({ containers }: World): number => Object.values(containers).filter(isOpen).length;

/** An address space pins what it maps once it has a domain, however many; type1 pins at once. */
const pins = ({ kind, records }: Container): boolean => kind !== 'ioas' || records.length > 0;

/** How often the memory that is pinned most is pinned: containers of one address space map the same memory. */
export const timesPinned = ({ containers }: World): number => {
  const counts = new Map<string, number>();
  for (const container of Object.values(containers).filter((found) => isOpen(found) && pins(found))) {
    for (const { iova } of container.mappings) {
      const place = `${spaceOf(container.id).space}@${iova}`;
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
  }
  return Math.max(0, ...counts.values());
};
