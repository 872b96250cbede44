// Tegra GART (tegra-gart.c, gone before 6.12): one aperture for the whole machine, so one domain can be active at a time.
import { all, differ, equal, has, value } from '../core/conditions.ts';
import { alloc, check, effect, in61 } from '../core/rowBuilders.ts';
import type { Driver, Row } from '../core/rows.ts';

const oldColumns = in61('drivers/iommu/tegra-gart.c');

const allocate: readonly Row[] = [
  check({
    id: 'tegra-gart/domain-type',
    words: 'another type than unmanaged is asked for',
    class: 'other',
    errno: in61('NULL'),
    cite: in61('gart_iommu_domain_alloc:148-149'),
    refuses: all(has('domain.type'), differ('domain.type', value('unmanaged'))),
    note: 'So a group has no default domain.',
  }),
  alloc({
    id: 'tegra-gart/domain-record',
    words: 'the domain record could not be allocated',
    class: 'transient-memory',
    errno: in61('NULL'),
    cite: in61('gart_iommu_domain_alloc:151-156'),
    site: in61('gart_iommu_domain_alloc:151'),
    what: 'domain record',
    gfp: in61('GFP_KERNEL'),
    plausible: in61('small-sleeping'),
  }),
  effect({
    id: 'tegra-gart/geometry',
    words: 'the domain gets the aperture of the GART',
    cite: in61('gart_iommu_domain_alloc:153-155'),
    changes: [
      { set: 'domain.apertureStart', to: 'system.gartStart' },
      { set: 'domain.apertureEnd', to: 'system.gartEnd' },
      { set: 'domain.pageSize', to: 4096 },
    ],
    undo: 'none',
  }),
];

const attach: readonly Row[] = [
  check({
    id: 'tegra-gart-other-domain-active',
    words: 'another domain is the active one of the GART',
    class: 'incompatible',
    errno: { 'v6.1': 'EBUSY', 'seed-v6': 'EMEDIUMTYPE' },
    cite: in61('gart_iommu_attach_dev:114-115'),
    refuses: all(has('iommu.activeDomain'), differ('iommu.activeDomain', 'domain.id')),
    note: 'Only the active domain can succeed; a new one never can while another is active. The blocking stand-in is such a domain too.',
  }),
  effect({
    id: 'tegra-gart/activate',
    words: 'the domain becomes the active one, the device is counted',
    cite: in61('gart_iommu_attach_dev:116-119'),
    when: differ('device.gartDomain', 'domain.id'),
    changes: [
      { set: 'iommu.activeDomain', to: 'domain.id' },
      { add: 'iommu.activeDevices', by: 1 },
      { set: 'device.gartDomain', to: 'domain.id' },
    ],
    undo: 'reverse',
  }),
];

const leave: readonly Row[] = [
  effect({
    id: 'tegra-gart/detach',
    words: 'the device is counted off',
    cite: in61('gart_iommu_detach_dev:134-137'),
    when: equal('device.gartDomain', 'domain.id'),
    changes: [
      { set: 'device.gartDomain', to: null },
      { add: 'iommu.activeDevices', by: -1 },
    ],
    undo: 'none',
  }),
  effect({
    id: 'tegra-gart/deactivate',
    words: 'the last device takes the active domain with it',
    cite: in61('gart_iommu_detach_dev:137-138'),
    when: equal('iommu.activeDevices', 0),
    changes: [{ set: 'iommu.activeDomain', to: null }],
    undo: 'none',
  }),
];

export const driver: Driver = {
  name: 'tegra-gart',
  files: oldColumns,
  absent: { 'v6.12': 'the driver was removed before 6.12' },
  operations: in61(['gart_iommu_attach_dev()']),
  attributes: {
    device: { gartDomain: { default: null, words: 'domain that the driver has recorded for the device' } },
    iommu: {
      activeDomain: { default: null, words: 'the one domain that is active' },
      activeDevices: { default: 0, words: 'devices attached to the active domain' },
    },
    system: {
      gartStart: { default: 0x58000000, words: 'first address of the aperture (Tegra20)' },
      gartEnd: { default: 0x59ffffff, words: 'last address of the aperture (Tegra20: 32 MiB)' },
    },
  },
  blocking: in61('stand-in'),
  enforcesCoherency: false,
  msi: 'hardware',
  paths: { allocate: in61(allocate), attach: in61(attach), leave: in61(leave) },
  sharing: 'Exactly one domain can be active at a time.',
  note: 'No tables in memory: a mapping writes registers and allocates nothing. The old domain is not removed by attach, only by the detach op.',
};
