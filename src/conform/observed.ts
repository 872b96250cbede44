// Observations of a recording: which functions of a real kernel show which of the core's calls.
import type { EventOf } from '../core/events.ts';
import { type Observation, voids, type What } from './observation.ts';

/** VFIO's containers and iommufd reach the core by different functions. */
export type Family = 'vfio' | 'iommufd';

interface Shown {
  readonly what: What;
  /** Role of the argument that the call is about. */
  readonly subject: 'group' | 'device' | 'none';
  /** Callers that come this way; absent: all. */
  readonly family?: Family;
  /** A domain that the function gives back rather than takes. */
  readonly makes?: true;
}

/** 6.1 and 6.12, the same call under two names where the kernels differ. */
export const shownBy: Readonly<Record<string, Shown>> = {
  iommu_group_claim_dma_owner: { what: 'claim', family: 'vfio', subject: 'group' },
  iommu_device_claim_dma_owner: { what: 'claim', family: 'iommufd', subject: 'group' },
  iommu_group_release_dma_owner: { what: 'release', family: 'vfio', subject: 'group' },
  iommu_device_release_dma_owner: { what: 'release', family: 'iommufd', subject: 'group' },
  iommu_domain_alloc: { what: 'allocate', family: 'vfio', subject: 'none', makes: true },
  iommu_paging_domain_alloc: { what: 'allocate', family: 'vfio', subject: 'none', makes: true },
  iommu_paging_domain_alloc_flags: { what: 'allocate', family: 'vfio', subject: 'none', makes: true },
  intel_iommu_domain_alloc_user: { what: 'allocate', family: 'iommufd', subject: 'none', makes: true },
  amd_iommu_domain_alloc_user: { what: 'allocate', family: 'iommufd', subject: 'none', makes: true },
  arm_smmu_domain_alloc_user: { what: 'allocate', family: 'iommufd', subject: 'none', makes: true },
  iommu_domain_free: { what: 'free', subject: 'none' },
  iommu_attach_group: { what: 'attach-group', family: 'vfio', subject: 'group' },
  iommu_attach_group_handle: { what: 'attach-group', family: 'iommufd', subject: 'group' },
  iommu_replace_group_handle: { what: 'replace-group', subject: 'group' },
  iommu_detach_group: { what: 'detach-group', family: 'vfio', subject: 'group' },
  iommu_detach_group_handle: { what: 'detach-group', family: 'iommufd', subject: 'group' },
  __iommu_group_set_domain_internal: { what: 'set-domain', subject: 'group' },
  __iommu_attach_device: { what: 'attach-device', subject: 'device' },
  vfio_iommu_type1_attach_group: { what: 'attach-backend', subject: 'group' },
  vfio_iommu_type1_detach_group: { what: 'detach-backend', subject: 'group' },
  iommufd_hw_pagetable_attach: { what: 'attach-table', subject: 'device' },
  iopt_table_add_domain: { what: 'fill-domain', subject: 'none' },
};

/** Kinds that the recording has probes for; a step of another kind is inferred from the model. */
export const shownKinds = (family: Family, probed: ReadonlySet<string>): Set<What> =>
  new Set(
    Object.entries(shownBy).flatMap(([name, shown]) => (probed.has(name) && (shown.family ?? family) === family ? [shown.what] : [])),
  );

/** NULL and errnos as names; anything else that a function gave back is success. */
const resultOf = (result: string, makes: boolean): string | null => {
  if (result === 'void') return null;
  if (/^E[A-Z0-9]+$/.test(result)) return result;
  // A number: a function that makes a domain gave back NULL.
  return makes && result === 'OK' ? 'NULL' : 'OK';
};

export class Observed {
  readonly observations: Observation[] = [];
  /** Containers that something is taken out of. */
  readonly closes = new Set<string>();
  readonly #open: { readonly function: string; readonly observation: Observation }[] = [];

  entered({ function: name, line, arguments: given }: EventOf<'FunctionEntered'>, groupOf: (device: string) => string | null): void {
    const shown = shownBy[name];
    if (!shown || this.#isInner(shown)) return;
    const group = given['group'] ?? groupOf(given['device'] ?? '') ?? '';
    const subject = shown.subject === 'none' ? '' : shown.subject === 'group' ? group : (given['device'] ?? '');
    const domain = shown.makes ? null : (given['domain'] ?? null);
    const inside = this.#open.map(({ observation }) => observation.what);
    const observation: Observation = { what: shown.what, by: name, subject, domain, result: null, inside, at: line };
    this.observations.push(observation);
    if (!voids.has(shown.what)) this.#open.push({ function: name, observation });
  }

  /** The driver's own operation inside the core's allocation is the same allocation. */
  #isInner({ what }: Shown): boolean {
    return what === 'allocate' && this.#open.some(({ observation }) => observation.what === what);
  }

  left({ function: name, result }: EventOf<'FunctionLeft'>): void {
    const at = this.#open.findLastIndex((open) => open.function === name);
    if (at === -1) return;
    const { observation } = this.#open[at]!;
    this.#open.splice(at);
    const { makes = false } = shownBy[name]!;
    Object.assign(observation, { result: resultOf(result, makes) });
    if (makes && result !== 'OK' && observation.result === 'OK') Object.assign(observation, { domain: result });
  }
}
