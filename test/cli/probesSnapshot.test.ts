// The script of `attachlab probes --snapshot`, run on a folder that stands for a machine: it says what the reader of a live /sys reads, and
// beyond that who holds what and which tables are walked.
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command } from '../../src/cli/commands/probes.ts';
import { holdersOf } from '../../src/recordings/processes.ts';
import { topologyFromSnapshot } from '../../src/recordings/snapshot.ts';
import { Snapshot } from '../../src/recordings/snapshotLines.ts';
import { readSysfs } from '../../src/recordings/sysfs.ts';
import { recordedTable } from '../support/acpiTables.ts';
import { called } from '../support/called.ts';
import { type Machine, openMachine } from '../support/fakeTracefs.ts';

const files: Readonly<Record<string, string>> = {
  '/sys/kernel/iommu_groups/5/reserved_regions':
    '0x00000000fee00000 0x00000000feefffff msi\n0x0000000030000000 0x000000003000ffff direct\n',
  '/sys/kernel/iommu_groups/11/type': 'DMA-FQ\n',
  '/sys/kernel/iommu_groups/11/reserved_regions': '',
  '/sys/class/iommu/dmar0/intel-iommu/cap': 'd2008c40660462\n',
  '/sys/class/iommu/dmar0/intel-iommu/ecap': 'f00f5a\n',
  '/sys/class/iommu/dmar0/intel-iommu/domains_supported': '65536\n',
  '/sys/class/iommu/dmar0/intel-iommu/domains_used': '14\n',
  '/sys/devices/pci0000:00/0000:00:10.0/class': '0x020000\n',
  '/sys/devices/pci0000:00/0000:00:10.0/vendor': '0x8086\n',
  '/sys/devices/pci0000:00/0000:00:10.0/vfio-dev/vfio0/dev': '511:0\n',
  '/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts': 'N\n',
  '/sys/module/vfio/parameters/enable_unsafe_noiommu_mode': 'N\n',
  '/sys/kernel/debug/iommu/intel/dmar_translation_struct': 'IOMMU dmar0: Root Table Address: 0x104800000\n',
  '/sys/kernel/debug/iommu/intel/0000:00:10.0/domain_translation_struct': 'Device 0000:00:10.0 @0x104c01000\nIOVA_PFN\t\tPML5E\n',
  '/proc/version': 'Linux version 6.12.117-test\n',
  '/proc/vmstat': 'nr_free_pages 12\nnr_iommu_pages 34\n',
  '/proc/77/comm': 'qemu-system-x86\n',
  '/proc/77/limits':
    'Limit                     Soft Limit           Hard Limit           Units     \nMax locked memory         8388608              unlimited            bytes     \n',
  '/proc/77/status': 'Name:\tqemu-system-x86\nVmLck:\t    4096 kB\nVmPin:\t       0 kB\n',
  '/proc/77/cgroup': '0::/machine.slice\n',
  '/proc/78/comm': 'sh\n',
  '/dev/kmsg': '[    0.451344] DMAR-IR: Enabled IRQ remapping in xapic mode\n',
  '/dev/vfio/5': '',
};

const links: Readonly<Record<string, string>> = {
  '/sys/kernel/iommu_groups/5/devices/0000:00:10.0': '../../../../devices/pci0000:00/0000:00:10.0',
  '/sys/class/iommu/dmar0/devices/0000:00:10.0': '../../../../devices/pci0000:00/0000:00:10.0',
  '/sys/bus/pci/devices/0000:00:10.0': '../../../devices/pci0000:00/0000:00:10.0',
  '/sys/devices/pci0000:00/0000:00:10.0/iommu_group': '../../../kernel/iommu_groups/5',
  '/sys/devices/pci0000:00/0000:00:10.0/iommu': '../../../class/iommu/dmar0',
  '/sys/devices/pci0000:00/0000:00:10.0/driver': '../../../bus/pci/drivers/vfio-pci',
  '/proc/77/fd/9': '/dev/vfio/5',
  '/proc/77/fd/10': '/dev/vfio/vfio',
  '/proc/77/fd/11': 'anon_inode:[vfio-device]',
  '/proc/77/fd/12': '/var/lib/disk.img',
  '/proc/78/fd/0': '/dev/null',
};

const tables = '/sys/firmware/acpi/tables';

const madeUp = (): Machine => {
  const machine = openMachine();
  mkdirSync(join(machine.root, tables), { recursive: true });
  writeFileSync(join(machine.root, tables, 'DMAR'), recordedTable('DMAR-intel_rmrr').bytes);
  for (const [path, text] of Object.entries(files)) machine.write(path, text);
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(machine.root, path)), { recursive: true });
    symlinkSync(target, join(machine.root, path));
  }
  return machine;
};

const shells = ['dash', 'bash'].filter((shell) => spawnSync(shell, ['-c', ':']).status === 0);

describe.each(shells)('the snapshot script in %s', (shell) => {
  it('says every line that the reader of a live /sys reads', async () => {
    const machine = madeUp();
    const { out, code, err } = machine.run((await called(command, ['--snapshot'])).out, [], shell);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = new Set(out.split('\n'));
    expect(readSysfs(machine.root).lines.filter((line) => !lines.has(line))).toEqual([]);
    const { topology, notes, tables: read } = topologyFromSnapshot(out, {}, 'made-up');
    expect(lines.has(`${tables}/DMAR\t44 4d 41 52 b8 00 00 00 01 ab 42 4f 43 48 53 20`)).toBe(true);
    expect(read).toMatchObject([{ signature: 'DMAR', bytes: 184 }]);
    expect(notes.map(({ note }) => note).filter((note) => note.startsWith('expected'))).toEqual([]);
    expect(topology).toMatchObject({
      kernel: '6.12.117',
      system: { isolatedMsi: true },
      iommus: [{ id: 'dmar0', attributes: { domainIdsUsed: 14 } }],
    });
  });

  it('says who holds what, and the counters', async () => {
    const { out } = madeUp().run((await called(command, ['--snapshot'])).out, [], shell);
    const [holder, ...others] = holdersOf(new Snapshot(out.split('\n')));
    expect(others).toEqual([]);
    expect(holder).toMatchObject({ pid: 77, comm: 'qemu-system-x86', limit: { bytes: 8388608 }, locked: 4096 * 1024 });
    expect(holder!.files.map(({ descriptor, target }) => `${descriptor} ${target}`)).toEqual([
      '9 /dev/vfio/5',
      '10 /dev/vfio/vfio',
      '11 anon_inode:[vfio-device]',
    ]);
    expect(out).toContain('\n/proc/vmstat\tnr_iommu_pages 34\n');
    expect(out).toContain('\n/sys/kernel/debug/iommu/intel/dmar_translation_struct\tIOMMU dmar0: Root Table Address: 0x104800000\n');
    expect(out).not.toContain('nr_free_pages');
    expect(out).not.toContain('/proc/78');
  });

  it('walks the tables only when asked, and keeps the line with the root', async () => {
    const machine = madeUp();
    const script = (await called(command, ['--snapshot'])).out;
    const line = '/sys/kernel/debug/iommu/intel/0000:00:10.0/domain_translation_struct\tDevice 0000:00:10.0 @0x104c01000\n';
    expect(machine.run(script, [], shell).out).not.toContain(line);
    const asked = machine.run(`ATTACHLAB_TABLES=1\n${script}`, [], shell).out;
    expect(asked).toContain(line);
    expect(asked).not.toContain('IOVA_PFN');
  });
});
