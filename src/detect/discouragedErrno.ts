// An attach op that returns an errno outside the short list of the kernel's own documentation of attach_dev.
import type { Event, EventOf } from '../core/events.ts';
import type { Detector, Probe } from '../core/finding.ts';
import { isPathFrame, type World } from '../core/world.ts';
import { lastUpTo, refusalLinks } from './history.ts';
import { quiet, sees } from './steps.ts';

const encouraged = ['0', 'EINVAL', 'ENOMEM', 'ENOSPC', 'EBUSY', 'ENODEV', 'EPERM'];

/** Driver whose attach path the task is in, however deep; null when it is in none. */
const attachingDriver = (world: World, task: string): string | null => {
  const frame = world.tasks[task]?.stack.find((found) => isPathFrame(found) && found.path.startsWith('attach'));
  return frame && isPathFrame(frame) ? frame.driver : null;
};

const refusalOf = (history: readonly Event[], at: number) => lastUpTo(history, at, 'CheckRefused');

const hitOf = (event: EventOf<'CheckRefused'>, driver: string) => ({
  entity: event.row,
  subject: { row: event.row, errno: event.errno, driver },
});

export const detector: Detector<null> = {
  id: 'discouraged-errno',
  level: 'cost',
  title: 'an attach op returns an errno that its documentation does not list',
  evidence: { kind: 'read', source: 'include/linux/iommu.h, struct iommu_domain_ops, attach_dev (linux 6.12.117)' },
  initial: null,
  hears: ['CheckRefused'],
  step: (state, event, world) => {
    if (event.type !== 'CheckRefused' || encouraged.includes(event.errno)) return quiet(state);
    const driver = attachingDriver(world, event.task);
    return driver === null ? quiet(state) : sees(state, hitOf(event, driver));
  },
  explain: (history, at, _hit, probe: Probe) => refusalLinks(history, refusalOf(history, at), probe),
};
