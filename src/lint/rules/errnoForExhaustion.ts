// Ids or contexts that are used up told as "does not fit".
import { type Rule, returnsSoft, softErrno } from '../rule.ts';

export const rule: Rule = {
  id: 'errno-for-exhaustion',
  title: "the contract's errno for an incompatible pair tells that ids or contexts are used up",
  clause: 'transient-space',
  restsOnClass: true,
  page: {
    means:
      'The IOMMU has no id or context left for this domain, and the operation returns the errno that means "try another domain". A caller that searches goes on, and a new domain needs an id as well.',
    example: 'asid = find_first_zero_bit(bitmap, size);\nif (asid == size)\n\treturn -EINVAL;',
    mend: 'Return -ENOSPC.',
    suppress: 'When another domain would need no id of this kind, so that trying it is right.',
  },
  judge: (site, contract) =>
    site.class === 'transient-space' && site.replaced.length === 0 && site.origin !== 'api' && returnsSoft(site, contract)
      ? {
          level: 'error',
          message: `-${softErrno(contract)} where ids or contexts are used up; callers take it for a domain that does not fit`,
        }
      : null,
};
