// What the Intel driver keeps on instances, devices and domains, and the conditions that several of its rows share.
// Widths are in bits of address: agaw 48 stands for the kernel's 2, a table of four levels.
import { all, equal, has, lacks, not, value } from '../core/conditions.ts';
import type { AttributeTable } from '../core/rows.ts';

export const scalable = has('iommu.scalableMode');
/** The device itself sends the requests; else (a VMD child) no entry and no tag is made for it. */
export const direct = lacks('device.dmaThroughOther');
export const scalableDirect = all(scalable, direct);
export const legacyDirect = all(lacks('iommu.scalableMode'), direct);
export const passThrough = all(equal('domain.type', value('identity')), has('iommu.passThrough'));
export const firstLevel = all(scalableDirect, not(passThrough), has('domain.useFirstLevel'));
export const secondLevel = all(scalableDirect, not(passThrough), lacks('domain.useFirstLevel'));
/** The domain has no user on this instance yet, so it needs an id there. */
export const newInstance = lacks('domain.instances[iommu.id]');
export const knownInstance = has('domain.instances[iommu.id]');

export const iommu = {
  agaw: { default: 48, words: 'width of the widest table the instance walks', alternatives: [39, 57] },
  mgaw: { default: 48, words: 'width of a guest address that the hardware takes', alternatives: [39, 57] },
  snoopControl: { default: true, words: 'the instance can force snooped DMA', alternatives: [false] },
  scalableMode: { default: false, words: 'the instance is used in scalable mode', alternatives: [true] },
  passThrough: { default: true, words: 'the hardware passes requests through untranslated', alternatives: [false] },
  flts: { default: false, words: 'first-level translation is supported', alternatives: [true] },
  slts: { default: true, words: 'second-level translation is supported', alternatives: [false] },
  fl5lp: { default: false, words: 'five levels of first-level paging are supported', alternatives: [true] },
  ssads: { default: false, words: 'second-level access and dirty bits are supported', alternatives: [true] },
  srs: { default: false, words: 'supervisor requests are supported', alternatives: [true] },
  eafs: { default: false, words: 'the extended access flag is supported', alternatives: [true] },
  superpages: { default: true, words: 'pages of 2 MiB and 1 GiB are supported', alternatives: [false] },
  index: { default: 0, words: 'instance number; number 0 alone needs no array node', alternatives: [1] },
  domainIdsFree: { default: 65534, words: "hardware domain ids left; two of the hardware's number are never given out", alternatives: [1] },
  contextPages: { default: {}, words: 'context-table pages by bus; kept for the life of the instance' },
} as const satisfies AttributeTable;

export const device = {
  rmrrLocked: { default: false, words: 'firmware demands a mapping that cannot be given up', alternatives: [true] },
  dmaThroughOther: { default: false, words: "DMA goes out under another function's requester id" },
  atsEnabled: { default: false, words: 'ATS comes on with a translated domain', alternatives: [true] },
  bus: { default: '0', words: 'bus of the requester id, in scalable mode half of it: what one context page covers' },
  contextCopied: { default: false, words: "kdump: the context entry is a copy of the crashed kernel's", alternatives: [true] },
  pasidPage: { default: false, words: 'the page of its PASID table exists; kept until the device goes away' },
  pasidEntryPresent: { default: false, words: 'the PASID entry for requests without PASID is live' },
} as const satisfies AttributeTable;

export const domain = {
  instances: { default: {}, words: 'attached devices by instance; each instance named gave one id' },
  arrayEntries: { default: 0, words: 'instances with a number above 0: while there is one the array has its node' },
  maxAddr: { default: 0, words: 'recorded top address, exclusive' },
  gaw: { default: 57, words: 'address width, of the instance attached last' },
  agaw: { default: 57, words: 'table width, the smallest of the instances so far' },
  useFirstLevel: { default: false, words: 'the table has first-level format' },
  forceSnooping: { default: false, words: 'DMA is forced to snoop' },
  unsnoopedDevices: { default: 0, words: 'attached devices behind instances without snoop control' },
  hasMappings: { default: false, words: 'something was mapped before (6.12)' },
  dirtyTracking: { default: false, words: 'the domain was made to track dirty pages', alternatives: [true] },
  qiBatch: { default: false, words: 'the buffer for batched invalidations exists' },
  cacheTagUsers: { default: {}, words: 'users of the IOTLB tag by instance; without one, invalidations skip the instance' },
  deviceTagUsers: { default: {}, words: 'users of the device-TLB tag by device' },
  parentTagUsers: { default: {}, words: 'nested: users of its IOTLB tag on the parent, by instance' },
  parentDeviceTagUsers: { default: {}, words: 'nested: users of its device-TLB tag on the parent, by device' },
  tables: { default: {}, words: 'page-table pages below the root, as runs' },
  superpages: { default: false, words: 'aligned mappings take pages of 2 MiB and 1 GiB' },
} as const satisfies AttributeTable;

export const system = {
  contiguousMemory: { default: false, words: 'memory behind mappings is contiguous, as with huge pages', alternatives: [true] },
} as const satisfies AttributeTable;
