// A shortage of memory told with an errno that is neither ENOMEM nor the soft one.
import { errnoWords, isOnlyPerhapsMemory, type Rule, returnsSoft } from '../rule.ts';

export const rule: Rule = {
  id: 'memory-other-errno',
  title: 'a shortage of memory is not reported as such',
  clause: 'transient-memory',
  restsOnClass: true,
  page: {
    means:
      'An allocation fails, or a call gives -ENOMEM, and the operation returns something else. Callers stop as they would, but user space reads of a device that cannot be attached instead of a shortage that passes.',
    example: 'ops = alloc_io_pgtable_ops(fmt, &cfg, domain);\nif (!ops)\n\treturn -ENODEV;',
    mend: 'Return -ENOMEM.',
    suppress: 'When the call refuses configurations in the same way, and those are the likelier reason.',
  },
  judge: (site, contract, { errno }) => {
    const isShortage = site.class === 'transient-memory' || site.replaced.includes(errno);
    const isToldOtherwise = site.errnos.length > 0 && !site.errnos.includes(errno) && !site.errnos.includes('0');
    if (!isShortage || !isToldOtherwise || site.origin === 'api' || returnsSoft(site, contract)) return null;
    return {
      level: isOnlyPerhapsMemory(site) ? 'maybe' : 'cost',
      message: `${errnoWords(site.errnos)} for a shortage of memory; the contract has -${errno}`,
    };
  },
};
