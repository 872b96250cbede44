// The list of all return values as it is pasted into a mail.
import { expect, it } from 'vitest';
import { printSites } from '../../src/report/lintSites.ts';
import { attach, readingOf } from '../support/lintTree.ts';

it('names errno, place, class, condition and notes, what is not certain apart, then allocations in order', () => {
  const reading = readingOf(
    attach(
      'void *a = kzalloc(8, GFP_ATOMIC);\nif (!a)\n  return -ENOMEM;\nguard(mutex)(&dom->lock);\nif (!dom->iommu) {\n  ret = mystery(dom);\n  if (ret)\n    return ret;\n} else if (dom->iommu != iommu) {\n  dev_err(dev, "no %s\\n", name);\n  return -EINVAL;\n}\nreturn 0;',
    ),
  );
  expect(printSites(reading)).toBe(`return values in tree

some attach_dev of some_ops: attach()
  -ENOMEM  attach():11  transient-memory
      !a
  -EINVAL  attach():19  incompatible
      dom->iommu != iommu
      only on a domain in use
      prints dev_err: no %s
      holds mutex dom->lock
 not certain
  ?  attach():14  other
      mystery(dom)
      only on a fresh domain
      holds mutex dom->lock
      not resolved: mystery()
 takes memory and ids, in order
   1  kzalloc()  GFP_ATOMIC  attach():9  -ENOMEM`);
});
