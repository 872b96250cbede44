// Whatever errno a failed call gave, the operation returns the one that means "does not fit".
import { errnoWords, type Rule, returnsSoft } from '../rule.ts';

const shortages = ['ENOMEM', 'ENOSPC'];

export const rule: Rule = {
  id: 'errno-collapse',
  title: "a failed call's errno is replaced by the contract's errno for an incompatible pair",
  clause: 'incompatible',
  restsOnClass: false,
  page: {
    means:
      'A call fails with an errno of its own and the operation returns the errno that means "try another domain" instead. A hard failure, above all a shortage, becomes a soft one: the caller goes on where it should stop.',
    example: 'ret = finalise_domain(domain, dev);\nif (ret)\n\treturn -EINVAL;',
    mend: "Return the call's errno.",
    suppress: 'When the call fails only for pairs that do not fit.',
  },
  judge: (site, contract, { errno }) => {
    const lost = site.replaced.filter((replaced) => replaced !== errno);
    if (lost.length === 0 || site.class === 'incompatible' || !returnsSoft(site, contract)) return null;
    const isShortage = lost.some((replaced) => shortages.includes(replaced));
    return {
      level: isShortage || contract.exclusive ? 'error' : 'stricter',
      message: `-${errno} instead of ${errnoWords(lost)}${site.api === null ? '' : ` of ${site.api}()`}`,
    };
  },
};
