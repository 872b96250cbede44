// The facts as they were read from the kernel sources, and the few deviations of the model from them, each with the reason.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Class, Column } from '../../src/core/rows.ts';

/** Columns that lists of sites and citations have: the seed patch shares those of 6.1. */
type Tree = 'v6.1' | 'v6.12';

export interface Site {
  readonly site: string;
  readonly gfp: string;
  readonly plausible: string;
}

export interface FactEntry {
  readonly id: string;
  readonly condition: string;
  readonly errno: { readonly [column in Column]: string | number | null | readonly (string | number)[] };
  readonly class: Class;
  readonly prints: { readonly [column in Column]: string | false };
  readonly print_text?: { readonly [tree in Tree]?: string };
  readonly cite: { readonly [tree in Tree]: readonly { readonly function: string; readonly lines: readonly (string | number)[] }[] | null };
  readonly caller_reaction?: { readonly [column in Column]: string | null } | null;
}

export interface FactOwner {
  readonly name: string;
  readonly entries: readonly FactEntry[];
  readonly allocations?: { readonly [tree in Tree]?: { readonly [list: string]: readonly Site[] | string } | null };
}

export interface FactApi {
  readonly id: string;
  readonly api: string;
  readonly file?: string;
  readonly stateful?: string;
  readonly errnos: readonly {
    readonly errno: string;
    readonly lines?: { readonly [tree in Tree]: string };
    readonly leaks_as_incompatible?: boolean;
  }[];
}

interface Facts {
  readonly meta: { readonly columns: readonly Column[] };
  readonly kapi: readonly FactApi[];
  readonly drivers: readonly FactOwner[];
  readonly core: FactOwner;
  readonly consumers: readonly FactOwner[];
}

export const facts = JSON.parse(gunzipSync(readFileSync(new URL('attach-facts.json.gz', import.meta.url))).toString()) as Facts;

export const owners: readonly FactOwner[] = [...facts.drivers, facts.core, ...facts.consumers];

export const treeOf = (column: Column): Tree => (column === 'v6.12' ? 'v6.12' : 'v6.1');

/** `a_s1:1 or _s2:2` and `a:1 (x) or :2 (y)` are two sites of which a run meets one. */
export const alternatives = ({ site }: Site): string[] => {
  const stages = /^(\w+)_s1:(\d+) or _s2:(\d+)$/.exec(site);
  if (stages) return [`${stages[1]}_s1:${stages[2]}`, `${stages[1]}_s2:${stages[3]}`];
  const lines = /^(\w+):(\d+)(?: \(.*?\))? or :(\d+)/.exec(site);
  return lines ? [`${lines[1]}:${lines[2]}`, `${lines[1]}:${lines[3]}`] : [site];
};

/** Places of their own: not entries that stand for another list. */
export const isPlace = ({ site }: Site): boolean => !site.startsWith('as ');

export const sitesOf = (owner: FactOwner, tree: Tree, list?: string): Site[] => {
  const lists = Object.entries(owner.allocations?.[tree] ?? {});
  return lists.filter(([name]) => list === undefined || name === list).flatMap(([, sites]) => (typeof sites === 'string' ? [] : sites));
};

/** An entry with several sites is one class in the facts; a row of the model has the class of its own failure. */
export const finerClasses: { readonly [row: string]: Class } = {
  'qcom-iommu-secure-init-errno/command-buffer': 'transient-memory',
  'intel-nested-parent-incompatible/copied-context': 'transient-memory',
  'intel-nested-instance-attach/record': 'transient-memory',
  'intel-nested-instance-attach/array-node': 'transient-memory',
  'virtio-replay-mappings/request': 'transient-memory',
  'type1-iova-exclude/empty': 'device',
  'iommufd-add-domain-aperture/record': 'transient-memory',
  'iommufd-replace-resv/fault-injection': 'other',
  'iommufd-replace-resv/record': 'transient-memory',
  'iommufd-replace-resv/cookie': 'transient-memory',
};

/** Functions that rows cite beside those of their entry: where the allocation of the row stands, or who hides its errno. */
export const citedBeside: { readonly [entry: string]: readonly string[] } = {
  'qcom-iommu-secure-init-errno': ['scm_legacy_call'],
  'intel-fl-no-entry': ['domain_add_dev_info'],
  'intel-sl-no-entry': ['domain_add_dev_info'],
  'ipmmu-pgtable-alloc': ['arm_64_lpae_alloc_pgtable_s1', 'ipmmu_domain_init_context'],
  'iommufd-add-domain-fill': ['__batch_init', 'pfn_reader_user_pin', 'temp_kmalloc'],
  'iommufd-replace-resv': ['iopt_reserve_iova'],
};

/** What the facts leave to the reader: the text of a bare WARN_ON(), and what the seed patch keeps of a message. */
export const ownTexts: { readonly [entry: string]: { readonly [column in Column]?: string } } = {
  'arm-smmu-v3-cd-ssid-range': { 'v6.1': 'arm_smmu_write_ctx_desc()', 'seed-v6': 'arm_smmu_write_ctx_desc()' },
  'qcom-iommu-secure-init-positive': { 'seed-v6': 'secure init failed: <ret>' },
  'qcom-iommu-identity-unbound-old': { 'v6.12': 'qcom_iommu_identity_attach()' },
  's390-dma-range-mismatch': { 'v6.12': 'WARN_ON() in s390_iommu_attach_device()' },
  'core-set-null-domain': {
    'v6.1': 'WARN_ON() in __iommu_group_set_domain()',
    'seed-v6': 'WARN_ON() in __iommu_group_set_domain()',
    'v6.12': 'WARN_ON() in __iommu_group_set_domain_internal()',
  },
  'core-rollback-failed': { 'v6.12': 'WARN_ON() in __iommu_group_set_domain_internal()' },
  'core-claim-null-owner': { 'v6.12': 'WARN_ON() in iommu_group_claim_dma_owner()' },
  'iommufd-resv-insane-msi': { 'v6.12': 'WARN_ON() in iopt_table_enforce_dev_resv_regions()' },
  'iommufd-hwpt-enforce-cc': { 'v6.12': 'WARN_ON() in iommufd_hwpt_paging_alloc()' },
  'iommufd-add-domain-duplicate': { 'v6.12': 'WARN_ON() in iopt_table_add_domain()' },
};

/** Sites of the model that the lists leave out, by driver and tree: other kinds of domain, aliases, what "as v6.1" stands for. */
export const sitesBeside: { readonly [driver: string]: { readonly [tree in Tree]?: readonly string[] } } = {
  amd: { 'v6.1': ['domain_enable_v2:2541', 'v2_alloc_pgtable:387'], 'v6.12': ['v2_alloc_pgtable:349'] },
  'intel-nested': { 'v6.12': ['iommu_context_addr:521'] },
};

/** Sites that are not ordered against their neighbour: legacy and scalable mode, of which a machine has one. */
export const neverBoth: readonly string[] = ['intel_pasid_get_entry:151'];

/** Errnos that the facts trace for the search of an attach only; the model also knows the search of a replace, and who calls what. */
export const otherReactions: { readonly [entry: string]: { readonly reaction: string | null; readonly because: string } } = {
  'core-no-attach-op': { reaction: null, because: 'no workflow performs it: every driver attaches' },
  'core-require-direct-blocked': { reaction: 'next', because: 'the search could meet it, were a candidate a blocking domain' },
  'core-replace-null-domain': { reaction: 'next', because: 'a replace searches too' },
  'core-replace-handle-reserve': { reaction: 'stop', because: 'a replace searches too' },
};

/** The facts say what an errno would tell a search; no search tries a nested domain, which is made and attached by hand. */
export const notSearched: readonly string[] = ['intel-nested'];

/** Rows of iommufd inside a tried page table; the facts say so in words only. */
export const iommufdReactions: { readonly [entry: string]: string } = {
  'iommufd-group-on-other-hwpt': 'next',
  'iommufd-resv-fault-injection': 'next',
  'iommufd-resv-in-use': 'stop',
  'iommufd-resv-alloc': 'stop',
  'iommufd-resv-insane-msi': 'next',
  'iommufd-msi-cookie': 'mixed',
  'iommufd-handle-alloc': 'stop',
  'iommufd-fault-capable-vf': 'next',
  'iommufd-fault-enable': 'mixed',
  'iommufd-core-attach': 'mixed',
  'iommufd-replace-not-attached': 'next',
  'iommufd-replace-resv': 'mixed',
  'iommufd-replace-handle-alloc': 'stop',
  'iommufd-replace-core': 'mixed',
};
