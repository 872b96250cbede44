// A device and a domain that do not fit, told with an errno that callers take for a hard failure.
import { errnoWords, isDoubtfulMisfit, type Rule, returnsSoft } from '../rule.ts';

export const rule: Rule = {
  id: 'incompatible-other-errno',
  title: 'an incompatible pair is not reported with the errno of the contract',
  clause: 'incompatible',
  restsOnClass: true,
  page: {
    means:
      'The check compares the domain with the device or its IOMMU and refuses, but returns another errno than the one by which callers learn that another domain may fit. iommufd then stops its search and gives the errno to user space, although a further domain, or a new one, would have worked.',
    example: 'if (smmu_domain->smmu != smmu)\n\treturn -ENXIO;',
    mend: "Return the contract's errno, and drop the message beside it.",
    suppress: 'When the pair can never work with any domain of this device: the refusal is then about the device, and the class is wrong.',
  },
  judge: (site, contract, { errno }) => {
    if (site.class !== 'incompatible' || site.errnos.length === 0 || returnsSoft(site, contract) || site.errnos.includes('0')) return null;
    return {
      // The text is about what the domain was configured for before.
      level: isDoubtfulMisfit(site) ? 'maybe' : site.domain === 'fresh' ? 'stricter' : 'error',
      message: `${errnoWords(site.errnos)} where device and domain do not fit; the contract has -${errno}`,
    };
  },
};
