// Phases of one group: what the core records and who owns it. Includes the phases that only a wrong kernel reaches.
import { createMachine } from 'xstate';

/** With a kernel driver bound: the same records as without one; the last driver leaves the group where it is. */
const driven = (self: string, without: string) => ({
  on: {
    DRIVER_BOUND: self,
    DRIVER_UNBOUND: self,
    LAST_DRIVER_UNBOUND: without,
    RECORDED_DEFAULT: 'driven',
    RECORDED_BLOCKING: 'drivenOnBlocking',
    RECORDED_USER: 'drivenInUse',
    RECORDED_NONE: 'drivenLost',
    DOMAIN_FREED: 'drivenDangling',
  },
});

export const group = createMachine({
  id: 'group',
  initial: 'free',
  states: {
    // On the default domain, nobody owns it.
    free: {
      on: {
        DRIVER_BOUND: 'driven',
        RECORDED_DEFAULT: 'free',
        RECORDED_BLOCKING: 'onBlocking',
        RECORDED_USER: 'inUse',
        RECORDED_NONE: 'lost',
      },
    },
    // A kernel driver uses DMA through the default domain.
    driven: driven('driven', 'free'),
    // A kernel driver is bound, and its DMA goes elsewhere: vhost-vdpa attaches beside it as it claims nothing, or the driver was let in
    // while the group was on a wrong domain (the test is skipped while nobody is counted).
    drivenOnBlocking: driven('drivenOnBlocking', 'onBlocking'),
    drivenInUse: driven('drivenInUse', 'inUse'),
    drivenDangling: driven('drivenDangling', 'dangling'),
    // 6.1, while such an attach is put back and when that failed.
    drivenLost: driven('drivenLost', 'lost'),
    // On the blocking domain without an owner: in passing while claimed or released, else stuck.
    onBlocking: {
      on: {
        CLAIMED: 'owned',
        DRIVER_BOUND: 'drivenOnBlocking',
        RECORDED_DEFAULT: 'free',
        RECORDED_BLOCKING: 'onBlocking',
        RECORDED_USER: 'inUse',
        RECORDED_NONE: 'lost',
        DOMAIN_FREED: 'dangling',
      },
    },
    owned: {
      on: {
        CLAIMED: 'owned',
        OWNER_COUNTED: 'owned',
        RELEASED: 'onBlocking',
        RECORDED_BLOCKING: 'owned',
        RECORDED_USER: 'attached',
        RECORDED_NONE: 'lostOwned',
      },
    },
    attached: {
      on: {
        OWNER_COUNTED: 'attached',
        RELEASED: 'inUse',
        RECORDED_BLOCKING: 'owned',
        RECORDED_USER: 'attached',
        RECORDED_NONE: 'lostOwned',
        DOMAIN_FREED: 'danglingOwned',
      },
    },
    // On a user's domain without an owner: vhost-vdpa, or a 6.1 release whose switch failed.
    inUse: {
      on: {
        RECORDED_DEFAULT: 'free',
        RECORDED_BLOCKING: 'onBlocking',
        RECORDED_USER: 'inUse',
        RECORDED_NONE: 'lost',
        DOMAIN_FREED: 'dangling',
        DRIVER_BOUND: 'drivenInUse',
      },
    },
    // The record names a domain that was freed (6.1, a failed detach).
    dangling: {
      on: {
        RECORDED_DEFAULT: 'free',
        RECORDED_BLOCKING: 'onBlocking',
        RECORDED_USER: 'inUse',
        RECORDED_NONE: 'lost',
        DRIVER_BOUND: 'drivenDangling',
        DOMAIN_FREED: 'dangling',
      },
    },
    danglingOwned: {
      on: {
        RELEASED: 'dangling',
        RECORDED_BLOCKING: 'owned',
        RECORDED_USER: 'attached',
        RECORDED_NONE: 'lostOwned',
        OWNER_COUNTED: 'danglingOwned',
      },
    },
    // No recorded domain (6.1, while putting back and when that failed).
    lost: {
      on: {
        DRIVER_BOUND: 'drivenLost',
        RECORDED_DEFAULT: 'free',
        RECORDED_BLOCKING: 'onBlocking',
        RECORDED_USER: 'inUse',
        RECORDED_NONE: 'lost',
      },
    },
    lostOwned: {
      on: {
        RELEASED: 'lost',
        RECORDED_BLOCKING: 'owned',
        RECORDED_USER: 'attached',
        RECORDED_NONE: 'lostOwned',
        OWNER_COUNTED: 'lostOwned',
      },
    },
  },
});
