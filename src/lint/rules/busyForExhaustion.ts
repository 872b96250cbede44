// Ids or contexts that are used up told as a device that cannot be changed.
import type { ReturnSite } from '../../core/returnSites.ts';
import type { Rule } from '../rule.ts';

/** Their EBUSY says that every index of the range is in use (lib/xarray.c, __xa_alloc()). */
const indexAllocators = ['xa_alloc', 'xa_alloc_bh', 'xa_alloc_irq', '__xa_alloc', 'xa_alloc_cyclic', '__xa_alloc_cyclic'];

const isExhaustion = ({ class: meaning, api }: ReturnSite): boolean =>
  meaning === 'transient-space' || (api !== null && indexAllocators.includes(api));

export const rule: Rule = {
  id: 'busy-for-exhaustion',
  title: 'ids or contexts that are used up are reported as a busy device',
  clause: 'busy',
  restsOnClass: true,
  page: {
    means:
      'The IOMMU has no id or context left and the operation returns the errno that means "device is attached to a domain and cannot be changed". Who reads it looks for another user of the device, and there is none. xa_alloc() gives -EBUSY for a full range, so passing its errno on is enough.',
    example: 'ret = xa_alloc(&asid_xa, &asid, cd, limit, GFP_KERNEL);\nif (ret)\n\treturn ret;',
    mend: 'Turn -EBUSY of the allocator into -ENOSPC.',
    suppress: 'When what is used up is the device itself.',
  },
  judge: (site, _contract, { errno }) =>
    isExhaustion(site) && site.errnos.includes(errno)
      ? {
          level: 'error',
          message: `-${errno} where ids or contexts are used up${site.origin === 'api' ? `: ${site.api}() gives it for a full range` : ''}`,
        }
      : null,
};
