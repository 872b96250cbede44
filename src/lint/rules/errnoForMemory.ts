// A shortage of memory told as "does not fit": the caller goes on, and a good domain gets a second one beside it.
import { isOnlyPerhapsMemory, type Rule, returnsSoft, softErrno } from '../rule.ts';

export const rule: Rule = {
  id: 'errno-for-memory',
  title: "the contract's errno for an incompatible pair tells a shortage of memory",
  clause: 'transient-memory',
  restsOnClass: true,
  page: {
    means:
      'An allocation fails and the operation returns the errno that means "try another domain". A caller that searches goes on after a shortage that has passed a moment later, and ends with a second domain that the hardware did not need.',
    example: 'cfg = kzalloc(sizeof(*cfg), GFP_KERNEL);\nif (!cfg)\n\treturn -EINVAL;',
    mend: 'Return -ENOMEM.',
    suppress: 'When the pointer is also null for a configuration that is refused, and memory cannot be told from it.',
  },
  judge: (site, contract) =>
    site.class === 'transient-memory' && site.replaced.length === 0 && site.origin !== 'api' && returnsSoft(site, contract)
      ? {
          level: isOnlyPerhapsMemory(site) ? 'maybe' : 'error',
          message: `-${softErrno(contract)} for a shortage of memory; callers take it for a domain that does not fit`,
        }
      : null,
};
