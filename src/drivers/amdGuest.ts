// Guest CR3 tables of 6.12: a device of its own gets one for a version 2 domain, or for an identity domain when it can do PASIDs.
import { all, any, below, computed, equal, has, type Read, value } from '../core/conditions.ts';
import { alloc, call, check, effect, in612, take } from '../core/rowBuilders.ts';
import type { Row } from '../core/rows.ts';

const identity = equal('domain.type', value('identity'));
const isPci = has('device.isPci');
const guestCapable = any(has('domain.iommuV2'), identity);
const guest = any(has('domain.iommuV2'), all(identity, has('device.maxPasids')));

/** PASIDs that a table without further levels serves, and one with a level below the root. */
const flat = 512;
const oneLevel = flat * flat;
const levelsBelowRoot = (read: Read): number => {
  const pasids = Number(read('device.maxPasids'));
  return pasids <= flat ? 0 : pasids <= oneLevel ? 1 : 2;
};

export const guestTable: readonly Row[] = [
  check({
    id: 'amd-gcr3-too-deep',
    words: 'the guest table that the device needs is deeper than the least capable IOMMU of the machine can walk',
    class: 'device',
    errno: in612('EINVAL'),
    cite: in612('setup_gcr3_table:1972-1976; attach_device:2348-2352'),
    refuses: all(
      guest,
      any(
        all(below(flat, 'device.maxPasids'), below('system.amdMaxGlx', 1)),
        all(below(oneLevel, 'device.maxPasids'), below('system.amdMaxGlx', 2)),
      ),
    ),
    note: 'Not for the version 1 domains that VFIO and iommufd use.',
  }),
  check({
    id: 'amd-gcr3-already-present',
    words: 'the device has a guest table already',
    class: 'busy',
    errno: in612('EBUSY'),
    cite: in612('setup_gcr3_table:1978-1979'),
    refuses: all(guest, has('device.gcr3Table')),
    unreachable: 'leaving a domain frees the table, so it takes an earlier leak',
  }),
  effect({
    id: 'amd/own-domain-id',
    words: 'the device has a domain id of its own, unless they have run out: nobody looks',
    cite: in612('setup_gcr3_table:1982'),
    when: all(guest, has('system.amdDomainIdsFree')),
    changes: [{ set: 'device.ownDomainId', to: true }],
    undo: 'reverse',
  }),
  take({
    id: 'amd/device-domain-id',
    words: 'no domain id was left for the device; it goes on with id 0',
    class: 'transient-space',
    errno: in612('0'),
    cite: in612('setup_gcr3_table:1982'),
    when: all(guest, has('device.ownDomainId')),
    pool: 'system.amdDomainIdsFree',
    undo: 'reverse',
  }),
  alloc({
    id: 'amd-gcr3-root-alloc',
    words: 'the page of the guest table could not be allocated, without sleeping',
    class: 'transient-memory',
    errno: in612('ENOMEM'),
    cite: in612('setup_gcr3_table:1984-1987'),
    when: guest,
    site: in612('setup_gcr3_table:1984'),
    what: 'guest CR3 root page',
    gfp: in612('GFP_ATOMIC'),
    plausible: in612('atomic'),
  }),
  effect({
    id: 'amd/guest-table',
    words: 'the device has a guest table',
    cite: in612('setup_gcr3_table:1984-1990'),
    when: guest,
    changes: [{ set: 'device.gcr3Table', to: true }],
    undo: 'reverse',
  }),
  alloc({
    id: 'amd-gcr3-level-alloc',
    words: 'a page below the root of the guest table could not be allocated, without sleeping',
    class: 'transient-memory',
    errno: in612('ENOMEM'),
    cite: in612('update_gcr3:2036-2038; __get_gcr3_pte:2011-2017'),
    when: has('domain.iommuV2'),
    site: in612('__get_gcr3_pte:2015'),
    what: 'guest CR3 level page (0 to 2 times)',
    gfp: in612('GFP_ATOMIC'),
    plausible: in612('atomic'),
    times: computed('levels below the root', ['device.maxPasids'], levelsBelowRoot),
  }),
  call({
    id: 'amd/capabilities',
    words: 'PASID, ATS or PRI could not be enabled; the attach goes on',
    class: 'device',
    errno: in612('0'),
    cite: in612('attach_device:2358'),
    when: all(isPci, guestCapable),
    api: 'pci-ats',
    failure: 'ignored',
  }),
  alloc({
    id: 'amd/fault-queue',
    words: 'the device could not join the page-request queue; PRI is switched off again and the attach goes on',
    class: 'transient-memory',
    errno: in612('0'),
    cite: in612('attach_device:2365-2366; io-pgfault.c: iopf_queue_add_device:417-421'),
    when: all(isPci, guestCapable, has('device.priEnabled')),
    site: in612('iopf_queue_add_device:417'),
    what: 'fault queue record',
    gfp: in612('GFP_KERNEL'),
    plausible: in612('small-sleeping'),
    failure: 'ignored',
  }),
];
