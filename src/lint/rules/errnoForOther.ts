// Something that is neither a misfit, a device, nor a shortage told as "does not fit".
import type { Class } from '../../core/rows.ts';
import { type Rule, returnsSoft, unlessExclusive } from '../rule.ts';

const words: { readonly [name in Class]?: string } = {
  busy: 'a device that is pinned to something else',
  other: 'something that is no incompatible pair',
};

export const rule: Rule = {
  id: 'errno-for-other',
  title: "the contract's errno for an incompatible pair tells something else",
  clause: 'incompatible',
  restsOnClass: true,
  page: {
    means:
      'The errno that means "try another domain" is returned for a condition that another domain does not change: a device that is pinned, a request that is wrong, a guard against bugs of the kernel. The merged text allows it ("some other fundamental problem"); an exclusive contract does not.',
    example: 'if (WARN_ON(!list_empty(&domain->devices)))\n\treturn -EINVAL;',
    mend: 'Return -EBUSY where the device is attached and cannot be changed, else -ENODEV.',
    suppress: 'When the condition cannot come about without a bug elsewhere.',
  },
  judge: (site, contract, { errno }) => {
    const what = words[site.class];
    if (what === undefined || site.replaced.length > 0 || site.origin === 'api' || !returnsSoft(site, contract)) return null;
    return { level: unlessExclusive(contract), message: `-${errno} for ${what}` };
  },
};
