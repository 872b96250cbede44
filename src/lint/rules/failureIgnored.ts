// A step fails, and nothing of it comes back.
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'failure-ignored',
  title: 'the failure of a step is not returned',
  clause: 'success',
  restsOnClass: false,
  page: {
    means:
      'A function that can fail is called and its result is dropped, so that the operation says success whatever happened. Whether the attach is whole without that step the source does not say: this is never more than a maybe.',
    example: 'iommu_enable_pci_caps(info);\t/* returns int */',
    mend: 'Return the errno and undo what was done; or say in a comment why it does not matter.',
    suppress: 'When the step is a help and no need.',
  },
  judgeIgnored: ({ callee }) => ({ level: 'maybe', message: `the result of ${callee}() is dropped` }),
};
