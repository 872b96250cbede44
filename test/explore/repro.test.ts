// From judged runs to reproductions: calls in their order, what fails with its n, options by kernel and caller, probes, and limits.
import { describe, expect, it } from 'vitest';
import type { Reproduction } from '../../src/core/reproduction.ts';
import { alternating, fromFile, oneTask, reproduced, site, twoTasks } from './reproductions.ts';

const callsOf = ({ phases }: Reproduction): string[] =>
  phases.flat().map(({ task, call, words, fault }) => `${task} ${words}: ${call}${fault === null ? '' : ` fault ${fault}`}`);
const failuresOf = ({ failures }: Reproduction): string[] =>
  failures.map(({ function: name, line, call, request, device, domain, outcome, n }) =>
    [`${name}:${line}`, call, request, device, domain, outcome, n].join(' '),
  );
const limitsOf = ({ limits }: Reproduction): string[] => limits.map(({ what }) => what);
const optionNames = ({ options }: Reproduction): string[] => options.map(({ name, value }) => `${name.slice('CONFIG_'.length)}=${value}`);

interface Row {
  readonly name: string;
  readonly of: () => Reproduction;
  readonly calls: readonly string[];
  readonly failures: readonly string[];
  readonly limits: readonly string[];
}

const join = ['t0 attach 5: VFIO_GROUP_SET_CONTAINER', 't0 attach 5: VFIO_SET_IOMMU', 't0 map: VFIO_IOMMU_MAP_DMA'];

const script = 'attach 5; map 64K; attach 11';
const candidate = site('domain_attach_iommu', { domain: 'c0.d0', request: 2 });
const ignored = site('intel_iommu_get_resv_regions', { request: 0 });

const rows: readonly Row[] = [
  {
    name: 'type1, one failed allocation',
    of: () => fromFile('enomem-duplicate-domain'),
    calls: [...join, 't0 attach 11: VFIO_GROUP_SET_CONTAINER fault 0'],
    failures: ['domain_attach_iommu:1506 VFIO_GROUP_SET_CONTAINER 3 0000:04:00.0 c0.d0 ENOMEM 20'],
    limits: [],
  },
  {
    name: 'the same in another tree: another line, another n',
    of: () => fromFile('enomem-duplicate-domain', { kernel: '6.1.y' }),
    calls: [...join, 't0 attach 11: VFIO_GROUP_SET_CONTAINER fault 0'],
    failures: ['domain_attach_iommu:1835 VFIO_GROUP_SET_CONTAINER 3 0000:04:00.0 c0.d0 ENOMEM 24'],
    limits: [],
  },
  {
    name: 'iommufd',
    of: () => fromFile('enomem-duplicate-domain', { caller: 'iommufd-auto' }),
    calls: [
      't0 attach 5: VFIO_DEVICE_BIND_IOMMUFD',
      't0 attach 5: VFIO_DEVICE_ATTACH_IOMMUFD_PT',
      't0 map: IOMMU_IOAS_MAP',
      't0 attach 11: VFIO_DEVICE_BIND_IOMMUFD',
      't0 attach 11: VFIO_DEVICE_ATTACH_IOMMUFD_PT fault 0',
    ],
    failures: ['domain_attach_iommu:1506 VFIO_DEVICE_ATTACH_IOMMUFD_PT 3 0000:04:00.0 c0.d0 ENOMEM 4'],
    limits: [],
  },
  {
    name: 'a function that serves several callers',
    of: () => reproduced(oneTask(script, [{ kind: 'nth', task: 't0', request: 2, nth: 19 }])),
    calls: [...join, 't0 attach 11: VFIO_GROUP_SET_CONTAINER fault 0'],
    failures: ['vfio_iommu_iova_insert:1928 VFIO_GROUP_SET_CONTAINER 3 0000:04:00.0  ENOMEM 19'],
    limits: [],
  },
  {
    name: 'a failure in the first of three attaches',
    of: () => fromFile('group-of-three'),
    calls: [
      't0 attach 11: VFIO_GROUP_SET_CONTAINER',
      't0 attach 11: VFIO_SET_IOMMU fault 0',
      't0 detach 11: VFIO_GROUP_UNSET_CONTAINER',
      't0 attach 11: VFIO_GROUP_SET_CONTAINER',
      't0 attach 11: VFIO_SET_IOMMU',
    ],
    failures: ['domain_attach_iommu:1506 VFIO_SET_IOMMU 1 0000:05:02.0 c0.d0 ENOMEM 11'],
    limits: [],
  },
  {
    name: 'an API that fails: no allocation to fail',
    of: () => fromFile('virtio-host-refusal'),
    calls: [
      't0 attach 6: VFIO_GROUP_SET_CONTAINER',
      't0 attach 6: VFIO_SET_IOMMU',
      't0 map: VFIO_IOMMU_MAP_DMA',
      't0 attach 7: VFIO_GROUP_SET_CONTAINER',
    ],
    failures: [],
    limits: ['virtio-attach-request-status gives -EINVAL on 0000:00:03.0'],
  },
  {
    name: 'an API of hardware that QEMU has not',
    of: () => fromFile('runtime-pm-einval'),
    calls: [
      't0 attach 1: VFIO_GROUP_SET_CONTAINER',
      't0 attach 1: VFIO_SET_IOMMU',
      't0 map: VFIO_IOMMU_MAP_DMA',
      't0 attach 2: VFIO_GROUP_SET_CONTAINER',
      't0 attach 2: VFIO_GROUP_SET_CONTAINER',
    ],
    failures: [],
    limits: ['pm-runtime-resume gives -EIO on smmu0', 'an IOMMU of driver arm-smmu'],
  },
  {
    name: 'two tasks, one after the other',
    of: () => reproduced(twoTasks([site('domain_attach_iommu', { task: 't1', domain: 'c1.d0', request: 2 })])),
    calls: [
      ...join,
      't0 attach 11: VFIO_GROUP_SET_CONTAINER',
      't1 attach 8: VFIO_GROUP_SET_CONTAINER',
      't1 attach 8: VFIO_SET_IOMMU',
      't1 map: VFIO_IOMMU_MAP_DMA',
      't1 attach 9: VFIO_GROUP_SET_CONTAINER fault 0',
    ],
    failures: ['domain_attach_iommu:1506 VFIO_GROUP_SET_CONTAINER 3 0000:02:00.0 c1.d0 ENOMEM 12'],
    limits: [],
  },
  {
    name: 'a kill',
    of: () => fromFile('kill-during-attach'),
    calls: [...join, 't0 attach 11: VFIO_GROUP_SET_CONTAINER'],
    failures: [],
    limits: ['t1 kills t0'],
  },
  {
    name: 'ids that another container takes, and a driver bound by hand',
    of: () => fromFile('ids-exhausted-by-another'),
    calls: [
      't0 bind-driver 3: bind',
      't0 attach 1: VFIO_GROUP_SET_CONTAINER',
      't0 attach 1: VFIO_SET_IOMMU',
      't0 map: VFIO_IOMMU_MAP_DMA',
      't1 attach 2: VFIO_GROUP_SET_CONTAINER',
      't1 attach 2: VFIO_SET_IOMMU',
    ],
    failures: [],
    limits: ['iommu/dmar0 has domainIdsFree = 1 after boot', 't0: bind-driver 3 (bind)'],
  },
  {
    name: 'two failures in one call: one loop, and the rest said',
    of: () => reproduced(oneTask(script, [candidate, site('domain_attach_iommu', { domain: 'c0.d1', request: 2, nth: 4 })])),
    calls: [...join, 't0 attach 11: VFIO_GROUP_SET_CONTAINER fault 0'],
    failures: [
      'domain_attach_iommu:1506 VFIO_GROUP_SET_CONTAINER 3 0000:04:00.0 c0.d0 ENOMEM 20',
      'domain_attach_iommu:1506 VFIO_GROUP_SET_CONTAINER 3 0000:04:00.0 c0.d1 ENOMEM 21',
    ],
    limits: ['2 allocations fail in one VFIO_GROUP_SET_CONTAINER'],
  },
  {
    name: 'failures in two calls: two loops',
    of: () => reproduced(oneTask(script, [ignored, candidate])),
    calls: [join[0]!, `${join[1]} fault 0`, join[2]!, 't0 attach 11: VFIO_GROUP_SET_CONTAINER fault 1'],
    failures: [
      'intel_iommu_get_resv_regions:4105 VFIO_SET_IOMMU 1 0000:00:10.0  ignored 9',
      'domain_attach_iommu:1506 VFIO_GROUP_SET_CONTAINER 3 0000:04:00.0 c0.d0 ENOMEM 21',
    ],
    limits: [],
  },
  {
    name: 'two tasks that change at every step',
    of: () => reproduced(twoTasks([]), {}, alternating()),
    calls: [
      't0 attach 5: VFIO_GROUP_SET_CONTAINER',
      't1 attach 8: VFIO_GROUP_SET_CONTAINER',
      't0 attach 5: VFIO_SET_IOMMU',
      't1 attach 8: VFIO_SET_IOMMU',
      't0 map: VFIO_IOMMU_MAP_DMA',
      't0 attach 11: VFIO_GROUP_SET_CONTAINER',
      't1 map: VFIO_IOMMU_MAP_DMA',
      't1 attach 9: VFIO_GROUP_SET_CONTAINER',
    ],
    failures: [],
    limits: [
      't0 VFIO_GROUP_SET_CONTAINER at the same time as t1 VFIO_GROUP_SET_CONTAINER',
      't0 VFIO_SET_IOMMU, VFIO_IOMMU_MAP_DMA, VFIO_GROUP_SET_CONTAINER at the same time as ' +
        't1 VFIO_SET_IOMMU, VFIO_IOMMU_MAP_DMA, VFIO_GROUP_SET_CONTAINER',
    ],
  },
  {
    name: 'a caller that never was on this kernel',
    of: () => fromFile('enomem-duplicate-domain', { caller: 'vfio-type1-seed' }),
    calls: [...join, 't0 attach 11: VFIO_GROUP_SET_CONTAINER fault 0'],
    failures: ['domain_attach_iommu:1506 VFIO_GROUP_SET_CONTAINER 3 0000:04:00.0 c0.d0 ENOMEM 8'],
    limits: ['the kernel of this run (vfio-type1-seed)'],
  },
  {
    name: 'an unplug',
    of: () => reproduced(oneTask('attach 5; unplug 0000:00:10.0', [])),
    calls: [join[0]!, join[1]!, 't0 unplug 0000:00:10.0: unplug'],
    failures: [],
    limits: ['t0 unplugs 0000:00:10.0'],
  },
  {
    name: 'a vDPA device, which the program does not open',
    of: () => fromFile('enomem-duplicate-domain', { caller: 'vhost-vdpa' }),
    calls: ['t0 attach 5: open', 't0 map: VHOST_IOTLB_UPDATE', 't0 attach 11: open'],
    failures: [],
    limits: ['t0: attach 5 (open)', 't0: map (VHOST_IOTLB_UPDATE)', 't0: attach 11 (open)'],
  },
];

describe('a reproduction', () => {
  it.each(rows.map((row) => [row.name, row] as const))('%s', (_, { of, calls, failures, limits }) => {
    const found = of();
    expect(callsOf(found)).toEqual(calls);
    expect(failuresOf(found)).toEqual(failures);
    expect(limitsOf(found)).toEqual(limits);
  });
});

describe('kernel options', () => {
  it.each([
    ['6.12.y', 'vfio-type1', ['FAULT_INJECTION_STACKTRACE_FILTER=y', 'VFIO_GROUP=y', 'VFIO_CONTAINER=y', 'VFIO_IOMMU_TYPE1=y']],
    ['6.12.y', 'iommufd-auto', ['FAULT_INJECTION_STACKTRACE_FILTER=y', 'IOMMUFD=y', 'VFIO_DEVICE_CDEV=y']],
    ['6.1.y', 'vfio-type1', ['SLUB=y', 'VFIO_IOMMU_TYPE1=y']],
  ])('of %s for %s', (kernel, caller, own) => {
    const common = ['FAULT_INJECTION=y', 'FAILSLAB=y', 'FAIL_PAGE_ALLOC=y', 'FAULT_INJECTION_DEBUG_FS=y', 'FAULT_INJECTION_USERCOPY=n'];
    const more = ['FAIL_FUTEX=n', 'KPROBE_EVENTS=y', 'KALLSYMS_ALL=y', 'VFIO=y', 'VFIO_PCI=y', 'INTEL_IOMMU=y'];
    const found = optionNames(fromFile('enomem-duplicate-domain', { kernel, caller }));
    expect(found.toSorted()).toEqual([...common, ...more, ...own].toSorted());
  });
  it.each([
    ['amd-two-instances', 'AMD_IOMMU=y'],
    ['smmuv3-two-instances', 'ARM_SMMU_V3=y'],
    ['virtio-foreign-viommu', 'VIRTIO_IOMMU=y'],
    ['qcom-iommu-foreign', 'QCOM_IOMMU=y'],
  ])('have the driver of %s', (name, option) => {
    expect(optionNames(fromFile(name)).at(-1)).toBe(option);
  });
});

describe('probes', () => {
  const names = ({ probes }: Reproduction): string[] => probes.map(({ definition }) => definition.split(' ')[1]!);
  it('follow the caller: groups are attached by another function for iommufd', () => {
    expect(names(fromFile('enomem-duplicate-domain'))).toEqual([
      'domain_attach_iommu',
      'domain_attach_iommu',
      'iommu_attach_group',
      'iommu_attach_group',
      'iommu_detach_group',
      'iommu_domain_free',
      'should_failslab',
      'should_fail_alloc_page',
    ]);
    expect(names(fromFile('enomem-duplicate-domain', { caller: 'iommufd-auto' })).slice(2, 8)).toEqual([
      'iommu_attach_group_handle',
      'iommu_attach_group_handle',
      'iommu_replace_group_handle',
      'iommu_replace_group_handle',
      'iommu_detach_group_handle',
      'iommu_domain_free',
    ]);
  });
  it('are only of domains where nothing fails', () => {
    expect(names(fromFile('kill-during-attach')).filter((name) => name.startsWith('should_'))).toEqual([]);
  });
  it('have one site each of several functions', () => {
    const { probes } = reproduced(oneTask(script, [ignored, candidate]));
    expect(probes.map(({ name }) => name).filter((name) => name.startsWith('site'))).toEqual(['site', 'site_ret', 'site2', 'site2_ret']);
  });
});

it('settings say so where interrupts are not isolated', () => {
  const last = (name: string) => fromFile(name).settings.at(-1)!.name;
  expect(last('virtio-host-refusal')).toBe('/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts');
  expect(last('enomem-duplicate-domain')).toBe('/sys/kernel/debug/fail_page_alloc/verbose');
});
