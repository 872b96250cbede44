// The model's fail-nth sweeps against a real 6.12 kernel's: the same calls, the same outcome for every n, the same site
// (recordings 6.12custom-x86_64-intel-failnth and ..._fd; sites as the facts' failnth-intel-6.12 names them).
import { describe, expect, it } from 'vitest';
import { engineFor, nth, recorded, scenario, task, told } from '../support/runs.ts';
import { outcomeRow, rowsOf, sweepOf } from '../support/sweeps.ts';

const q35 = recorded('6.12custom-x86_64-intel-failnth');

interface Sweep {
  readonly title: string;
  readonly caller: string;
  readonly script: string;
  readonly context?: string;
  /** Index of the request whose call is swept. */
  readonly request: number;
  readonly call: string;
  /** One row an n: site, result, domains afterwards. */
  readonly rows: string;
}

const sweeps: readonly Sweep[] = [
  {
    title: 'fn_set_container: VFIO_GROUP_SET_CONTAINER, group 5, empty container',
    caller: 'vfio-type1',
    script: 'set-container 5',
    request: 0,
    call: 'VFIO_GROUP_SET_CONTAINER',
    rows: '',
  },
  {
    title: 'fn_set_iommu: VFIO_SET_IOMMU, group 5, nothing mapped',
    caller: 'vfio-type1',
    script: 'attach 5',
    request: 0,
    call: 'VFIO_SET_IOMMU',
    rows: `
      vfio_iommu_type1_open:2544                             ENOMEM 0
      vfio_iommu_type1_attach_group:2170                     ENOMEM 0
      vfio_iommu_type1_attach_group:2189                     ENOMEM 0
      alloc_domain:1480                                      ENOMEM 0
      md_domain_init:3471                                    ENOMEM 0
      domain_attach_iommu:1506                               ENOMEM 0
      domain_qi_batch_alloc:118                              ENOMEM 0
      cache_tag_assign:52                                    ENOMEM 0
      intel_iommu_get_resv_regions:4105                      OK 1
      iommu_insert_resv_region:778                           ENOMEM 0
      vfio_iommu_iova_insert:1928_(vfio_iommu_aper_resize)   ENOMEM 0
      vfio_iommu_iova_insert:1928_(vfio_iommu_resv_exclude)  ENOMEM 0
      vfio_iommu_iova_insert:1928_(vfio_iommu_resv_exclude)  ENOMEM 0
      vfio_test_domain_fgsp:1830                             OK 1
      pfn_to_dma_pte:855                                     OK 1
      pfn_to_dma_pte:855                                     OK 1
      pfn_to_dma_pte:855                                     OK 1
      vfio_batch_init:483_(vfio_iommu_replay)                OK 1`,
  },
  {
    title: 'fn_second: group 11 joins a container that holds group 5 and one mapping',
    caller: 'vfio-type1',
    script: 'attach 5; map 4K; attach 11',
    request: 2,
    call: 'VFIO_GROUP_SET_CONTAINER',
    rows: `
      vfio_iommu_type1_attach_group:2170                     ENOMEM 1
      vfio_iommu_type1_attach_group:2189                     ENOMEM 1
      alloc_domain:1480                                      ENOMEM 1
      md_domain_init:3471                                    ENOMEM 1
      domain_attach_iommu:1506                               ENOMEM 1
      domain_qi_batch_alloc:118                              ENOMEM 1
      cache_tag_assign:52                                    ENOMEM 1
      domain_attach_iommu:1506                               ENOMEM 1
      cache_tag_assign:52                                    ENOMEM 1
      domain_attach_iommu:1506                               ENOMEM 1
      cache_tag_assign:52                                    ENOMEM 1
      intel_iommu_get_resv_regions:4105                      OK 1
      iommu_insert_resv_region:778                           ENOMEM 1
      intel_iommu_get_resv_regions:4105                      OK 1
      iommu_insert_resv_region:778                           ENOMEM 1
      intel_iommu_get_resv_regions:4105                      OK 1
      iommu_insert_resv_region:778                           ENOMEM 1
      vfio_iommu_iova_insert:1928_(vfio_iommu_iova_get_copy) ENOMEM 1
      vfio_iommu_iova_insert:1928_(vfio_iommu_iova_get_copy) ENOMEM 1
      domain_attach_iommu:1506                               OK 2
      cache_tag_assign:52                                    OK 2
      domain_attach_iommu:1506                               OK 2
      cache_tag_assign:52                                    OK 2
      domain_attach_iommu:1506                               OK 2
      cache_tag_assign:52                                    OK 2`,
  },
  {
    title: 'fn_fd_attach: first device, IOAS with one 4 KiB area',
    caller: 'iommufd-auto',
    script: 'map 4K; attach 5',
    request: 1,
    call: 'VFIO_DEVICE_ATTACH_IOMMUFD_PT',
    rows: `
      _iommufd_object_alloc:40                               ENOMEM 0
      paging_domain_alloc:3510                               ENOMEM 0
      paging_domain_alloc:3554                               ENOMEM 0
      intel_iommu_get_resv_regions:4105                      OK 1
      iopt_reserve_iova:814                                  ENOMEM 0
      iommufd_hwpt_attach_device:378                         ENOMEM 0
      domain_attach_iommu:1506                               ENOMEM 0
      domain_qi_batch_alloc:118                              ENOMEM 0
      cache_tag_assign:52                                    ENOMEM 0
      iopt_reserve_iova:814_(iopt_table_add_domain)          ENOMEM 0
      iopt_table_add_domain:1093                             OK 1
      temp_kmalloc:88_(__batch_init:321)                     OK 1
      temp_kmalloc:88_(pfn_reader_user_pin:754)              OK 1
      pfn_to_dma_pte:855                                     ENOMEM 0
      pfn_to_dma_pte:855                                     ENOMEM 0
      pfn_to_dma_pte:855                                     ENOMEM 0`,
  },
  {
    title: 'fn_fd_attach2: a second device joins the automatic domain',
    caller: 'iommufd-auto',
    script: 'map 4K; attach 5; attach 0000:05:01.0',
    request: 2,
    call: 'VFIO_DEVICE_ATTACH_IOMMUFD_PT',
    rows: `
      intel_iommu_get_resv_regions:4105                      OK 1
      iopt_reserve_iova:814                                  ENOMEM 1
      iommufd_hwpt_attach_device:378                         ENOMEM 1
      domain_attach_iommu:1506                               ENOMEM 1
      cache_tag_assign:52                                    ENOMEM 1
      domain_attach_iommu:1506                               ENOMEM 1
      cache_tag_assign:52                                    ENOMEM 1
      domain_attach_iommu:1506                               ENOMEM 1
      cache_tag_assign:52                                    ENOMEM 1`,
  },
  {
    title: 'fn_fd_replace: a device moves to another IOAS with one area',
    caller: 'iommufd-auto',
    script: 'map 4K; map 4K in c1; attach 5; attach 5 in c1',
    context: 'fd0',
    request: 3,
    call: 'VFIO_DEVICE_ATTACH_IOMMUFD_PT',
    rows: `
      _iommufd_object_alloc:40                               ENOMEM 1
      paging_domain_alloc:3510                               ENOMEM 1
      paging_domain_alloc:3554                               ENOMEM 1
      iopt_reserve_iova:814_(iopt_table_add_domain)          ENOMEM 1
      iopt_table_add_domain:1093                             OK 0
      temp_kmalloc:88_(__batch_init:321)                     OK 0
      temp_kmalloc:88_(pfn_reader_user_pin:754)              OK 0
      pfn_to_dma_pte:855                                     ENOMEM 1
      pfn_to_dma_pte:855                                     ENOMEM 1
      pfn_to_dma_pte:855                                     ENOMEM 1
      intel_iommu_get_resv_regions:4105                      OK 0
      iopt_reserve_iova:814                                  ENOMEM 1
      iommufd_hwpt_replace_device:448                        ENOMEM 1
      domain_attach_iommu:1506                               ENOMEM 1
      domain_qi_batch_alloc:118                              ENOMEM 1
      cache_tag_assign:52                                    ENOMEM 1`,
  },
];

const sweep = ({ caller, script, context, request, call }: Sweep): readonly string[] => {
  const engine = engineFor({ kernel: '6.12.y', caller });
  const runWith = (n: number) =>
    told(engine, scenario(q35, [task('t0', script, 'c0', context)], { caller, faults: [nth(request, n, call)] }));
  return sweepOf(runWith, outcomeRow(request)).rows;
};

describe('fail-nth sweeps of a real 6.12 kernel on Intel', () => {
  it.each(sweeps)('$title', (given) => {
    expect(sweep(given)).toEqual(rowsOf(given.rows));
  });
});
