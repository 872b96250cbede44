// The errno of a kernel function goes out as it is, and happens to be the one that means "does not fit".
import { type Rule, returnsSoft, unlessExclusive } from '../rule.ts';

export const rule: Rule = {
  id: 'leaked-errno',
  title: "a kernel function's errno leaks and means an incompatible pair to callers",
  clause: 'incompatible',
  restsOnClass: false,
  page: {
    means:
      'A kernel function outside the IOMMU drivers can return the errno of the contract for reasons of its own (runtime PM after an earlier failure, a firmware call that refuses), and the operation passes it on. Callers that search then go on, for ever in vain. The final text of the 2022 thread wanted it converted; the merged text does not.',
    example: 'ret = pm_runtime_resume_and_get(iommu->dev);\nif (ret < 0)\n\treturn ret;',
    mend: 'Convert that errno only, to -ENODEV where it is about the device; pass on the others.',
    suppress: 'When the function cannot return it with these arguments.',
  },
  judge: (site, contract, { errno }) => {
    if (site.origin !== 'api' || site.class === 'incompatible' || site.replaced.length > 0 || !returnsSoft(site, contract)) return null;
    return {
      level: unlessExclusive(contract),
      message: `${site.api ?? 'a kernel function'}() can give -${errno}, which is passed on as it is`,
    };
  },
};
