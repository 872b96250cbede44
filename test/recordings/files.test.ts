// From disk: a folder as recordings have it, a single file, bytes that are no text; and a folder tree in the shape of a live /sys.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limit, topologyFromSnapshot } from '../../src/recordings/snapshot.ts';
import { readSnapshot } from '../../src/recordings/snapshotFile.ts';
import { readMachine, readSysfs } from '../../src/recordings/sysfs.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attachlab-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const put = (path: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
};
const link = (path: string, target: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  symlinkSync(target, join(folder, path));
};

const group = '/sys/kernel/iommu_groups/0/type\tDMA\n';

describe('a snapshot on disk', () => {
  it('takes the files beside topology.txt along and names them', () => {
    put(
      'host7/topology.txt',
      `${group}/sys/class/iommu/dmar0/intel-iommu/cap\t400\n/sys/class/iommu/dmar0/intel-iommu/ecap\t80000000000\n`,
    );
    put('host7/cmdline.txt', 'intel_iommu=on,sm_on\n');
    put('host7/uname.txt', 'Linux host7 6.12.117 #1 SMP x86_64 GNU/Linux\n');
    put('host7/dmesg.txt', Buffer.from('DMAR-IR: Enabled IRQ remapping in xapic mode\nvendor \xff\n', 'latin1'));
    const { topology } = readSnapshot(join(folder, 'host7'));
    expect(topology).toMatchObject({ name: 'host7', kernel: '6.12.117', system: { isolatedMsi: true } });
    expect(topology.iommus[0]?.attributes).toMatchObject({ scalableMode: true });
    expect(topology.source).toBe(`${join(folder, 'host7', 'topology.txt')} with cmdline.txt, dmesg.txt, uname.txt`);
    expect(readSnapshot(join(folder, 'host7/topology.txt')).topology).toEqual(topology);
  });

  it('takes a file of another name alone', () => {
    put('host8.txt', group);
    put('uname.txt', 'Linux host7 6.12.117 #1 SMP x86_64 GNU/Linux\n');
    const { topology } = readSnapshot(join(folder, 'host8.txt'));
    expect(topology).toMatchObject({ name: 'host8', source: join(folder, 'host8.txt') });
    expect(topology.kernel).toBeUndefined();
  });

  it.each([
    ['a byte on line 3', Buffer.from(`${group}\n/sys/a\t\xff\n`, 'latin1'), 3],
    ['a character cut at the end', Buffer.from([...Buffer.from(group), 0xe2, 0x82]), 2],
    ['UTF-16', Buffer.from(`\uFEFF${group}`, 'utf16le'), 1],
  ])('refuses other bytes than UTF-8: %s', (_, bytes, line) => {
    put('bad.txt', bytes);
    expect(() => readSnapshot(join(folder, 'bad.txt'))).toThrow(`bad.txt:${line}: expected text in UTF-8, found other bytes`);
  });

  it('refuses a huge file without reading it', () => {
    put('huge.txt', '');
    truncateSync(join(folder, 'huge.txt'), limit + 1);
    expect(() => readSnapshot(join(folder, 'huge.txt'))).toThrow('huge.txt: expected at most 67108864 bytes, found 67108865');
  });

  it('refuses what is not there', () => {
    expect(() => readSnapshot(join(folder, 'none'))).toThrow('none: expected a file, or a folder with topology.txt, found neither');
    expect(() => readSnapshot(folder)).toThrow('topology.txt: expected a file, or a folder with topology.txt, found neither');
  });
});

const makeSysfs = (): void => {
  const device = 'sys/devices/pci0000:00/0000:00:01.0';
  put('sys/kernel/iommu_groups/4/type', 'DMA-FQ\n');
  put('sys/kernel/iommu_groups/4/reserved_regions', '0x00000000fee00000 0x00000000feefffff msi\n0x0 0xfff direct\n');
  link('sys/kernel/iommu_groups/4/devices/0000:00:01.0', '../../../../devices/pci0000:00/0000:00:01.0');
  put('sys/kernel/iommu_groups/5/type', 'identity\n');
  put('sys/kernel/iommu_groups/5/reserved_regions', '');
  link('sys/kernel/iommu_groups/5/devices/9040000.ethernet', '../../../../devices/platform/9040000.ethernet');
  put('sys/devices/virtual/iommu/dmar0/intel-iommu/cap', 'd2008c222f0606\n');
  put('sys/devices/virtual/iommu/dmar0/intel-iommu/ecap', 'f00fca\n');
  put('sys/devices/virtual/iommu/dmar0/intel-iommu/domains_supported', '256\n');
  link('sys/devices/virtual/iommu/dmar0/devices/0000:00:01.0', '../../../../pci0000:00/0000:00:01.0');
  link('sys/class/iommu/dmar0', '../../devices/virtual/iommu/dmar0');
  put(`${device}/class`, '0x020000\n');
  put(`${device}/vendor`, '0x8086\n');
  link(`${device}/driver`, '../../../bus/pci/drivers/vfio-pci');
  link(`${device}/iommu_group`, '../../../kernel/iommu_groups/4');
  link(`${device}/iommu`, '../../virtual/iommu/dmar0');
  link('sys/bus/pci/devices/0000:00:01.0', '../../../devices/pci0000:00/0000:00:01.0');
  put('sys/devices/pci0000:00/0000:00:02.0/class', '0x060000\n');
  link('sys/bus/pci/devices/0000:00:02.0', '../../../devices/pci0000:00/0000:00:02.0');
  link('sys/devices/platform/9040000.ethernet/iommu_group', '../../../kernel/iommu_groups/5');
  link('sys/bus/platform/devices/9040000.ethernet', '../../../devices/platform/9040000.ethernet');
  put('sys/devices/platform/rtc/uevent', '');
  link('sys/bus/platform/devices/rtc', '../../../devices/platform/rtc');
  put('sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts', 'Y\n');
  put('proc/cmdline', 'intel_iommu=on\n');
  put('proc/version', 'Linux version 6.12.117 (a@b) (gcc) #1 SMP\n');
  put('proc/sys/kernel/arch', 'x86_64\n');
  put('dev/kmsg', '6,1,0,-;DMAR-IR: Enabled IRQ remapping in xapic mode\n6,2,1,-;usb 1-1: new device\n');
};

describe('a live /sys', () => {
  it('is read into the lines of a snapshot, in one order', () => {
    makeSysfs();
    const { lines, notes } = readSysfs(folder);
    expect(notes).toEqual([]);
    expect(lines).toEqual([
      '/sys/kernel/iommu_groups/4/type\tDMA-FQ',
      '/sys/kernel/iommu_groups/4/reserved_regions\t0x00000000fee00000 0x00000000feefffff msi',
      '/sys/kernel/iommu_groups/4/reserved_regions\t0x0 0xfff direct',
      '/sys/kernel/iommu_groups/4/devices/0000:00:01.0\t-> ../../../../devices/pci0000:00/0000:00:01.0',
      '/sys/kernel/iommu_groups/5/type\tidentity',
      '/sys/kernel/iommu_groups/5/reserved_regions\t',
      '/sys/kernel/iommu_groups/5/devices/9040000.ethernet\t-> ../../../../devices/platform/9040000.ethernet',
      '/sys/class/iommu/dmar0\t-> ../../devices/virtual/iommu/dmar0',
      '/sys/class/iommu/dmar0/intel-iommu/cap\td2008c222f0606',
      '/sys/class/iommu/dmar0/intel-iommu/ecap\tf00fca',
      '/sys/class/iommu/dmar0/intel-iommu/domains_supported\t256',
      '/sys/class/iommu/dmar0/devices/0000:00:01.0\t-> ../../../../pci0000:00/0000:00:01.0',
      '/sys/bus/pci/devices/0000:00:01.0\t-> ../../../devices/pci0000:00/0000:00:01.0',
      '/sys/bus/pci/devices/0000:00:01.0/class\t0x020000',
      '/sys/bus/pci/devices/0000:00:01.0/driver\t-> ../../../bus/pci/drivers/vfio-pci',
      '/sys/bus/pci/devices/0000:00:01.0/iommu_group\t-> ../../../kernel/iommu_groups/4',
      '/sys/bus/pci/devices/0000:00:01.0/iommu\t-> ../../virtual/iommu/dmar0',
      '/sys/bus/pci/devices/0000:00:02.0\t-> ../../../devices/pci0000:00/0000:00:02.0',
      '/sys/bus/pci/devices/0000:00:02.0/class\t0x060000',
      '/sys/bus/platform/devices/9040000.ethernet\t-> ../../../devices/platform/9040000.ethernet',
      '/sys/bus/platform/devices/9040000.ethernet/iommu_group\t-> ../../../kernel/iommu_groups/5',
      '/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts\tY',
      '/proc/cmdline\tintel_iommu=on',
      '/proc/version\tLinux version 6.12.117 (a@b) (gcc) #1 SMP',
      '/proc/sys/kernel/arch\tx86_64',
      '/dev/kmsg\t6,1,0,-;DMAR-IR: Enabled IRQ remapping in xapic mode',
    ]);
  });

  it('gives the same topology as its lines', () => {
    makeSysfs();
    const { topology, notes } = readMachine(folder, 'host7');
    expect(topology).toEqual(topologyFromSnapshot(readSysfs(folder).lines, { source: `sysfs below ${folder}` }, 'host7').topology);
    expect(notes).toEqual([{ line: 0, note: 'left out, in no group: 1 device (0000:00:02.0)', text: '' }]);
    expect(topology).toMatchObject({
      kernel: '6.12.117',
      system: { allowUnsafeInterrupts: true, isolatedMsi: true, architecture: 'x86_64' },
    });
    expect(topology.iommus[0]?.attributes).toMatchObject({ snoopControl: true, domainIds: 256, domainIdsFree: 254 });
    expect(topology.groups.map(({ devices }) => devices[0]?.attributes.requireDirect)).toEqual([true, false]);
  });

  it('notes what is there and cannot be read', () => {
    makeSysfs();
    mkdirSync(join(folder, 'sys/kernel/iommu_groups/6/type'), { recursive: true });
    const path = '/sys/kernel/iommu_groups/6/type';
    expect(readSysfs(folder).notes).toEqual([{ line: 0, note: 'type could not be read: EISDIR', text: path }]);
    expect(readMachine(folder, 'host7').notes[0]).toEqual({ line: 0, note: 'type could not be read: EISDIR', text: path });
  });

  it('refuses a root without sys', () => {
    expect(() => readSysfs(folder)).toThrow('expected a folder that holds sys, found none');
  });
});
