// An errno of the driver's own choice that the contract does not list.
import { errnoWords, type Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'discouraged-errno',
  title: 'an errno that the contract does not list',
  clause: 'others',
  restsOnClass: false,
  page: {
    means:
      'The driver returns an errno outside the list. Callers treat it as -ENODEV and hand it to user space, where nobody knows what it means. Errnos that a kernel function gave are not counted: passing them on is what the thread agreed to.',
    example: 'if (!is_supported(dev))\n\treturn -EOPNOTSUPP;',
    mend: 'Return the listed errno that says what is wrong.',
    suppress: 'When user space is known to depend on the value.',
  },
  judge: (site, { clauses }) => {
    if (site.origin === 'api' || (site.class === 'incompatible' && site.confidence !== 'low')) return null;
    const others = site.errnos.filter((errno) => !clauses.some((clause) => clause.errno === errno) && errno !== '0');
    return others.length === 0 ? null : { level: 'cost', message: `${errnoWords(others)}, which the contract does not list` };
  },
};
