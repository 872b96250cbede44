// Phases of a VFIO container or an iommufd address space.
import { createMachine } from 'xstate';

export const container = createMachine({
  id: 'container',
  initial: 'empty',
  states: {
    empty: { on: { GROUP_JOINED: 'waiting', OPENED: 'ready', CLOSED: 'closed' } },
    // VFIO: groups joined, no backend yet (before SET_IOMMU).
    waiting: {
      on: { GROUP_JOINED: 'waiting', GROUP_PARTED: 'waiting', LAST_GROUP_PARTED: 'empty', BACKEND_SET: 'ready', CLOSED: 'closing' },
    },
    ready: {
      on: {
        GROUP_JOINED: 'ready',
        GROUP_PARTED: 'ready',
        LAST_GROUP_PARTED: 'unused',
        BACKEND_RELEASED: 'waiting',
        CLOSED: 'closing',
        // An address space, or a vdpa device's own: nothing is left in it when it goes.
        RELEASED: 'closed',
      },
    },
    // The last group left; VFIO releases the backend next.
    unused: { on: { BACKEND_RELEASED: 'empty', GROUP_JOINED: 'ready', CLOSED: 'closing', RELEASED: 'closed' } },
    // The descriptor is closed, groups keep the object alive.
    closing: {
      on: {
        GROUP_PARTED: 'closing',
        LAST_GROUP_PARTED: 'closed',
        BACKEND_RELEASED: 'closing',
        GROUP_JOINED: 'closing',
        BACKEND_SET: 'closing',
      },
    },
    // A backend goes right behind the last group.
    closed: { on: { BACKEND_RELEASED: 'closed' } },
  },
});
