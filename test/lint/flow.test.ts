// What operations can return, read from C that is written here: one construct a row.
import { describe, expect, it } from 'vitest';
import { attach, lineOf, linesOf, reader, readingOf, treeOf } from '../support/lintTree.ts';

/** What a callback of the device returns. */
const handedOn = 'attach:9 ? device maybe any: pm_runtime_resume_and_get(dev)';

/** The first statement stands on line 9. */
const rows: readonly (readonly [construct: string, statements: string, expected: readonly string[]])[] = [
  [
    'a constant after a check',
    'if (dom->iommu != iommu)\n  return -EINVAL;\nreturn 0;',
    ['attach:10 EINVAL incompatible certain any: dom->iommu != iommu'],
  ],
  ['success alone', 'return 0;', []],
  [
    'a goto to a common end',
    'mutex_lock(&dom->lock);\nif (dom->iommu != iommu) {\n  ret = -EXDEV;\n  goto out;\n}\nout:\nmutex_unlock(&dom->lock);\nreturn ret;',
    ['attach:11 EXDEV incompatible certain any: dom->iommu != iommu'],
  ],
  [
    'an errno set before its checks',
    'ret = -ENODEV;\nif (!master)\n  goto out;\nif (!iommu->ready)\n  goto out;\nret = 0;\nout:\nreturn ret;',
    ['attach:9 ENODEV device certain any: !master', 'attach:9 ENODEV device certain any: !iommu->ready'],
  ],
  ['a ternary', 'return dom->iommu == iommu ? 0 : -EINVAL;', ['attach:9 EINVAL incompatible certain any: dom->iommu != iommu']],
  [
    'an elvis',
    'ret = dom->iommu != iommu;\nreturn master->error ?: -EIO;',
    ['attach:10 ? other maybe any: master->error ?: -EIO', 'attach:10 EIO device certain any: !master->error'],
  ],
  [
    'a switch with a default',
    'switch (dom->stage) {\ncase S1:\n  return 0;\ncase S2:\n  ret = -EOPNOTSUPP;\n  break;\ndefault:\n  return -EINVAL;\n}\nreturn ret;',
    [
      'attach:16 EINVAL other certain any: default of switch (dom->stage)',
      'attach:13 EOPNOTSUPP incompatible certain any: dom->stage == S2',
    ],
  ],
  [
    'labels that share a branch',
    'switch (dom->stage) {\ncase S1:\n  return 0;\ncase S2:\ncase S3:\n  return -EOPNOTSUPP;\ncase S4:\ndefault:\n  return -EINVAL;\n}',
    [
      'attach:14 EOPNOTSUPP incompatible certain any: dom->stage == S2 || dom->stage == S3',
      'attach:17 EINVAL other certain any: default of switch (dom->stage)',
    ],
  ],
  [
    'an allocation',
    'void *entry = kzalloc(sizeof(*entry), GFP_ATOMIC);\nif (!entry)\n  return -ENOMEM;\nreturn 0;',
    ['attach:11 ENOMEM transient-memory certain any: !entry'],
  ],
  [
    'an allocation into a member',
    'dom->table = kzalloc(64, GFP_KERNEL);\nif (!dom->table)\n  return -ENODEV;\nreturn 0;',
    ['attach:11 ENODEV transient-memory certain any: !dom->table'],
  ],
  [
    'a loop that fails',
    'for (i = 0; i < master->n; i++) {\n  if (master->sids[i] > 7)\n    return -ERANGE;\n}\nreturn 0;',
    ['attach:11 ERANGE device certain any: master->sids[i] > 7'],
  ],
  [
    'an iterating macro',
    'struct some_master *entry;\nlist_for_each_entry(entry, &dom->devices, list) {\n  if (entry->iommu != iommu) {\n    ret = -EINVAL;\n    break;\n  }\n}\nreturn ret;',
    ['attach:12 EINVAL incompatible certain any: entry->iommu != iommu'],
  ],
  [
    'a backward goto',
    'again:\nif (!master->ready)\n  return -ENODEV;\nif (master->busy)\n  goto again;\nreturn 0;',
    ['attach:11 ENODEV device certain any: !master->ready'],
  ],
  [
    'guard and scoped_guard',
    'guard(mutex)(&dom->lock);\nscoped_guard(spinlock, &iommu->lock) {\n  if (dom->iommu != iommu)\n    return -EINVAL;\n}\nreturn 0;',
    ['attach:12 EINVAL incompatible certain any: dom->iommu != iommu'],
  ],
  [
    'a cleanup attribute',
    'struct some_entry *entry __free(kfree) = kzalloc(sizeof(*entry), GFP_KERNEL);\nif (!entry)\n  return -ENOMEM;\nreturn 0;',
    ['attach:11 ENOMEM transient-memory certain any: !entry'],
  ],
  [
    'branches of the preprocessor',
    '#ifdef CONFIG_SOME\nif (!master)\n  return -ENODEV;\n#else\nif (!master)\n  return -ENXIO;\n#endif\nreturn 0;',
    ['attach:11 ENODEV device certain any: !master', 'attach:14 ENXIO device certain any: !master'],
  ],
  [
    'a domain that serves nothing yet, and one that does',
    'if (!dom->iommu) {\n  if (iommu->full)\n    return -ENOSPC;\n} else if (dom->iommu != iommu) {\n  return -EINVAL;\n}\nreturn 0;',
    ['attach:11 ENOSPC device certain fresh: iommu->full', 'attach:13 EINVAL incompatible certain used: dom->iommu != iommu'],
  ],
  ['an unknown function', 'ret = mystery(dev);\nif (ret)\n  return ret;\nreturn 0;', ['attach:9 ? other maybe any: mystery(dev)']],
  [
    'a kernel function that is known',
    'ret = pm_runtime_resume_and_get(dev);\nif (ret < 0)\n  return ret;\nreturn 0;',
    ['attach:9 EINVAL|EACCES|EBUSY|EIO device certain any: pm_runtime_resume_and_get(dev)', handedOn],
  ],
  [
    'an errno that was replaced',
    'if (pm_runtime_resume_and_get(dev) < 0)\n  return -EINVAL;\nreturn 0;',
    ['attach:10 EINVAL device certain any: pm_runtime_resume_and_get(dev) < 0'],
  ],
  [
    'one errno of several',
    'ret = pm_runtime_resume_and_get(dev);\nif (ret == -EACCES)\n  ret = 0;\nreturn ret;',
    ['attach:9 EINVAL|EBUSY|EIO device certain any: pm_runtime_resume_and_get(dev)', handedOn],
  ],
  [
    'a number at its limit',
    'int id = find_first_zero_bit(iommu->ids, iommu->max);\nif (id >= iommu->max)\n  return -EBUSY;\nreturn 0;',
    ['attach:11 EBUSY transient-space certain any: id >= iommu->max'],
  ],
  [
    'a check against a bug',
    'if (WARN_ON(!dom->iommu))\n  return -EINVAL;\nreturn 0;',
    ['attach:10 EINVAL other certain fresh: WARN_ON(!dom->iommu)'],
  ],
  [
    'an errno for a search that found nothing',
    'if (!master)\n  return -ENODEV;\nret = -ENOENT;\nlist_for_each_entry(entry, &dom->devices, list) {\n  if (entry->dev == dev) {\n    ret = 0;\n    break;\n  }\n}\nreturn ret;',
    ['attach:10 ENODEV device certain any: !master', 'attach:11 ENOENT other certain any: '],
  ],
  [
    'an errno where all else left',
    'if (dom->iommu == iommu)\n  return 0;\nreturn -EINVAL;',
    ['attach:11 EINVAL incompatible certain any: dom->iommu != iommu'],
  ],
  ['what control cannot reach', 'ret = 0;\nif (ret)\n  return -EINVAL;\nreturn 0;', []],
];

describe('an operation with', () => {
  it.each(rows)('%s', (_, statements, expected) => {
    expect(linesOf(statements)).toEqual(expected);
  });
});

describe('silent success', () => {
  const shape = (refusal: string): string =>
    `mutex_lock(&dom->lock);\nif (!dom->iommu) {\n  dom->iommu = iommu;\n} else if (dom->iommu != iommu) {\n  ${refusal}\n}\nmaster->domain = dom;\nout:\nmutex_unlock(&dom->lock);\nreturn ret;`;

  it.each([
    ['a stale ret by way of a goto', shape('goto out;'), ['attach:12 0 incompatible certain used: dom->iommu != iommu']],
    ['a stale ret', shape('return ret;'), ['attach:12 0 incompatible certain used: dom->iommu != iommu']],
    [
      'a zero after a message',
      'if (dom->iommu != iommu) {\n  dev_err(dev, "no\\n");\n  return 0;\n}\nreturn 0;',
      ['attach:9 0 incompatible certain any: dom->iommu != iommu'],
    ],
    ['not once it is repaired', shape('ret = -EINVAL;\n  goto out;'), ['attach:13 EINVAL incompatible certain used: dom->iommu != iommu']],
    ['not where both agree', 'if (master->domain == dom)\n  return 0;\nreturn 0;', []],
  ])('%s', (_, statements, expected) => {
    expect(linesOf(statements)).toEqual(expected);
  });
});

describe('functions of the tree', () => {
  const called = (helper: string, statements: string): string[] => readingOf(`${helper}\n${attach(statements)}`).sites.map(lineOf);

  it.each([
    [
      'a callee',
      'static int help(struct device *dev) { if (!dev->bus) return -ENODEV; return 0; }',
      'return help(dev);',
      ['help:1 ENODEV device certain any: !dev->bus'],
    ],
    [
      'an error in a pointer',
      'static void *help(void) { return ERR_PTR(-ENOSPC); }',
      'void *p = help();\nif (IS_ERR(p))\n  return PTR_ERR(p);\nreturn 0;',
      ['help:1 ENOSPC other certain any: '],
    ],
    [
      'an allocator that is wrapped',
      'static void *help(void) { void *p = kmalloc(8, GFP_KERNEL); if (!p) return NULL; return p; }',
      'if (!help())\n  return -ENODEV;\nreturn 0;',
      ['attach:11 ENODEV transient-memory certain any: !help()'],
    ],
    ['an argument that decides', 'static int help(bool strict) { if (strict) return -EINVAL; return 0; }', 'return help(false);', []],
    [
      'the other argument',
      'static int help(bool strict) { if (strict) return -EINVAL; return 0; }',
      'return help(true);',
      ['help:1 EINVAL other certain any: strict'],
    ],
    [
      'a case that is chosen',
      'static int help(int mode) { switch (mode) { case ONE: return 0; case TWO: return -EIO; default: return -EINVAL; } }',
      'return help(TWO);',
      ['help:1 EIO other certain any: mode == TWO'],
    ],
    [
      'a function in a variable',
      'static int help(struct device *dev) { return -EIO; }',
      'int (*fn)(struct device *) = help;\nreturn fn(dev);',
      ['help:1 EIO other certain any: '],
    ],
    [
      'a function that is handed on',
      'static int help(struct device *dev, u16 alias, void *data) { return -EIO; }',
      'return pci_for_each_dma_alias(dev, &help, dom);',
      ['help:1 EIO other certain any: '],
    ],
    ['a macro', '#define help(d) ((d)->bus ? 0 : -ENODEV)', 'return help(dev);', ['help:1 ENODEV device certain any: !((d)->bus)']],
    [
      'one that calls itself',
      'static int help(struct device *dev) { return help(dev); }',
      'return help(dev);',
      ['help:1 ? other maybe any: help(dev)'],
    ],
  ])('%s', (_, helper, statements, expected) => {
    expect(called(helper, statements)).toEqual(expected);
  });

  it('are maybe when called through a table', () => {
    const helper = 'static int help(struct device *dev) { return -EIO; }\nstatic const struct impl impl = { .init = help };';
    expect(called(helper, 'return iommu->impl->init(dev);')).toEqual(['help:1 EIO other maybe any: ']);
  });
});

describe('a member that holds functions', () => {
  const driver = (name: string, errno: string): string =>
    `static int ${name}_init(struct device *dev) { return -${errno}; }\n${attach('return iommu->impl->init(dev);').replaceAll('attach(', `${name}_attach(`)}
static const struct impl ${name}_impl = { .init = ${name}_init };
static const struct iommu_ops ${name}_ops = { .default_domain_ops = &(const struct iommu_domain_ops) { .attach_dev = ${name}_attach } };`;

  it('never leads into another driver', () => {
    const texts = { 'drivers/iommu/one-iommu.c': driver('one', 'EIO'), 'drivers/iommu/two-iommu.c': driver('two', 'ENXIO') };
    const { sites } = reader.read(treeOf(texts));
    expect(sites.map(({ driver, errnos }) => [driver, errnos])).toEqual([
      ['one', ['EIO']],
      ['two', ['ENXIO']],
    ]);
  });
});

describe('a place', () => {
  const site = (statements: string) => readingOf(attach(statements)).sites[0]!;

  it('names its messages, before and after it', () => {
    expect(site('if (dom->iommu != iommu) {\n  dev_err(dev, "cannot %s\\n", "a");\n  return -EINVAL;\n}\nreturn 0;').prints).toEqual([
      { file: 'drivers/iommu/some-iommu.c', line: 10, level: 'dev_err', text: 'cannot %s' },
    ]);
    expect(
      site('ret = pm_runtime_resume_and_get(dev);\nif (ret < 0) {\n  pr_warn("no power\\n");\n  return ret;\n}\nreturn 0;').prints,
    ).toMatchObject([{ line: 11, level: 'pr_warn' }]);
    expect(site('if (dom->iommu != iommu) {\n  dev_dbg(dev, "no\\n");\n  return -EINVAL;\n}\nreturn 0;').prints).toEqual([]);
  });

  it('names the message of the call that failed before', () => {
    const helper =
      'static int help(struct device *dev)\n{\n\tif (!dev->bus) {\n\t\tdev_warn(dev, "no bus\\n");\n\t\treturn -ENODEV;\n\t}\n\treturn 0;\n}';
    const [first] = readingOf(`${helper}\n${attach('if (help(dev))\n  return -EINVAL;\nreturn 0;')}`).sites;
    expect(first).toMatchObject({ errnos: ['EINVAL'], replaced: ['ENODEV'], prints: [{ line: 4, level: 'dev_warn', text: 'no bus' }] });
  });

  it('names the locks that are held', () => {
    expect(
      site('guard(mutex)(&dom->lock);\nspin_lock_irqsave(&iommu->lock, flags);\nif (!master)\n  return -ENODEV;\nreturn 0;').locks,
    ).toEqual(['mutex dom->lock', 'spinlock iommu->lock']);
    expect(site('mutex_lock(&dom->lock);\nmutex_unlock(&dom->lock);\nif (!master)\n  return -ENODEV;\nreturn 0;').locks).toEqual([]);
  });

  it('names the errnos that it replaces', () => {
    expect(site('if (pm_runtime_resume_and_get(dev) < 0)\n  return -EINVAL;\nreturn 0;').replaced).toEqual([
      'EINVAL',
      'EACCES',
      'EBUSY',
      'EIO',
      'errno of pm_runtime_resume_and_get()',
    ]);
  });

  it('shows the way, outermost first', () => {
    const reading = readingOf(
      `static int help(struct device *dev)\n{\n\tif (!dev->bus)\n\t\treturn -ENODEV;\n\treturn 0;\n}\n${attach('return help(dev);')}`,
    );
    expect(reading.sites[0]!.witness.map(({ function: name, line, text }) => `${name}:${line} ${text}`)).toEqual([
      'attach:15 help(dev)',
      'help:3 !dev->bus',
      'help:4 -ENODEV',
    ]);
  });
});

describe('allocations', () => {
  it('come in the order of execution, with their flags and what their failure becomes', () => {
    const { allocations } = readingOf(
      attach(
        'void *a = kzalloc(8, GFP_ATOMIC), *b;\nif (!a)\n  return -ENOMEM;\nif (!dom->iommu) {\n  b = kcalloc(2, 8, gfp);\n  if (!b)\n    goto out;\n}\nida_alloc(&iommu->ids, GFP_KERNEL);\nout:\nreturn 0;',
      ),
    );
    expect(allocations.map(({ callee, line, gfp, domain, failure }) => [callee, line, gfp, domain, failure.join()])).toEqual([
      ['kzalloc', 9, 'GFP_ATOMIC', 'any', 'ENOMEM'],
      ['kcalloc', 13, 'gfp', 'fresh', 'ignored'],
      ['ida_alloc', 17, 'GFP_KERNEL', 'any', 'ignored'],
    ]);
  });

  it('of a callee that answers with a null pointer lead to what its caller makes of it', () => {
    const helper = `
static int tables(struct some_master *m) { m->a = kzalloc(8, GFP_KERNEL); if (!m->a) return -ENOMEM; m->b = vzalloc(8); if (!m->b) return -ENOMEM; return 0; }
static void *entry(struct some_master *m) { if (tables(m)) return NULL; return m->a; }`;
    const { allocations, sites } = readingOf(`${helper}\n${attach('if (!entry(master))\n  return -EIO;\nreturn 0;')}`);
    expect(allocations.map(({ callee, failure }) => [callee, failure])).toEqual([
      ['kzalloc', ['EIO']],
      ['vzalloc', ['EIO']],
    ]);
    expect(sites.map(lineOf)).toEqual(['attach:13 EIO transient-memory certain any: !entry(master)']);
  });

  it('lists what nobody looks at', () => {
    expect(readingOf(attach('pm_runtime_get_sync(dev);\nreturn 0;')).ignored.map(({ callee, line }) => [callee, line])).toEqual([
      ['pm_runtime_get_sync', 9],
    ]);
  });
});

describe('sources that are nested too deeply', () => {
  const deep = (depth: number): string => `${'('.repeat(depth)}1${')'.repeat(depth)}`;

  it('are counted as a file, and the rest is read', () => {
    const texts = {
      'drivers/iommu/deep.h': `struct a a = ${'{ '.repeat(100_000)}0${' }'.repeat(100_000)};`,
      'drivers/iommu/some-iommu.c': `${attach('return -EIO;')}\nstatic const struct iommu_domain_ops o = { .attach_dev = attach };`,
    };
    const { sites, unread } = reader.read(treeOf(texts));
    expect(sites.map(lineOf)).toEqual(['attach:9 EIO other certain any: ']);
    expect(unread).toEqual([{ where: 'drivers/iommu/deep.h', why: 'nested too deeply to be read' }]);
  });

  it('are a maybe within a function', () => {
    const { sites } = readingOf(attach(`if (${deep(20_000)}) return -EINVAL;\nreturn 0;`));
    expect(sites.map(({ certainty, unresolved }) => [certainty, unresolved])).toEqual([
      ['maybe', 'source of attach() is nested too deeply to be read'],
    ]);
  });
});
