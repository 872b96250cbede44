// Snapshots made by hand: what no recording shows, what is missing, what is wrong.
import { describe, expect, it } from 'vitest';
import { type Beside, topologyFromSnapshot } from '../../src/recordings/snapshot.ts';

const groups = '/sys/kernel/iommu_groups';
const pci = '/sys/bus/pci/devices';
const instances = '/sys/class/iommu';

const load = (lines: readonly string[], beside: Beside = {}) => topologyFromSnapshot(lines, beside, 'made');
const group = (id: number, ...devices: string[]): string[] => [
  `${groups}/${id}/type\tDMA`,
  ...devices.map((device) => `${groups}/${id}/devices/${device}\t-> ../../../../devices/pci0000:00/${device}`),
];

describe('registers of an Intel instance', () => {
  const printed = '[    0.436431] DMAR: dmar0: reg_base_addr fed90000 ver 1:0 cap 80d2008c222f0686 ecap f00f4a';
  const folder = `${instances}/dmar0/intel-iommu`;
  it.each([
    ['as the kernel printed them, where sysfs has none', [`${folder}/address\tfed90000`], 48, []],
    ['as sysfs has them', [`${folder}/cap\t80d2008c222f0686`, `${folder}/ecap\tf00f4a`], 48, []],
    [
      'as sysfs has them, where the log has others',
      [`${folder}/cap\td2008c22260206`, `${folder}/ecap\tf00f4e`],
      39,
      ['the kernel log has other capabilities of dmar0: it is of another machine or boot'],
    ],
  ])('%s', (_, lines, agaw, words) => {
    const { topology, notes } = load([...lines, ...group(3, '0000:00:10.0')], { dmesg: printed });
    expect(topology.iommus[0]!.attributes).toMatchObject({ agaw, index: 0 });
    expect(notes.map(({ note }) => note).filter((note) => note.includes('capabilities'))).toEqual(words);
  });
});

describe('order of devices in a group', () => {
  const members = ['0000:0a:00.0', '10000:01:00.0', 'ffff:00:00.0', '0000:09:00.1', '0000:09:00.0'];
  const sorted = ['0000:09:00.0', '0000:09:00.1', '0000:0a:00.0', 'ffff:00:00.0', '10000:01:00.0'];
  const log = (...devices: string[]): string => devices.map((device) => `pci ${device}: Adding to iommu group 3`).join('\n');
  it.each([
    ['by address without a log', '', sorted, 1],
    ['by address when the log lost one', log(...members.slice(1)), sorted, 1],
    ['as they joined', log(...members), members, 0],
    ['by their last joining', log(...members, members[0]!), [...members.slice(1), members[0]!], 0],
  ])('%s', (_, dmesg, expected, notes) => {
    const { topology, notes: found } = load(group(3, ...members), { dmesg });
    expect(topology.groups[0]?.devices.map(({ id }) => id)).toEqual(expected);
    expect(found.filter(({ note }) => note.startsWith('order of devices assumed')).length).toBe(notes);
  });
});

describe('drivers of instances', () => {
  it.each([
    ['ivhd10', [], 'amd', { index: 10 }],
    ['ivhd0', [`${instances}/ivhd0/amd-iommu/cap\t4000`], 'amd', { index: 0 }],
    ['dmar3', [], 'intel', { index: 3 }],
    ['smmu.0x0000000005000000', [], 'arm-smmu', { index: 0 }],
    ['apple-dart.231000000.iommu', [], 'apple-dart', { index: 0 }],
    ['s390-iommu.00000003', [], 's390', { index: 0 }],
    ['e6740000.iommu', [`${instances}/e6740000.iommu/device/driver\t-> ../../bus/platform/drivers/ipmmu-vmsa`], 'ipmmu-vmsa', { index: 0 }],
    ['ff650800.iommu', [`${instances}/ff650800.iommu/device/driver\t-> ../../bus/platform/drivers/rk_iommu`], 'unknown', { index: 0 }],
  ])('%s', (id, lines, driver, attributes) => {
    const { topology, notes } = load([...lines, `${instances}/${id}\t-> ../../devices/x/iommu/${id}`]);
    expect(topology.iommus).toEqual([{ id, driver, attributes }]);
    const hint = id === 'ff650800.iommu' ? ' (kernel driver rk_iommu)' : '';
    const about = notes.map(({ note }) => note).filter((note) => note.startsWith('no driver'));
    expect(about).toEqual(driver === 'unknown' ? [`no driver of the model is known for instance ${id}${hint}`] : []);
  });

  it('orders and counts instances by number, a driver at a time', () => {
    const ids = ['dmar10', 'smmu3.0x000000000c000000', 'dmar2', 'smmu3.0x0000000009050000'];
    const { topology } = load(ids.map((id) => `${instances}/${id}\t-> ../../devices/virtual/iommu/${id}`));
    expect(topology.iommus.map(({ id, attributes }) => [id, attributes.index])).toEqual([
      ['dmar2', 2],
      ['dmar10', 10],
      ['smmu3.0x0000000009050000', 0],
      ['smmu3.0x000000000c000000', 1],
    ]);
  });

  it('takes instances and groups from the links of devices when the snapshot has nothing else', () => {
    const device = `${pci}/0000:00:01.0`;
    const { topology } = load([
      `${device}/iommu\t-> ../../virtual/iommu/dmar1`,
      `${device}/iommu_group\t-> ../../../kernel/iommu_groups/4`,
    ]);
    expect(topology.iommus.map(({ id, driver }) => [id, driver])).toEqual([['dmar1', 'intel']]);
    expect(topology.groups.map(({ id, type, devices }) => [id, type, devices.map((found) => [found.id, found.iommu])])).toEqual([
      ['4', 'unknown', [['0000:00:01.0', 'dmar1']]],
    ]);
  });
});

describe('instance of a device', () => {
  const device = `${pci}/0000:00:01.0`;
  const listed = `${instances}/dmar1/devices/0000:00:01.0\t-> ../../../../pci0000:00/0000:00:01.0`;
  it.each([
    ['its own link', [`${device}/iommu\t-> ../../virtual/iommu/dmar0`], 'dmar0', []],
    ['the list of the instance', [listed, `${device}/class\t0x020000`], 'dmar1', []],
    ['the list alone', [listed], 'dmar1', []],
    ['neither', [`${device}/class\t0x020000`], null, []],
    [
      'its own link against the list',
      [listed, `${device}/iommu\t-> ../../virtual/iommu/dmar0`],
      'dmar0',
      ['device 0000:00:01.0 is listed below instance dmar1 as well'],
    ],
  ])('%s', (_, lines, iommu, expected) => {
    const { topology, notes } = load([...group(0, '0000:00:01.0'), ...lines]);
    expect(topology.groups[0]?.devices[0]?.iommu).toBe(iommu);
    expect(notes.filter(({ line }) => line === 4).map(({ note }) => note)).toEqual(expected);
  });
});

describe('scalable mode of hardware that has it', () => {
  const registers = [`${instances}/dmar0/intel-iommu/cap\td2008c222f0686`, `${instances}/dmar0/intel-iommu/ecap\t80000000000`];
  const guest = 'DMAR: VT-d Scalable Mode not enabled, no PASID allocation';
  it.each<[Beside, boolean | undefined]>([
    [{}, undefined],
    [{ dmesg: guest }, false],
    [{ cmdline: 'intel_iommu=on,sm_on' }, true],
  ])('%j: %s', (beside, expected) => {
    expect(load(registers, beside).topology.iommus[0]?.attributes.scalableMode).toBe(expected);
  });
});

describe('attributes of devices', () => {
  const vtd = (ecap: string): string[] => [
    `${instances}/dmar0/intel-iommu/cap\td2008c222f0686`,
    `${instances}/dmar0/intel-iommu/ecap\t${ecap}`,
  ];
  const device = `${pci}/0000:00:01.0`;
  const behind = [...group(0, '0000:00:01.0'), `${device}/iommu\t-> ../../virtual/iommu/dmar0`];
  const bare = { isPci: true, boundDriver: null, dmaThroughOther: false, bus: '00' };
  it.each([
    ['no region known, device TLB', [...behind, ...vtd('4')], bare],
    ['no device TLB: never ATS', [...behind, ...vtd('0')], { ...bare, atsEnabled: false }],
    [
      'regions read and empty',
      [...behind, ...vtd('4'), `${groups}/0/reserved_regions\t`],
      { ...bare, requireDirect: false, rmrrLocked: false },
    ],
    [
      'another group vouches',
      [...behind, ...vtd('4'), ...group(1), `${groups}/1/reserved_regions\t`],
      { ...bare, requireDirect: false, rmrrLocked: false },
    ],
    ['virtual function', [...behind, ...vtd('4'), `${device}/physfn\t-> ../0000:00:00.0`], { ...bare, isVf: true }],
    ['CardBus bridge', [...behind, ...vtd('4'), `${device}/class\t0x060700`], { ...bare, pciClass: '0x060700', isBridge: true }],
    ['only its group names it', group(0, '0000:00:01.0'), { isPci: true }],
  ])('%s', (_, lines, expected) => {
    expect(load(lines).topology.groups[0]?.devices[0]?.attributes).toEqual(expected);
  });

  it.each([
    ['0000:9a:0f.7', true, '9a'],
    ['0000:9a:10.0', true, '9a+'],
    ['0000:9a:1f.7', false, '9a'],
    ['10000:01:00.0', true, undefined],
  ])('%s, scalable mode %s: context page %s', (name, scalable, page) => {
    const link = `${pci}/${name}/iommu\t-> ../../virtual/iommu/dmar0`;
    const lines = [...group(0, name), link, ...vtd('80000000000')];
    const { attributes } = load(lines, { cmdline: `intel_iommu=sm_${scalable ? 'on' : 'off'}` }).topology.groups[0]!.devices[0]!;
    expect([attributes.bus, attributes.dmaThroughOther]).toEqual([page, page === undefined]);
  });

  it('is no PCI device below another bus, and direct regions of others than Intel are no RMRR', () => {
    const lines = [
      ...group(0, '9040000.ethernet'),
      '/sys/bus/platform/devices/9040000.ethernet/driver\t-> ../../../bus/platform/drivers/xgmac',
      `${groups}/0/reserved_regions\t0x0000000080000000 0x00000000800fffff direct`,
    ];
    const attributes = { isPci: false, boundDriver: 'xgmac', requireDirect: true };
    expect(load(lines).topology.groups[0]?.devices).toEqual([{ id: '9040000.ethernet', iommu: null, attributes }]);
  });
});

describe('features of an SMMU', () => {
  const parent = 'arm-smmu-v3.7.auto';
  const id = 'smmu3.0x000000000c000000';
  const lines = [
    `${instances}/${id}\t-> ../../devices/platform/${parent}/iommu/${id}`,
    ...group(0, '0000:00:01.0'),
    `${instances}/${id}/devices/0000:00:01.0\t-> ../../../../../pci0000:00/0000:00:01.0`,
  ];
  const none = {
    twoLevelContextTables: false,
    ats: false,
    coherency: false,
    stage1: false,
    stage2: false,
    stalls: false,
    stallForce: false,
    nesting: false,
  };
  const device = { isPci: true, atsSupported: false, stallEnabled: false };
  it.each([
    [0, {}, device],
    [1, { twoLevelContextTables: true }, device],
    [5, { ats: true }, { isPci: true, stallEnabled: false }],
    [8, { coherency: true }, device],
    [9, { stage1: true }, device],
    [10, { stage2: true }, device],
    [11, { stalls: true }, { isPci: true, atsSupported: false }],
    [13, { stallForce: true }, { isPci: true, atsSupported: false, stallEnabled: true }],
    [19, { nesting: true }, device],
    [31, {}, device],
  ])('bit %d', (bit, features, ofDevice) => {
    const word = (2 ** bit).toString(16).padStart(8, '0');
    const dmesg = `[1.0] arm-smmu-v3 ${parent}: ias 52-bit, oas 48-bit (features 0x${word})`;
    const { iommus, groups: found } = load(lines, { dmesg }).topology;
    expect(iommus[0]?.attributes).toEqual({ index: 0, ias: 52, oas: 48, ...none, ...features });
    expect(found[0]?.devices[0]?.attributes).toEqual(ofDevice);
  });

  it.each(['', '[1.0] arm-smmu-v3 arm-smmu-v3.8.auto: ias 52-bit, oas 48-bit (features 0x00000600)'])(
    'unknown with the log %j',
    (dmesg) => {
      expect(load(lines, { dmesg }).topology.iommus[0]?.attributes).toEqual({ index: 0 });
    },
  );
});

describe('interrupt isolation', () => {
  const machine = group(0, '0000:00:01.0');
  const lacking = [...machine, `${instances}/dmar0/intel-iommu/cap\t6`, `${instances}/dmar0/intel-iommu/ecap\t0`];
  const uname = 'Linux host 6.12.117 #1 SMP x86_64 GNU/Linux';
  const start = '[    0.000000] Linux version 6.12.117 (a@b) (gcc) #1 SMP\n';
  it.each<[string, string[], Beside, boolean | undefined]>([
    ['nothing known', machine, {}, undefined],
    ['Intel prints', machine, { dmesg: 'DMAR-IR: Enabled IRQ remapping in x2apic mode' }, true],
    ['AMD prints', machine, { dmesg: 'AMD-Vi: Interrupt remapping enabled' }, true],
    ['type1 refused', machine, { dmesg: 'DMAR-IR: Enabled IRQ remapping in x2apic mode\nx: No interrupt remapping support.  Use' }, false],
    [
      'type1 refused before remapping is said to be on',
      machine,
      { dmesg: 'No interrupt remapping support.\nAMD-Vi: Interrupt remapping enabled' },
      false,
    ],
    ['off by hand', machine, { cmdline: 'quiet nointremap' }, false],
    ['off by hand, last word', machine, { cmdline: 'intremap=on,off' }, false],
    ['off and on again', machine, { cmdline: 'intremap=off intremap=nosid,on' }, undefined],
    ['a word of something else', machine, { cmdline: 'pti=off off' }, undefined],
    ['hardware lacks it', lacking, {}, false],
    ['GICv3 ITS', machine, { dmesg: 'ITS@0x0000000008080000: allocated 8192 Devices' }, true],
    ['s390', [...machine, '/proc/sys/kernel/arch\ts390x'], {}, true],
    ['x86 whose complete log is silent', machine, { uname, dmesg: start }, false],
    ['x86 whose log lost its beginning', machine, { uname, dmesg: '[   99.0] usb 1-1: new device' }, undefined],
    ['x86 below Hyper-V, which may remap', machine, { uname, dmesg: `${start}Hypervisor detected: Microsoft Hyper-V` }, undefined],
  ])('%s', (_, lines, beside, expected) => {
    expect(load(lines, beside).topology.system.isolatedMsi).toBe(expected);
  });
});

describe('release of the kernel', () => {
  it.each([
    ['Linux (none) 6.12.117+deb12-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.12.117-1~deb12u1 (2026-11-14) x86_64 GNU/Linux', '6.12.117'],
    ['Linux host 6.1.0-56-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16) x86_64 GNU/Linux', '6.1.192'],
    ['Linux version 6.1.0-56-amd64 (x@y) (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP Debian 6.1.192-2 (2026-11-16)', '6.1.192'],
    ['Linux 10.0.0.1 5.14.0-503.el9.x86_64 #1 SMP x86_64 GNU/Linux', '5.14.0'],
    ['Linux host 6.13-rc1 #3 SMP aarch64 GNU/Linux', '6.13'],
    ['something else', undefined],
  ])('%s', (uname, kernel) => {
    expect(load(group(0, '0000:00:01.0'), { uname }).topology.kernel).toBe(kernel);
  });
});
