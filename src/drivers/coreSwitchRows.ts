// Rows of the core's switch from one domain to another: replacing, rolling back, and the ways back that no caller hears of.
import { has, lacks } from '../core/conditions.ts';
import { alloc, both, call, check, everywhere, in61, in612, print } from '../core/rowBuilders.ts';
import type { Row } from '../core/rows.ts';
import { arrayNode, core, core612 } from './coreCites.ts';

export const rows: readonly Row[] = [
  check({
    id: 'core-replace-null-domain',
    words: 'no domain is given to replace the current one with',
    class: 'other',
    errno: in612('EINVAL'),
    cite: core612('iommu_replace_group_handle:3595-3596'),
    refuses: has('user.nullDomain'),
    unreachable: 'a guard against kernel bugs: callers always have a domain',
  }),
  alloc({
    id: 'core-replace-handle-reserve',
    words: 'the new attach handle got no node in the array of the group',
    ...arrayNode,
    cite: core612('iommu_replace_group_handle:3599-3602'),
    site: in612('iommu_replace_group_handle:3600'),
    what: 'array node that keeps the place of the handle',
    when: lacks('group.handle'),
  }),
  check({
    id: 'core-set-null-domain',
    words: 'the group is to move to no domain (6.1: and the driver cannot detach)',
    class: 'other',
    errno: everywhere('EINVAL'),
    cite: core('__iommu_group_set_domain:2153-2155', '__iommu_group_set_domain_internal:2319-2320'),
    prints: both(
      print('WARN', 'WARN_ON() in __iommu_group_set_domain()'),
      print('WARN', 'WARN_ON() in __iommu_group_set_domain_internal()'),
    ),
    refuses: has('user.nullDomain'),
    unreachable: 'a guard against kernel bugs: no attach gets here, in 6.1 only the way back of a group that has no default domain',
  }),
  call({
    id: 'core-rollback-failed',
    words: 'a device could not be put back on the previous domain after a failed attach',
    class: 'other',
    errno: everywhere('original-errno'),
    cite: core('__iommu_attach_group:2101-2114', '__iommu_group_set_domain_internal:2349-2368'),
    prints: both(
      print('WARN', 'iommu driver failed to attach a compatible domain'),
      print('WARN', 'WARN_ON() in __iommu_group_set_domain_internal()'),
    ),
    path: 'setDomain',
    note: 'The errno of the attach stays. 6.1 then records no domain; 6.12 keeps the old one recorded and tries blocking last. Nothing is put back where no domain was recorded before.',
  }),
  call({
    id: 'core-detach-failed',
    words: 'a detached group could not move to its blocking or default domain',
    class: 'other',
    errno: everywhere('0'),
    cite: core('__iommu_group_set_core_domain:1961-1962', '__iommu_group_set_domain_nofail:119-124'),
    prints: both(
      print('WARN', 'iommu driver failed to attach the default/blocking domain'),
      print('WARN', 'WARN_ON() in __iommu_group_set_domain_nofail()'),
    ),
    path: 'setDomain',
    failure: 'ignored',
    note: '6.1 goes on with the old domain recorded, 6.12 with the target.',
  }),
  call({
    id: 'core-release-failed',
    words: 'a released group could not move to its default domain',
    class: 'other',
    errno: in61('0'),
    cite: in61('iommu.c: iommu_group_release_dma_owner:3254-3255'),
    prints: in61(print('WARN', 'iommu driver failed to attach the default domain')),
    path: 'setDomain',
    failure: 'ignored',
    note: 'The owner is gone by then. 6.12 shares the warning of a detach.',
  }),
];
