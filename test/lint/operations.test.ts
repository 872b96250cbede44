// Where attach operations are found: designated initialisers, nested tables, assignments and macros that build tables.
import { describe, expect, it } from 'vitest';
import { reader, treeOf } from '../support/lintTree.ts';

const attach = (name: string): string => `static int ${name}(struct iommu_domain *domain, struct device *dev) { return -EIO; }\n`;

const found = (texts: { readonly [path: string]: string }): string[] =>
  reader.read(treeOf(texts)).operations.map(({ driver, op, table, entry }) => `${driver} ${op} ${table} ${entry}`);

const inFile = (text: string): string[] => found({ 'drivers/iommu/some-iommu.c': text });

describe('an operation is found', () => {
  it.each([
    ['in a table of a domain', `${attach('a')}static const struct iommu_domain_ops t = { .attach_dev = a };`, ['some attach_dev t a']],
    [
      'in a table within a table',
      `${attach('a')}static const struct iommu_ops t = { .default_domain_ops = &(const struct iommu_domain_ops) { .attach_dev = a } };`,
      ['some attach_dev t.default_domain_ops a'],
    ],
    [
      'in the table of a static domain',
      `${attach('a')}static struct iommu_domain d = { .ops = &(const struct iommu_domain_ops) { .attach_dev = a, .set_dev_pasid = a } };`,
      ['some attach_dev d.ops a', 'some set_dev_pasid d.ops a'],
    ],
    ['where a function sets it', `${attach('a')}void init(struct ops *t) { t->attach_dev = a; }`, ['some attach_dev t a']],
    [
      'in a macro that pastes names',
      `${attach('x_attach')}#define OPS(n) { .attach_dev = n##_attach }\nstatic const struct iommu_domain_ops t = OPS(x);`,
      ['some attach_dev OPS(x) x_attach'],
    ],
    [
      'in a macro without parameters',
      `${attach('a')}#define COMMON .attach_dev = a\nstatic const struct iommu_domain_ops t = { COMMON };`,
      ['some attach_dev COMMON a'],
    ],
    [
      'but not where only its name is declared',
      `int a(struct iommu_domain *, struct device *);\nstatic const struct x t = { .attach_dev = a };`,
      [],
    ],
  ])('%s', (_, text, expected) => {
    expect(inFile(text)).toEqual(expected);
  });

  it('with the name of its driver', () => {
    const table = 'static const struct iommu_domain_ops t = { .attach_dev = a };';
    const paths = ['amd/iommu.c', 'intel/nested.c', 'arm/arm-smmu/qcom_iommu.c', 'arm/arm-smmu-v3/arm-smmu-v3.c', 'iommufd/selftest.c'];
    const texts = [...paths, 'fsl_pamu_domain.c', 'virtio-iommu.c', 'mtk_iommu_v1.c'].map((path) => [
      `drivers/iommu/${path}`,
      attach('a') + table,
    ]);
    const drivers = found(Object.fromEntries(texts)).map((line) => line.replace(/ attach_dev.*/, ''));
    expect(drivers).toEqual(['amd', 'arm-smmu-v3', 'qcom_iommu', 'fsl_pamu', 'intel', 'iommufd selftest', 'mtk_v1', 'virtio-iommu']);
  });
});
