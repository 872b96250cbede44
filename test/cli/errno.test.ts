// `attachlab errno` on the command line: messages of user space, what is refused and with which hint, and the shape of the answer.
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { command } from '../../src/cli/commands/errno.ts';
import { errnoIn } from '../../src/explain/errnoTexts.ts';
import { userMessageIn } from '../../src/explain/userMessages.ts';
import { called } from '../support/called.ts';
import { openBench } from '../support/commandLine.ts';

const bench = openBench('errno');
const holder = 'test/recordings/snapshots/6.1-x86_64-intel-holder.txt';
const topology = 'test/recordings/topologies/6.1-x86_64-intel_noir-basic.txt';
const dmesg = 'test/recordings/logs/6.1-x86_64-intel_noir-basic.txt';

/** As the programs print them; the call and the errno they stand for. */
const messages: readonly (readonly [message: string, call: string | null, errno: string | undefined])[] = [
  [
    'qemu-system-x86_64: -device vfio-pci,host=03:00.0: vfio 0000:03:00.0: failed to setup container for group 5: Failed to set iommu for container: Operation not permitted',
    'VFIO_SET_IOMMU',
    'EPERM',
  ],
  [
    'vfio 0000:03:00.0: failed to setup container for group 12: Failed to set group container: Device or resource busy',
    'VFIO_GROUP_SET_CONTAINER',
    'EBUSY',
  ],
  [
    'vfio 0000:03:00.0: failed to setup container for group 12: memory listener initialization failed: Region pc.ram: vfio_container_dma_map(0x55d0, 0x0, 0x80000000, 0x7f00) = -12 (Cannot allocate memory)',
    'VFIO_IOMMU_MAP_DMA',
    'ENOMEM',
  ],
  ['vfio_dma_map(0x55d0c0, 0x100000000, 0x80000000, 0x7f1) = -28 (No space left on device)', 'VFIO_IOMMU_MAP_DMA', 'ENOSPC'],
  ['vfio 0000:01:00.0: error getting device from group 11: No such device', 'VFIO_GROUP_GET_DEVICE_FD', 'ENODEV'],
  ['vfio 0000:01:00.0: failed to open /dev/vfio/11: Device or resource busy', 'open_group', 'EBUSY'],
  ["internal error: unable to open '/dev/vfio/11': Permission denied", 'open_group', 'EACCES'],
  ['vfio 0000:01:00.0: [iommufd=25] error attach 0000:01:00.0 (29) to id=7: Invalid argument', 'VFIO_DEVICE_ATTACH_IOMMUFD_PT', 'EINVAL'],
  ['vfio 0000:01:00.0: error bind device fd=29 to iommufd=25: Operation not permitted', 'VFIO_DEVICE_BIND_IOMMUFD', 'EPERM'],
  ['EAL: 0000:01:00.0 cannot add VFIO group to container, error 22 (Invalid argument)', 'VFIO_GROUP_SET_CONTAINER', 'EINVAL'],
  ['EAL: Cannot set up DMA remapping, error 12 (Cannot allocate memory)', 'VFIO_IOMMU_MAP_DMA', 'ENOMEM'],
  ['EAL: 0000:01:00.0 failed to select IOMMU type', 'VFIO_SET_IOMMU', undefined],
  ["failed to set container's IOMMU driver type as VfioType1V2: Operation not permitted (os error 1)", 'VFIO_SET_IOMMU', 'EPERM'],
  ['failed to add vfio group into vfio container', 'VFIO_GROUP_SET_CONTAINER', undefined],
  ['vfio 0000:01:00.0: group 12 is not viable', 'VFIO_GROUP_SET_CONTAINER', 'EPERM'],
  [
    'EAL: 0000:03:00.0 VFIO group is not viable! Not all devices in IOMMU group bound to VFIO or unbound',
    'VFIO_GROUP_SET_CONTAINER',
    'EPERM',
  ],
  ['group is not viable', 'VFIO_GROUP_SET_CONTAINER', 'EPERM'],
  ['vfio 0000:01:00.0: group 1 used in multiple address spaces', null, undefined],
  ['EAL: Maximum number of VFIO groups reached!', null, undefined],
  ['vfio 0000:01:00.0: Failed to allocate ioas: Cannot allocate memory', 'IOMMU_IOAS_ALLOC', 'ENOMEM'],
  ['vfio 0000:01:00.0: Failed to open /dev/vfio/14: Device or resource busy', 'open_group', 'EBUSY'],
  ['vfio: DMA mapping failed, unable to continue', 'VFIO_IOMMU_MAP_DMA', undefined],
  ['vfio_container_dma_unmap(0x55d0, 0x0, 0x80000000) = -22 (Invalid argument)', 'VFIO_IOMMU_UNMAP_DMA', 'EINVAL'],
];

test.each(messages)('%s', (message, call, errno) => {
  expect(userMessageIn(message)?.call).toBe(call);
  expect(errnoIn(message) ?? userMessageIn(message)?.errno).toBe(errno);
});

describe('attachlab errno', () => {
  it('answers a message with what its call and errno are, on the machine given', async () => {
    const { out, code } = await called(command, ['--message', messages[0]![0], '--topology', topology, '--dmesg', dmesg]);
    expect(code).toBe(0);
    expect(out.split('\n').slice(0, 14)).toEqual([
      'QEMU prints this for VFIO_SET_IOMMU: the container is new: a fresh domain',
      '  is allocated and attached',
      '',
      '-EPERM from VFIO_SET_IOMMU, model of linux 6.1.192',
      '  vfio_ioctl_set_iommu()',
      `  read: ${topology},`,
      `  ${dmesg}`,
      '',
      'Shown by the inputs (1)',
      '',
      'type1-no-interrupt-remapping  (vfio-type1, check)',
      '  interrupts are not isolated, and the override parameter is off',
      '  vfio_iommu_type1.c: vfio_iommu_type1_attach_group():2353-2362',
      '  + the kernel log has its message',
    ]);
    expect(out).toContain('\n1 of 2 causes left.\n');
  });

  it.each([
    { argv: ['EINVAL', '--call', 'VFIO_GROUP_SET_CONTAINER'] },
    { argv: ['ENOMEM', '--call', 'VFIO_DEVICE_ATTACH_IOMMUFD_PT', '--topology', topology, '--kernel', '6.12'] },
    { argv: ['EPERM', '--call', 'set_iommu', '--topology', topology, '--dmesg', dmesg] },
  ])('is at most 75 columns wide for $argv', async ({ argv }) => {
    const { out } = await called(command, argv);
    expect(out.split('\n').filter((line) => line.length > 75)).toEqual([]);
  });

  it('gives the same as JSON', async () => {
    const { out } = await called(command, ['EPERM', '--call', 'VFIO_SET_IOMMU', '--topology', topology, '--dmesg', dmesg, '--json']);
    const answer = JSON.parse(out);
    expect(answer).toMatchObject({
      kind: 'errno',
      version: 1,
      errno: 'EPERM',
      call: 'VFIO_SET_IOMMU',
      kernel: '6.1.y',
      leftOut: 0,
      message: null,
    });
    expect(answer.causes.map(({ id, status }: { id: string; status: string }) => [id, status])).toEqual([
      ['type1-no-interrupt-remapping', 'shown'],
      ['intel-rmrr-unmanaged', 'ruled-out'],
    ]);
  });

  it.each([
    {
      argv: ['EPREM', '--call', 'VFIO_SET_IOMMU'],
      says: 'no errno of any call is named EPREM; did you mean EPERM? known: EADDRINUSE, EACCES',
    },
    { argv: ['EPERM', '--call', 'VFIO_SET_IOMU'], says: 'no call is named VFIO_SET_IOMU; did you mean VFIO_SET_IOMMU? known: ' },
    { argv: ['EPERM'], says: 'expected an errno with --call, or --message, found neither' },
    { argv: ['EPERM', '--call', 'VFIO_SET_IOMMU', '--dmesg', 'no-such-file'], says: 'no-such-file: expected a file, found none' },
    { argv: ['EPERM', '--call', 'VFIO_SET_IOMMU', '--kernel', '5.4.y'], says: 'no kernel is named 5.4.y' },
    {
      argv: ['EPERM', '--call', 'VFIO_SET_IOMMU', '--topology', topology, '--group', '77'],
      says: 'no group of the machine is 77; known: 0, 1, 2',
    },
  ])('refuses $argv', async ({ argv, says }) => {
    await expect(called(command, argv)).rejects.toThrow(says.split(' known: ')[0]);
  });

  it.each([
    {
      argv: ['EXDEV', '--call', 'VFIO_GROUP_UNSET_CONTAINER', '--kernel', '6.1'],
      says: 'nothing that is known gives -EXDEV at VFIO_GROUP_UNSET_CONTAINER in linux',
    },
    { argv: ['--message', 'Segmentation fault'], says: 'no message of user space that is known is like this one' },
    { argv: ['--message', messages[13]![0]], says: 'The message has no errno' },
    { argv: ['--message', messages[18]![0]], says: 'DPDK prints this: a limit of the program itself' },
  ])('says that nothing is known and ends with 1 for $argv', async ({ argv, says }) => {
    const { out, code } = await called(command, argv);
    expect(code).toBe(1);
    expect(out).toContain(says);
  });

  it('prints nothing of a snapshot that a terminal would obey, and says which release the machine runs', async () => {
    const held = ['/proc/9/fd/3\t-> /dev/vfio/5', '/proc/9/comm\t\u001b[31mred', ''].join('\n');
    const file = bench.file('hostile.txt', `${readFileSync(holder, 'utf8').replaceAll(/^\/proc\/374.*\n/gm, '')}${held}`);
    const { out } = await called(command, ['EBUSY', '--call', 'open_group', '--topology', file, '--group', '5']);
    expect(out).toContain('  + process 9 (?[31mred) has /dev/vfio/5 open\n');
    expect(out).toContain('\n  the machine runs linux 6.1.176\n');
    expect(out.match(/\p{C}/gu)!.every((character) => character === '\n')).toBe(true);
  });

  it('shows which device makes a group not viable', async () => {
    const snapshot = readFileSync(holder, 'utf8').replace(/^(.*devices\/0000:05:01.0\/driver\t.*drivers\/).*$/m, '$1e1000e');
    const file = bench.file('bound.txt', snapshot);
    const { out, code } = await called(command, ['--message', 'vfio 0000:04:00.0: group 11 is not viable', '--topology', file]);
    expect(code).toBe(0);
    expect(out).toContain('-EPERM from VFIO_GROUP_SET_CONTAINER');
    expect(out).toContain('Shown by the inputs (1)\n\ncore-claim-group-owned');
    expect(out).toContain('/sys/bus/pci/devices/0000:05:01.0/driver');
  });

  it('names the calls that give an errno where none is named', async () => {
    const found = await called(command, ['EEXIST', '--kernel', '6.1.y']).catch((error: Error) => error.message.split('\n')[1]);
    expect(found).toMatch(/^Calls that give it: .*VFIO_IOMMU_MAP_DMA/);
  });

  it('takes an errno beside a message that has none', async () => {
    const { out, code } = await called(command, ['EBUSY', '--message', messages[13]![0], '--kernel', '6.1.y']);
    expect(code).toBe(0);
    expect(out).toContain('-EBUSY from VFIO_GROUP_SET_CONTAINER, model of linux 6.1.192');
  });
});
