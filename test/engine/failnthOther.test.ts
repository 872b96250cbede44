// The model's fail-nth sweeps against a real kernel on machines without a recording of their own: 6.12.117 (Debian's source, built with
// fault injection) in QEMU 7.2 guests with amd-iommu, with virtio-iommu-pci, and with intel-iommu of 39 bits, in scalable mode and with
// ATS (device-iotlb). Each table is what the guest gave: for every n the site (from the stack of the failed allocation), the result,
// and the domains that the container holds afterwards.
import { describe, expect, it } from 'vitest';
import type { Topology } from '../../src/core/topology.ts';
import { engineFor, eventsOf, nth, recorded, scenario, task, told } from '../support/runs.ts';
import { outcomeRow, rowsOf, sweepOf } from '../support/sweeps.ts';

interface Machine {
  readonly title: string;
  readonly topology: Topology;
  /** Calls before the swept one: every group was in use before, so that stand-ins for blocking exist. */
  readonly before?: string;
  readonly first: string;
  readonly second: string;
  /** A device of the second group. */
  readonly device: string;
  readonly tables: Tables;
}

/** By call; `N*` in front of a row: N times in a row. */
type Tables = { readonly [name in keyof typeof calls]: string };

const calls = {
  setContainer: { caller: 'vfio-type1', script: 'set-container FIRST', call: 'VFIO_GROUP_SET_CONTAINER' },
  setIommu: { caller: 'vfio-type1', script: 'attach FIRST', call: 'VFIO_SET_IOMMU' },
  second: { caller: 'vfio-type1', script: 'attach FIRST; map 4K; attach SECOND', call: 'VFIO_GROUP_SET_CONTAINER' },
  fdAttach: { caller: 'iommufd-auto', script: 'map 4K; attach FIRST', call: 'VFIO_DEVICE_ATTACH_IOMMUFD_PT' },
  fdSecond: { caller: 'iommufd-auto', script: 'map 4K; attach FIRST; attach DEVICE', call: 'VFIO_DEVICE_ATTACH_IOMMUFD_PT' },
  fdReplace: {
    caller: 'iommufd-auto',
    script: 'map 4K; map 4K in c1; attach FIRST; attach FIRST in c1',
    call: 'VFIO_DEVICE_ATTACH_IOMMUFD_PT',
  },
} as const;

const withAttributes = (topology: Topology, system: Topology['system'], ats: readonly string[] = []): Topology => ({
  ...topology,
  system: { ...topology.system, ...system },
  groups: topology.groups.map((group) => ({
    ...group,
    devices: group.devices.map((device) =>
      ats.includes(device.id) ? { ...device, attributes: { ...device.attributes, atsEnabled: true } } : device,
    ),
  })),
});

const pinning = `
  iopt_table_add_domain:1093                             OK FILLED
  temp_kmalloc:88_(__batch_init:321)                     OK FILLED
  temp_kmalloc:88_(pfn_reader_user_pin:754)              OK FILLED`;
const filled = (domains: 0 | 1): string => pinning.replaceAll('FILLED', String(domains));

const amd: Tables = {
  setContainer: '',
  setIommu: `
    vfio_iommu_type1_open:2544                              ENOMEM 0
    vfio_iommu_type1_attach_group:2170                      ENOMEM 0
    vfio_iommu_type1_attach_group:2189                      ENOMEM 0
    protection_domain_alloc:2539                            ENOMEM 0
    v1_alloc_pgtable:567                                    ENOMEM 0
    pdom_attach_iommu:2273                                  ENOMEM 0
    2*amd_iommu_get_resv_regions:2980                       OK 1
    2*iommu_insert_resv_region:778                          ENOMEM 0
    vfio_iommu_iova_insert:1928_(vfio_iommu_aper_resize)    ENOMEM 0
    4*vfio_iommu_iova_insert:1928_(vfio_iommu_resv_exclude) ENOMEM 0
    vfio_test_domain_fgsp:1830                              OK 1
    2*alloc_pte:234                                         OK 1
    vfio_batch_init:483_(vfio_iommu_replay)                 OK 1`,
  // All three devices join the one instance, which the domains know: an existing domain is joined without an allocation.
  second: `
    vfio_iommu_type1_attach_group:2170                       ENOMEM 1
    vfio_iommu_type1_attach_group:2189                       ENOMEM 1
    protection_domain_alloc:2539                             ENOMEM 1
    v1_alloc_pgtable:567                                     ENOMEM 1
    pdom_attach_iommu:2273                                   ENOMEM 1
    2*amd_iommu_get_resv_regions:2980                        OK 1
    2*iommu_insert_resv_region:778                           ENOMEM 1
    2*amd_iommu_get_resv_regions:2980                        OK 1
    2*iommu_insert_resv_region:778                           ENOMEM 1
    2*amd_iommu_get_resv_regions:2980                        OK 1
    2*iommu_insert_resv_region:778                           ENOMEM 1
    3*vfio_iommu_iova_insert:1928_(vfio_iommu_iova_get_copy) ENOMEM 1`,
  fdAttach: `
    _iommufd_object_alloc:40                                ENOMEM 0
    protection_domain_alloc:2539                            ENOMEM 0
    v1_alloc_pgtable:567                                    ENOMEM 0
    2*amd_iommu_get_resv_regions:2980                       OK 1
    2*iopt_reserve_iova:814                                 ENOMEM 0
    iommufd_hwpt_attach_device:378                          ENOMEM 0
    pdom_attach_iommu:2273                                  ENOMEM 0
    ${filled(1)}
    2*alloc_pte:234                                         ENOMEM 0`,
  fdSecond: `
    2*amd_iommu_get_resv_regions:2980                       OK 1
    2*iopt_reserve_iova:814                                 ENOMEM 1
    iommufd_hwpt_attach_device:378                          ENOMEM 1`,
  fdReplace: `
    _iommufd_object_alloc:40                                ENOMEM 1
    protection_domain_alloc:2539                            ENOMEM 1
    v1_alloc_pgtable:567                                    ENOMEM 1
    ${filled(0)}
    2*alloc_pte:234                                         ENOMEM 1
    2*amd_iommu_get_resv_regions:2980                       OK 0
    2*iopt_reserve_iova:814                                 ENOMEM 1
    iommufd_hwpt_replace_device:448                         ENOMEM 1
    pdom_attach_iommu:2273                                  ENOMEM 1`,
};

const virtio: Tables = {
  setContainer: `
    __viommu_add_req:233                                    ENOMEM 0
    alloc_indirect_split:506                                OK 0
    __viommu_add_req:233                                    ENOMEM 0
    alloc_indirect_split:506                                OK 0`,
  setIommu: `
    vfio_iommu_type1_open:2544                              ENOMEM 0
    vfio_iommu_type1_attach_group:2170                      ENOMEM 0
    vfio_iommu_type1_attach_group:2189                      ENOMEM 0
    viommu_domain_alloc:649                                 ENOMEM 0
    __viommu_add_req:233                                    ENOMEM 0
    alloc_indirect_split:506                                OK 1
    __viommu_add_req:233                                    ENOMEM 0
    alloc_indirect_split:506                                OK 1
    viommu_get_resv_regions:952                             OK 1
    iommu_insert_resv_region:778                            ENOMEM 0
    viommu_get_resv_regions:952                             OK 1
    iommu_insert_resv_region:778                            ENOMEM 0
    vfio_iommu_iova_insert:1928_(vfio_iommu_aper_resize)    ENOMEM 0
    2*vfio_iommu_iova_insert:1928_(vfio_iommu_resv_exclude) ENOMEM 0
    vfio_test_domain_fgsp:1830                              OK 1
    viommu_add_mapping:319                                  OK 1
    __viommu_add_req:233                                    OK 1
    alloc_indirect_split:506                                OK 1
    __viommu_add_req:233                                    OK 1
    alloc_indirect_split:506                                OK 1
    vfio_batch_init:483_(vfio_iommu_replay)                 OK 1`,
  // The request that leads back to blocking, before the existing domain is tried, fails with a WARN only; the one that joins costs a domain.
  second: `
    __viommu_add_req:233                                     ENOMEM 1
    alloc_indirect_split:506                                 OK 1
    vfio_iommu_type1_attach_group:2170                       ENOMEM 1
    vfio_iommu_type1_attach_group:2189                       ENOMEM 1
    viommu_domain_alloc:649                                  ENOMEM 1
    __viommu_add_req:233                                     ENOMEM 1
    alloc_indirect_split:506                                 OK 1
    viommu_get_resv_regions:952                              OK 1
    iommu_insert_resv_region:778                             ENOMEM 1
    2*vfio_iommu_iova_insert:1928_(vfio_iommu_iova_get_copy) ENOMEM 1
    __viommu_add_req:233                                     OK 1
    alloc_indirect_split:506                                 OK 1
    __viommu_add_req:233                                     OK 2
    alloc_indirect_split:506                                 OK 1`,
  fdAttach: `
    _iommufd_object_alloc:40                                ENOMEM 0
    viommu_domain_alloc:649                                 ENOMEM 0
    viommu_get_resv_regions:952                             OK 1
    iopt_reserve_iova:814                                   ENOMEM 0
    iommufd_hwpt_attach_device:378                          ENOMEM 0
    __viommu_add_req:233                                    ENOMEM 0
    alloc_indirect_split:506                                OK 1
    __viommu_add_req:233                                    ENOMEM 0
    alloc_indirect_split:506                                OK 1
    ${filled(1)}
    viommu_add_mapping:319                                  ENOMEM 0
    __viommu_add_req:233                                    ENOMEM 0
    alloc_indirect_split:506                                OK 1`,
  fdSecond: `
    viommu_get_resv_regions:952                             OK 1
    iopt_reserve_iova:814                                   ENOMEM 1
    iommufd_hwpt_attach_device:378                          ENOMEM 1
    __viommu_add_req:233                                    ENOMEM 1
    alloc_indirect_split:506                                OK 1`,
  // Without a failure it ends in EADDRINUSE: see below.
  fdReplace: `
    _iommufd_object_alloc:40                                ENOMEM 1
    viommu_domain_alloc:649                                 ENOMEM 1`,
};

/** What neither levels nor tags of the first group change. */
const intelSecond: Pick<Tables, 'second' | 'fdSecond'> = {
  second: `
    vfio_iommu_type1_attach_group:2170                       ENOMEM 1
    vfio_iommu_type1_attach_group:2189                       ENOMEM 1
    alloc_domain:1480                                        ENOMEM 1
    md_domain_init:3471                                      ENOMEM 1
    domain_attach_iommu:1506                                 ENOMEM 1
    domain_qi_batch_alloc:118                                ENOMEM 1
    cache_tag_assign:52                                      ENOMEM 1
    domain_attach_iommu:1506                                 ENOMEM 1
    cache_tag_assign:52                                      ENOMEM 1
    domain_attach_iommu:1506                                 ENOMEM 1
    cache_tag_assign:52                                      ENOMEM 1
    intel_iommu_get_resv_regions:4105                        OK 1
    iommu_insert_resv_region:778                             ENOMEM 1
    intel_iommu_get_resv_regions:4105                        OK 1
    iommu_insert_resv_region:778                             ENOMEM 1
    intel_iommu_get_resv_regions:4105                        OK 1
    iommu_insert_resv_region:778                             ENOMEM 1
    2*vfio_iommu_iova_insert:1928_(vfio_iommu_iova_get_copy) ENOMEM 1
    domain_attach_iommu:1506                                 OK 2
    cache_tag_assign:52                                      OK 2
    domain_attach_iommu:1506                                 OK 2
    cache_tag_assign:52                                      OK 2
    domain_attach_iommu:1506                                 OK 2
    cache_tag_assign:52                                      OK 2`,
  fdSecond: `
    intel_iommu_get_resv_regions:4105                       OK 1
    iopt_reserve_iova:814                                   ENOMEM 1
    iommufd_hwpt_attach_device:378                          ENOMEM 1
    domain_attach_iommu:1506                                ENOMEM 1
    cache_tag_assign:52                                     ENOMEM 1
    domain_attach_iommu:1506                                ENOMEM 1
    cache_tag_assign:52                                     ENOMEM 1
    domain_attach_iommu:1506                                ENOMEM 1
    cache_tag_assign:52                                     ENOMEM 1`,
};

/** `tables`: page-table pages that a mapping of one page needs; `tags`: cache tags of the first group's device. */
const intel = (tables: number, tags: number): Tables => ({
  ...intelSecond,
  setContainer: '',
  setIommu: `
    vfio_iommu_type1_open:2544                              ENOMEM 0
    vfio_iommu_type1_attach_group:2170                      ENOMEM 0
    vfio_iommu_type1_attach_group:2189                      ENOMEM 0
    alloc_domain:1480                                       ENOMEM 0
    md_domain_init:3471                                     ENOMEM 0
    domain_attach_iommu:1506                                ENOMEM 0
    domain_qi_batch_alloc:118                               ENOMEM 0
    ${tags}*cache_tag_assign:52                             ENOMEM 0
    intel_iommu_get_resv_regions:4105                       OK 1
    iommu_insert_resv_region:778                            ENOMEM 0
    vfio_iommu_iova_insert:1928_(vfio_iommu_aper_resize)    ENOMEM 0
    2*vfio_iommu_iova_insert:1928_(vfio_iommu_resv_exclude) ENOMEM 0
    vfio_test_domain_fgsp:1830                              OK 1
    ${tables}*pfn_to_dma_pte:855                            OK 1
    vfio_batch_init:483_(vfio_iommu_replay)                 OK 1`,
  fdAttach: `
    _iommufd_object_alloc:40                                ENOMEM 0
    paging_domain_alloc:3510                                ENOMEM 0
    paging_domain_alloc:3554                                ENOMEM 0
    intel_iommu_get_resv_regions:4105                       OK 1
    iopt_reserve_iova:814                                   ENOMEM 0
    iommufd_hwpt_attach_device:378                          ENOMEM 0
    domain_attach_iommu:1506                                ENOMEM 0
    domain_qi_batch_alloc:118                               ENOMEM 0
    ${tags}*cache_tag_assign:52                             ENOMEM 0
    iopt_reserve_iova:814_(iopt_table_add_domain)           ENOMEM 0
    ${filled(1)}
    ${tables}*pfn_to_dma_pte:855                            ENOMEM 0`,
  fdReplace: `
    _iommufd_object_alloc:40                                ENOMEM 1
    paging_domain_alloc:3510                                ENOMEM 1
    paging_domain_alloc:3554                                ENOMEM 1
    iopt_reserve_iova:814_(iopt_table_add_domain)           ENOMEM 1
    ${filled(0)}
    ${tables}*pfn_to_dma_pte:855                            ENOMEM 1
    intel_iommu_get_resv_regions:4105                       OK 0
    iopt_reserve_iova:814                                   ENOMEM 1
    iommufd_hwpt_replace_device:448                         ENOMEM 1
    domain_attach_iommu:1506                                ENOMEM 1
    domain_qi_batch_alloc:118                               ENOMEM 1
    ${tags}*cache_tag_assign:52                             ENOMEM 1`,
});

const behindBridge = { first: '5', second: '11', device: '0000:05:01.0' } as const;
/** The guests had the parameters on; their snapshots are from before. */
const unsafe = { allowUnsafeInterrupts: true, iommufdAllowUnsafeInterrupts: true };
const viommu = withAttributes(recorded('6.12custom-x86_64-virtio-failnth'), unsafe);

const machines: readonly Machine[] = [
  { title: 'amd-iommu', topology: recorded('6.12custom-x86_64-amd-failnth'), ...behindBridge, tables: amd },
  {
    title: 'virtio-iommu-pci',
    topology: viommu,
    before: 'attach 4; detach 4; attach 9; detach 9; ',
    ...{ first: '4', second: '9', device: '0000:03:00.0' },
    tables: virtio,
  },
  {
    title: 'intel-iommu, 39 bits',
    topology: recorded('6.12custom-x86_64-intel_39-failnth'),
    ...behindBridge,
    tables: intel(2, 1),
  },
  {
    title: 'intel-iommu, scalable mode',
    topology: recorded('6.12custom-x86_64-intel_sm-failnth'),
    ...behindBridge,
    tables: intel(3, 1),
  },
  {
    title: 'intel-iommu, ATS',
    topology: withAttributes(recorded('6.12custom-x86_64-intel_ats-failnth'), {}, ['0000:01:00.0', '0000:02:00.0']),
    ...{ first: '5', second: '7', device: '0000:04:01.0' },
    tables: intel(3, 2),
  },
];

const words = (machine: Machine, name: keyof Tables): string =>
  `${machine.before ?? ''}${calls[name].script}`
    .replaceAll('FIRST', machine.first)
    .replaceAll('SECOND', machine.second)
    .replaceAll('DEVICE', machine.device);

const sweep = (machine: Machine, name: keyof Tables) => {
  const { caller, call } = calls[name];
  const script = words(machine, name);
  const request = script.split(';').length - 1;
  const engine = engineFor({ kernel: '6.12.y', caller });
  const tasks = [task('t0', script, 'c0', caller === 'iommufd-auto' ? 'fd0' : undefined)];
  const runWith = (n: number) => told(engine, scenario(machine.topology, tasks, { caller, faults: [nth(request, n, call)] }));
  return { request, ...sweepOf(runWith, outcomeRow(request)) };
};

describe.each(machines)('fail-nth sweeps of a real 6.12 kernel: $title', (machine) => {
  it.each(Object.keys(calls) as (keyof Tables)[])('%s', (name) => {
    const { request, rows, last } = sweep(machine, name);
    expect(rows).toEqual(rowsOf(machine.tables[name]));
    expect(last.results[request]).toBe(machine.tables === virtio && name === 'fdReplace' ? 'EADDRINUSE' : 'OK');
  });
});

describe('virtio-iommu, as the guest showed it', () => {
  it('the first claim of a group makes the stand-in for blocking, which stays although the claim fails', () => {
    const script = 'set-container 4; set-container 4; set-container 4; set-container 4; unset-container 4; set-container 4';
    const faults = [1, 2, 3, 4, 0, 5].flatMap((n, request) => (n === 0 ? [] : [nth(request, n, 'VFIO_GROUP_SET_CONTAINER')]));
    const { events, results } = told(engineFor({ kernel: '6.12.y' }), scenario(viommu, [task('t0', script)], { faults }));
    expect(results).toEqual(['ENOMEM', 'ENOMEM', 'ENOMEM', 'OK', 'OK', 'OK']);
    expect(eventsOf(events, 'AllocationFailed').map(({ n, site }) => `${n} ${site}`)).toEqual([
      '1 viommu_domain_alloc:649',
      '2 __viommu_add_req:233',
      '3 __viommu_add_req:233',
      '4 alloc_indirect_split:506',
    ]);
  });

  /** A replace fills the new domain before its first attach, which is where the driver sets the aperture: until then only address 0 fits. */
  it('a replace reserves every address but 0: mappings stand in its way, and later ones are refused', () => {
    const script = 'map 4K; attach 4; attach 4 in c1; map 4K in c1; attach 4; detach 4; attach 4; map 4K @0x2000000';
    const engine = engineFor({ kernel: '6.12.y', caller: 'iommufd-auto' });
    const { results } = told(engine, scenario(viommu, [task('t0', script, 'c0', 'fd0')], { caller: 'iommufd-auto' }));
    expect(results).toEqual(['OK', 'OK', 'OK', 'EINVAL', 'EADDRINUSE', 'OK', 'OK', 'OK']);
  });
});
