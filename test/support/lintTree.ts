// Kernel trees for tests of lint: written in the test, in memory, and what reading them gives in one line for each place.
import type { ReturnSite, TreeReading } from '../../src/core/returnSites.ts';
import { readGrammar } from '../../src/lint/read/grammar.ts';
import { TreeReader } from '../../src/lint/reader.ts';
import type { KernelTree } from '../../src/lint/tree.ts';

export const reader = new TreeReader(await readGrammar());

export const treeOf = (texts: { readonly [path: string]: string }, name = 'tree'): KernelTree => ({
  name,
  files: Object.keys(texts).sort(),
  read: (path) => texts[path] ?? null,
  unread: () => [],
});

/** One driver in one file, with `body` before its table. */
export const driverOf = (body: string, table = '.attach_dev = attach'): KernelTree =>
  treeOf({ 'drivers/iommu/some-iommu.c': `${body}\nstatic const struct iommu_domain_ops some_ops = { ${table} };\n` });

export const readingOf = (body: string, table?: string): TreeReading => reader.read(driverOf(body, table));

/** `attach:3 EINVAL incompatible certain fresh: dom->iommu != iommu` */
export const lineOf = ({ function: name, line, errnos, class: meaning, certainty, domain, condition }: ReturnSite): string =>
  `${name}:${line} ${errnos.join('|') || '?'} ${meaning} ${certainty} ${domain}: ${condition}`;

/** An attach_dev whose body is `statements`, after the usual beginnings. */
export const attach = (statements: string): string => `
static int attach(struct iommu_domain *domain, struct device *dev)
{
	struct some_domain *dom = to_some(domain);
	struct some_master *master = dev_iommu_priv_get(dev);
	struct some_iommu *iommu = master->iommu;
	int ret = 0;

${statements}
}`;

export const linesOf = (statements: string): string[] => readingOf(attach(statements)).sites.map(lineOf);
