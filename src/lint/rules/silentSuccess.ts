// A check refuses, and the operation says 0: the caller believes in an attach that did not take place.
import type { Class } from '../../core/rows.ts';
import type { Rule } from '../rule.ts';

const words: { readonly [name in Class]: string } = {
  incompatible: 'a domain that does not fit is refused',
  device: 'a device is refused',
  busy: 'a device is refused',
  'transient-memory': 'an allocation fails',
  'transient-space': 'ids or contexts are used up',
  other: 'a check leaves early',
};

export const rule: Rule = {
  id: 'silent-success',
  title: 'the operation refuses, and returns 0',
  clause: 'success',
  restsOnClass: true,
  page: {
    means:
      'A check leads out of the operation, but what is returned is 0, mostly because the variable still holds the result of an earlier step. The core records the domain as attached while the hardware still uses the old one: DMA goes to the wrong page tables.',
    example: 'ret = arm_smmu_init(master);\nif (ret)\n\tgoto out;\nif (smmu_domain->smmu != smmu)\n\tgoto out;\t/* ret is 0 */',
    mend: 'Set the errno in the branch.',
    suppress: 'When there is nothing to do, and the attach is complete.',
  },
  judge: (site) =>
    site.errnos.includes('0')
      ? // Leaving early without a known reason may be success: the device is attached already.
        { level: site.class === 'other' ? 'maybe' : 'error', message: `returns 0 where ${words[site.class]}` }
      : null,
};
