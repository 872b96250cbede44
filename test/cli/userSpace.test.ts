// Callers of user space on the command line: the matrix with what the kernel returned and what the guest got, their algorithms, and
// that tables without them stay as they were.
import { describe, expect, it } from 'vitest';
import { command as matrix } from '../../src/cli/commands/matrix.ts';
import { command as run } from '../../src/cli/commands/run.ts';
import { command as show } from '../../src/cli/commands/show.ts';
import { called } from '../support/called.ts';

const headline = 'scenarios/enomem-duplicate-domain.yaml';
const lines = ({ out }: { out: string }): string[] => out.trimEnd().split('\n').slice(1);

describe('the matrix', () => {
  it('has what the kernel returned beside what the guest got', async () => {
    const callers = ['vfio-type1', 'iommufd-auto', 'qemu-container', 'qemu-iommufd', 'iommufd-compat'];
    const shown = await called(matrix, [headline, '--kernel', '6.12.y', '--caller', ...callers]);
    expect(shown.code).toBe(0);
    expect(lines(shown)).toEqual([
      'caller                    ioctls      guest    containers  domains  pinned',
      'vfio-type1 on 6.12.y      0           0        1           2        1',
      '    recorded; duplicate-domain',
      'iommufd-auto on 6.12.y    -ENOMEM     -ENOMEM  1           1        1',
      '    recorded',
      'qemu-container on 6.12.y  0           0        1           2        1',
      '    read; duplicate-domain',
      'qemu-iommufd on 6.12.y    -ENOMEM, 0  0        2           2        2',
      '    read',
      'iommufd-compat on 6.12.y  0, -ENOMEM  -ENOMEM  1           1        1',
      '    read',
    ]);
  });

  it('says what it has no column for below the row, in words', async () => {
    const shown = await called(matrix, [headline, '--caller', 'qemu-container']);
    expect(lines(shown)).toEqual([
      'caller                           ioctls      guest',
      'qemu-container on 6.1.y          0           0',
      '    1 container, 2 domains, pinned once; read; duplicate-domain',
      'qemu-container on 6.1.y+seed-v6  -ENOMEM, 0  0',
      '    2 containers, 2 domains, pinned twice; read',
      'qemu-container on 6.12.y         0           0',
      '    1 container, 2 domains, pinned once; read; duplicate-domain',
    ]);
  });

  it('has them as JSON, also of the kernel alone', async () => {
    const { out } = await called(matrix, [headline, '--kernel', '6.12.y', '--caller', 'qemu-iommufd', 'iommufd-auto', '--json']);
    const cells: Record<string, unknown>[] = JSON.parse(out).cells;
    const attach = 'VFIO_DEVICE_ATTACH_IOMMUFD_PT';
    expect(cells).toMatchObject([
      {
        userSpace: true,
        calls: [
          { call: attach, result: 'ENOMEM' },
          { call: 'IOMMU_HWPT_ALLOC', result: 'OK' },
          { call: attach, result: 'OK' },
        ],
        result: 'OK',
        containers: 2,
        domains: { c0: 1, 'c0+1': 1 },
        pinned: 2,
        expected: true,
      },
      { userSpace: false, calls: [{ call: attach, result: 'ENOMEM' }], result: 'ENOMEM', containers: 1, pinned: 1 },
    ]);
  });

  const callersOf = (shown: string): string[] => [...new Set([...shown.matchAll(/^(\S+) on /gm)].map(([, caller]) => caller!))];

  it('leaves them out where nobody names them, and has them with --user-space', async () => {
    const file = 'scenarios/amd-two-instances.yaml';
    const kernels = ['--kernel', '6.12.y'];
    const plain = await called(matrix, [file, ...kernels]);
    expect(callersOf(plain.out)).toEqual(['iommufd-auto', 'retry-any', 'vfio-type1', 'vfio-type1-seed']);
    expect(lines(plain)[0]).toBe('caller                     ioctl  domains  evidence  findings');
    const all = await called(matrix, [file, ...kernels, '--user-space']);
    const userSpace = ['iommufd-compat', 'qemu-container', 'qemu-iommufd'];
    expect(callersOf(all.out)).toEqual([...callersOf(plain.out), ...userSpace].sort());
  });

  it('has none where iommufd is not, with the reason', async () => {
    const shown = await called(matrix, [headline, '--kernel', '6.1.y', '--caller', 'qemu-iommufd', 'iommufd-compat']);
    expect(lines(shown)).toEqual([
      'caller                   ioctl  domains  evidence  findings',
      'qemu-iommufd on 6.1.y    n/a',
      'iommufd-compat on 6.1.y  n/a',
      'n/a: qemu-iommufd on 6.1.y: iommufd was merged in v6.2',
      'n/a: iommufd-compat on 6.1.y: iommufd was merged in v6.2',
    ]);
  });
});

describe('reports', () => {
  it('name the caller of the kernel below, whose search and source a finding is about', async () => {
    const { out } = await called(run, [headline, '--caller', 'qemu-container', '--no-store']);
    expect(out).toContain('model of linux 6.12.117; qemu-container, above vfio-type1, which tries the\n  next on any errno\n');
    expect(out).toContain('vfio-type1 takes -ENOMEM for "try the next" and goes on');
    expect(out).toContain('evidence (recorded): ');
  });

  it.each([
    ['qemu-container', 'attach', ['vfio_container_connect()', 'VFIO_GROUP_SET_CONTAINER', 'VFIO_IOMMU_MAP_DMA']],
    ['qemu-iommufd', 'attach', ['iommufd_cdev_attach()', '-EINVAL -> 1, -E* -> return it', 'IOMMU_HWPT_ALLOC']],
    ['iommufd-compat', 'attach', ['iommufd_vfio_compat_ioas_create()', 'VFIO_GROUP_GET_DEVICE_FD']],
    ['qemu-container', 'map', ['QEMU aborts', 'the next open container of the address space, oldest first']],
    ['qemu-iommufd', 'detach', ['iommufd_cdev_detach()', 'IOMMU_DESTROY']],
  ])('show caller %s --request %s', async (caller, request, words) => {
    const { out, code } = await called(show, ['caller', caller, '--request', request]);
    expect(code).toBe(0);
    for (const word of words) expect(out).toContain(word);
    expect(out.split('\n').filter((line) => line.length > 75)).toEqual([]);
  });
});
