// The model's rows against pieces of two drivers and two callers: what each kind of change in the sources makes of them.
import { describe, expect, it } from 'vitest';
import { checked, differencesOf, excerptTexts, replaced, type Texts } from '../../support/modelExcerpts.ts';

/** What is not in the excerpts is gone in all of them. */
const before = new Set(differencesOf(checked(excerptTexts), 'omap'));

const omap = (texts: Texts): string[] => differencesOf(checked(texts), 'omap').filter((line) => !before.has(line));

const inUse = `	if (omap_domain->dev) {
		dev_err(dev, "iommu domain is already attached\\n");
		ret = -EINVAL;
		goto out;
	}
`;
const attach = 'omap_iommu_attach_dev()';
const message = 'prints "dev_err: iommu domain is already attached"';
const ours = `${attach}: omap_domain->dev: returns -EINVAL, ${message}`;

describe('rows of a driver', () => {
  it('are the same in the tree that they were read from', () => {
    const { rows, orders } = checked(excerptTexts);
    const counts = (owner: string) => rows.filter((row) => row.owner === owner && row.status === 'same').length;
    expect([counts('sprd'), counts('omap')]).toEqual([7, 11]);
    expect(orders.filter(({ driver }) => ['sprd', 'omap'].includes(driver)).map(({ status }) => status)).toEqual(['same', 'same']);
  });

  it.each<[string, Texts, string[]]>([
    ['lines that moved', replaced('omap-iommu.c', ['static int omap_iommu_attach_init', '\n\n\nstatic int omap_iommu_attach_init']), []],
    ['another way to write a condition', replaced('omap-iommu.c', ['if (omap_domain->dev) {', 'if (NULL != (omap_domain->dev)) {']), []],
    [
      'an errno',
      replaced('omap-iommu.c', ['ret = -EINVAL;', 'ret = -EBUSY;']),
      [`omap-domain-in-use changed, errno: ${ours} > ${attach}: omap_domain->dev: returns -EBUSY, ${message}`],
    ],
    [
      'a message',
      replaced('omap-iommu.c', ['		dev_err(dev, "iommu domain is already attached\\n");\n', '']),
      [`omap-domain-in-use changed, message: ${ours} > ${attach}: omap_domain->dev: returns -EINVAL`],
    ],
    [
      'a condition',
      replaced('omap-iommu.c', ['if (omap_domain->dev) {', 'if (omap_domain->dev && omap_domain->dev != dev) {']),
      [
        `omap-domain-in-use changed, condition: ${ours} > ${attach}: omap_domain->dev && omap_domain->dev != dev: returns -EINVAL, ${message}`,
      ],
    ],
    ['a check that is removed', replaced('omap-iommu.c', [inUse, '']), [`omap-domain-in-use gone, ${attach} does not have it: ${ours} > `]],
    [
      'GFP flags',
      replaced('omap-iommu.c', ['kzalloc(IOPGD_TABLE_SIZE, GFP_ATOMIC)', 'kzalloc(IOPGD_TABLE_SIZE, GFP_KERNEL)']),
      [
        'omap-pgtable-alloc changed, GFP flags: omap_iommu_attach_init(): kzalloc(IOPGD_TABLE_SIZE, GFP_ATOMIC) > omap_iommu_attach_init(): kzalloc(IOPGD_TABLE_SIZE, GFP_KERNEL)',
      ],
    ],
    [
      'what is set',
      replaced('omap-iommu.c', ['	omap_domain->dev = dev;', '	omap_domain->dev = iommu->dev;']),
      [`omap/attached changed, what is set: ${attach}: omap_domain->dev = dev > ${attach}: omap_domain->dev = iommu->dev`],
    ],
  ])('tell of %s', (_, texts, differences) => {
    expect(omap(texts)).toEqual(differences);
  });

  it('have moved where a new function has them', () => {
    const helper =
      'static int omap_check(struct omap_iommu_domain *odomain)\n{\n	if (!odomain->num_iommus)\n		return -ENODEV;\n	return 0;\n}\n\n';
    const texts = replaced(
      'omap-iommu.c',
      ['	if (!odomain->num_iommus)\n		return -ENODEV;\n', '	int ret = omap_check(odomain);\n	if (ret)\n		return ret;\n'],
      ['static int omap_iommu_attach_init', `${helper}static int omap_iommu_attach_init`],
    );
    const text = '!odomain->num_iommus: returns -ENODEV';
    expect(omap(texts)).toEqual([`omap-zero-iommus moved, function: omap_iommu_attach_init(): ${text} > omap_check(): ${text}`]);
  });

  it('are not looked for in functions that were there before and have nothing to do with it', () => {
    const texts = replaced(
      'omap-iommu.c',
      [inUse, ''],
      ['	spin_lock_init(&omap_domain->lock);', '	if (omap_domain->dev)\n		return -EINVAL;\n	spin_lock_init(&omap_domain->lock);'],
    );
    expect(omap(texts)).toContain(`omap-domain-in-use gone, ${attach} does not have it: ${ours} > `);
  });

  it('are not understood where a function cannot be read whole', () => {
    const texts = replaced('omap-iommu.c', [inUse, '	if (omap_domain->dev {\n		ret = -EINVAL;\n']);
    expect(omap(texts)).toContain(`omap-domain-in-use unclear, ${attach} could not be read whole: ${ours} > `);
  });
});

describe('orders of allocations', () => {
  it('say where they first differ', () => {
    const texts = replaced('sprd-iommu.c', ['	if (!dom->pgt_va) {\n', '	if (!dom->pgt_va) {\n		dom->link = kzalloc(8, GFP_KERNEL);\n']);
    expect(checked(texts).orders.filter(({ status }) => status === 'changed')).toEqual([
      {
        driver: 'sprd',
        operation: 'attach_dev of sprd_iommu_ops.default_domain_ops: sprd_iommu_attach_device()',
        status: 'changed',
        at: 1,
        ours: 'sprd_iommu_attach_device(): dma_alloc_coherent() GFP_KERNEL',
        yours: 'sprd_iommu_attach_device(): kzalloc() GFP_KERNEL',
      },
    ]);
  });
});

describe('rules of searches', () => {
  const same = [
    { caller: 'vfio-type1', status: 'same', ours: 'goes on at any errno', yours: 'goes on at any errno' },
    {
      caller: 'iommufd-auto',
      status: 'same',
      ours: 'goes on at -EINVAL, stops at others',
      yours: 'goes on at -EINVAL, stops at others',
    },
  ];

  it('are read from the loops', () => {
    expect(checked(excerptTexts).rules).toEqual(same);
  });

  it.each([
    ['if (PTR_ERR(destroy_hwpt) == -EINVAL)', 'if (PTR_ERR(destroy_hwpt) == -EMEDIUMTYPE)', 'goes on at -EMEDIUMTYPE, stops at others'],
    ['if (PTR_ERR(destroy_hwpt) == -EINVAL)', 'if (PTR_ERR(destroy_hwpt) != -ENOMEM)', 'goes on at any errno but -ENOMEM'],
    ['				continue;\n			goto out_unlock;', '				goto out_unlock;\n			goto out_unlock;', 'stops at any errno'],
  ])('tell of %s becoming %s', (old, recent, yours) => {
    expect(checked(replaced('iommufd/device.c', [old, recent])).rules[1]).toMatchObject({ status: 'changed', yours });
  });

  it("are not understood where a search's loop attaches by another function", () => {
    const texts = replaced(
      'vfio_iommu_type1.c',
      ['if (!iommu_attach_group(d->domain,', 'if (!try_domain(d->domain,'],
      ['ret = iommu_attach_group(domain->domain,\n', 'ret = try_domain(domain->domain,\n'],
    );
    expect(checked(texts).rules[0]).toMatchObject({
      status: 'unclear',
      yours: 'no loop of vfio_iommu_type1_attach_group() calls iommu_attach_group()',
    });
  });

  it('say which part of the kernel a tree does not have', () => {
    const texts = Object.fromEntries(Object.entries(excerptTexts).filter(([path]) => !path.startsWith('drivers/vfio/')));
    const found = checked(texts);
    expect(found.rules[0]).toMatchObject({ status: 'unclear', yours: 'the tree has no drivers/vfio' });
    const attach = found.rows.find(({ row }) => row === 'type1-group-alloc')!;
    expect([attach.status, attach.differences[0]!.what]).toEqual(['unclear', 'the tree has no drivers/vfio']);
  });
});
