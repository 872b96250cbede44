// `attachlab facts` as a user calls it: filters, one row, a pasted log line, coverage, JSON, and what is refused.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command } from '../../src/cli/commands/facts.ts';
import { Failure } from '../../src/core/failure.ts';
import { type Called, called } from '../support/called.ts';

const facts = (...argv: string[]): Promise<Called> => called(command, argv);

const idsOf = async (...argv: string[]): Promise<string[]> => {
  const { rows } = JSON.parse((await facts(...argv, '--json')).out) as { rows: { id: string }[] };
  return rows.map(({ id }) => id);
};

const failure = async (...argv: string[]): Promise<string> => {
  const error: unknown = await facts(...argv).catch((thrown: unknown) => thrown);
  return error instanceof Failure ? `${error.code}: ${error.message.split('\n')[0]}` : String(error);
};

describe('filters', () => {
  it.each([
    [
      ['--site', 'domain_attach_iommu:1506'],
      ['intel-instance-record-alloc', 'intel-nested-instance-attach/record'],
    ],
    [['--site', 'intel_iommu_attach_device', '--errno', 'EPERM'], ['intel-rmrr-unmanaged']],
    [['--driver', 'intel', '--kernel', '6.12.y', '--errno', '-einval', '--class', 'device'], []],
    [['--driver', 'sprd', '--class', 'incompatible'], ['sprd-domain-in-use']],
    [['--driver', 'sprd', '--errno', '22'], ['sprd-domain-in-use']],
    [['--site', 'intel_iommu_attach_device', '--errno', '-1'], ['intel-rmrr-unmanaged']],
    [['--driver', 'virtio-iommu', '--kernel', '6.1.y', '--errno', 'EXDEV'], ['virtio-foreign-viommu']],
    [['--driver', 'virtio-iommu', '--kernel', '6.12.y', '--errno', 'EXDEV'], []],
    [['--driver', 'kapi', '--errno', 'ESHUTDOWN'], ['clk-enable']],
    [['--driver', 'vfio-container', '--errno', 'EBADFD'], ['vfio-set-container-not-a-container']],
    [
      ['--driver', 'core', '--class', 'busy', '--kernel', '6.1.y'],
      ['core-attach-group-busy', 'core-claim-group-owned', 'core-claim-not-default', 'core-use-default-owned'],
    ],
    [['--site', 'iommu_device_claim_dma_owner+0x1c/0x80', '--errno', 'ENODEV'], ['core-claim-device-no-group']],
  ])('%j picks %j', async (argv, ids) => {
    expect(await idsOf(...argv)).toEqual(ids);
  });

  it('narrows to a kernel and takes a part of a function name when no whole one fits', async () => {
    expect(await idsOf('--driver', 'vhost-vdpa', '--kernel', '6.12.y')).toEqual([
      'vdpa-not-open',
      'vdpa-not-coherent',
      'vdpa-domain-alloc',
      'vdpa-attach',
    ]);
    expect(await idsOf('--driver', 'sprd', '--site', 'sprd_iommu_domain_all')).toEqual([
      'sprd/domain-type',
      'sprd/domain-record',
      'sprd/geometry',
    ]);
  });

  it('says when nothing matches, and why a kernel lacks a driver', async () => {
    expect(await facts('--driver', 'sprd', '--errno', 'EXDEV')).toEqual({ out: expect.stringMatching(/^no row matches\n/), code: 1 });
    expect(await facts('--driver', 'tegra-gart', '--kernel', '6.12.y')).toEqual({
      out: expect.stringMatching(/^tegra-gart on 6.12: n\/a, the driver was removed before 6.12\n/),
      code: 1,
    });
    expect((await facts('--driver', 'tegra-gart')).out).toContain('n/a      6.12: the driver was removed before 6.12');
  });
});

describe('one row', () => {
  it('says everything about it', async () => {
    const { out, code } = await facts('intel-force-snooping-unsupported');
    expect(code).toBe(0);
    expect(out.split('\n\n')[0]).toBe(
      [
        'intel-force-snooping-unsupported  (intel, check, incompatible)',
        '  the domain forces snooped DMA and the instance has no snoop control',
        '  refuses  domain.forceSnooping && !iommu.snoopControl',
        '  errno    6.1: -EOPNOTSUPP',
        '           seed-v6: -EMEDIUMTYPE',
        '           6.12: -EINVAL',
        '  reacts   vfio-type1 tries the next domain (6.1, 6.12)',
        '           vfio-type1-seed tries the next domain (seed-v6)',
        '           iommufd-auto tries the next domain (6.12)',
        '  cite     6.1, seed-v6: intel/iommu.c:',
        '             prepare_domain_attach_device():4287-4288',
        '           6.12: intel/iommu.c: prepare_domain_attach_device():3667-3668',
        '  path     6.1, seed-v6: attach, attachIdentity',
        '           6.12: attach',
        '  under a contract over 6.12: its errno, and what a search makes of it',
        '    legacy-type1      -EINVAL         next',
        '    emediumtype       -EMEDIUMTYPE    next',
        '    einval-exclusive  -EINVAL         next',
        '    einval-soft       -EINVAL         next',
        '    out-param         -EINVAL:domain  next',
        '    interim           -EINVAL         next',
      ].join('\n'),
    );
  });

  it('names the column that contracts start from: the newest that has the row, or the one that was asked for', async () => {
    const start = async (...argv: string[]) =>
      /under a contract over (\S+):.*\n +legacy-type1 +(\S+)/.exec((await facts(...argv)).out)?.slice(1);
    expect(await start('sprd-domain-in-use')).toEqual(['seed-v6', '-EMEDIUMTYPE']);
    expect(await start('sprd-domain-in-use', '--kernel', '6.1.y')).toEqual(['6.1', '-EINVAL']);
    expect(await start('intel-nested-agaw')).toBeUndefined();
  });

  it('says that no search meets an errno of a nested attach', async () => {
    expect((await facts('intel-nested-agaw')).out).toContain(
      '\n  errno    6.12: -ENODEV\n  reacts   not searched: a nested domain is made and attached by hand\n',
    );
    const nested = (await facts('--driver', 'intel-nested')).out;
    expect(nested.match(/^ {2}reacts .*/gm)!.filter((line) => !line.includes('not searched'))).toEqual([]);
    expect((await facts('intel-nested/domain-record')).out).not.toContain('reacts');
    expect((await facts('--driver', 'intel')).out).not.toContain('not searched');
  });

  it('says of an allocation where, with which flags, and how it can fail', async () => {
    const { out } = await facts('intel-cache-tag-alloc');
    expect(out).toContain('  at       6.12: cache_tag_assign:52, GFP_KERNEL, small-sleeping\n');
    expect(out).toContain('  n/a      6.1, seed-v6: no such allocation\n');
    expect(out).toContain('           vfio-type1 tries the next domain (6.12)\n');
  });

  it('shows the other rows of an entry, what an effect does, and the record of a kernel API', async () => {
    expect(await idsOf('type1-iova-exclude')).toEqual(['type1-iova-exclude', 'type1-iova-exclude/empty']);
    expect((await facts('virtio-iommu/count-off')).out).toContain(
      '  does     device.domain.endpoints -= 1\n  undo     kept when a later row refuses\n',
    );
    expect((await facts('pm-runtime-resume')).out).toContain('  sticky   after a first failure -EINVAL for ever\n');
  });
});

describe('a kernel log line', () => {
  it.each([
    ['[   12.345678] DMAR: dmar0: No free domain ids', 'intel-domain-ids-exhausted', 'exact', { 'iommu name': 'dmar0' }],
    ['<3>[   12.3] [  T81] vfio-pci 0000:05:01.0: cannot attach to stall-enabled domain', 'arm-smmu-v3-stall-mismatch', 'exact', {}],
    [
      'Mar  3 10:00:01 host kernel: vfio-pci 0000:05:01.0: cannot attach to SMMU arm-smmu-v3.1.auto (upstream of arm-smmu-v3.0.auto)',
      'arm-smmu-v3-foreign-smmu',
      'exact',
      { 'domain smmu': 'arm-smmu-v3.1.auto', 'device smmu': 'arm-smmu-v3.0.auto' },
    ],
    ['qcom-iommu 1f08000.iommu: secure init failed: -22', 'qcom-iommu-secure-init-errno', 'exact', { ret: '-22' }],
    ['virtio_iommu virtio0: granule 0x10000 larger than system page size 0x1000', 'virtio-granule-too-large', 'exact', { hex: '1000' }],
    ['WARNING: CPU: 1 PID: 44 at drivers/iommu/iommu.c:3219 iommu_group_claim_dma_owner+0x9c/0xb0', 'core-claim-null-owner', 'warn', {}],
    [
      'vfio-pci 0000:05:01.0: Firmware has requested this device have a 1:1 mapping, rejecting it',
      'core-require-direct-blocked',
      'similar',
      {},
    ],
  ])('%s comes from %s', async (line, id, quality, values) => {
    const { matches } = JSON.parse((await facts('--dmesg', line, '--json')).out) as {
      matches: { entry: { id: string }; quality: string; values: object }[];
    };
    expect(matches[0]).toMatchObject({ entry: { id }, quality, values });
  });

  it('names every row that prints the same message, those that a run can meet first', async () => {
    const { out } = await facts('--dmesg', 'vfio-pci 0000:00:05.0: Setup RID2PASID failed');
    expect(out.startsWith('The line ends with dev_err "Setup RID2PASID failed" (6.1, seed-v6).\n')).toBe(true);
    const ids = out.split('\n').flatMap((line) => /^(intel-[\w-]+) {2}\(/.exec(line)?.[1] ?? []);
    expect(ids).toHaveLength(Number(/(\d+) rows print it/.exec(out)?.[1]));
    expect(ids.indexOf('intel-fl-level-unsupported')).toBeLessThan(ids.indexOf('intel-fl-entry-present'));
  });

  it('combines with filters, and says when no message is like it', async () => {
    expect((await facts('--dmesg', 'x 1: cannot attach to foreign vIOMMU', '--kernel', '6.12.y')).code).toBe(1);
    expect((await facts('--dmesg', 'x 1: cannot attach to foreign vIOMMU', '--kernel', '6.1.y')).code).toBe(0);
    expect(await facts('--dmesg', 'usb 1-1: new high-speed USB device')).toEqual({
      out: expect.stringMatching(/^no message of these rows is like the line/),
      code: 1,
    });
  });
});

describe('refusals', () => {
  it('of a row offer the nearest and at most ten that are alike, never the whole list', async () => {
    const message = await failure('intel-domain-ids-exhaused');
    const [, near, alike] = /^unknown-name: no row is named \S+; did you mean (\S+)\?; alike: (.*)$/.exec(message)!;
    const others = alike!.split(', ');
    expect([near, others.length]).toEqual(['intel-domain-ids-exhausted', 10]);
    expect(others.filter((id) => !/\b(intel|domain|ids)\b/.test(id))).toEqual([]);
    expect(others).not.toContain(near);
  });

  it.each([
    [['--driver', 'intle'], 'unknown-name: no driver is named intle; did you mean intel?'],
    [['--kernel', '6.12'], 'unknown-name: no kernel is named 6.12; did you mean 6.12.y?'],
    [['--errno', 'EINVL'], 'unknown-name: no errno of any row is named EINVL; did you mean EINVAL?'],
    [['--class', 'incompatibel'], 'unknown-name: no class is named incompatibel; did you mean incompatible?'],
    [['snooping'], 'unknown-name: no row is named snooping; alike: intel-force-snooping-unsupported'],
    [['NOSUCH'], 'unknown-name: no row is named NOSUCH'],
    [['--errno', '31'], expect.stringMatching(/^unknown-name: no errno of any row is named EMLINK; known: 0, E2BIG, /)],
    [['--errno', '-999'], 'unknown-name: no errno has the number 999'],
    [['--kernel', './none.yaml'], 'bad-overlay: no overlay file is at ./none.yaml'],
  ])('%j', async (argv, message) => {
    expect(await failure(...argv)).toEqual(message);
  });
});

it('shows what an overlay changes: errno and who reacts how', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'attachlab-facts-'));
  try {
    const file = join(folder, 'series.yaml');
    writeFileSync(
      file,
      'from: 6.12.y\nname: series\ncontinue: {iommufd-auto: [ENOMEM]}\nrows:\n  intel-force-snooping-unsupported: {errno: EOPNOTSUPP}\n',
    );
    const { out } = await facts('intel-force-snooping-unsupported', '--kernel', file);
    expect(out).toContain('  errno    -EOPNOTSUPP\n  reacts   iommufd-auto stops (6.12)\n');
    expect((await facts('intel-instance-record-alloc', '--kernel', file)).out).toContain('iommufd-auto tries the next domain (6.12)');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('tables', () => {
  it('has one line a row without filters', async () => {
    const { out } = await facts();
    expect(out).toContain('\nI intel-force-snooping-unsupported   -EOPNOTSUPP -EMEDIUMTYPE -EINVAL\n');
    expect(out).toContain('\nb amd-device-still-attached          -EBUSY\n');
    expect(out).toContain('\ntegra-gart   6.12: n/a, the driver was removed before 6.12\n');
    expect(out).toContain('\nO virtio-attach-request-status       -EINVAL+6\n');
    const ids = await idsOf();
    expect(ids.filter((id) => !new RegExp(`^. ${id}( |$)`, 'm').test(out))).toEqual([]);
  });

  it('counts coverage for all, or for one driver', async () => {
    expect((await facts('--coverage')).out).toMatch(/^all +223 +192 +27 +4 +\. +182 +148 +34 +\. +\d+$/m);
    const { out } = await facts('--coverage', '--driver', 'omap');
    expect(out).toMatch(/^omap +8 +6 +2 +\. +\. +6 +6 +\. +\. +\d+$/m);
    expect(out).toContain('No run reaches:\n  omap-zero-iommus\n');
    expect(out).not.toMatch(/^all /m);
  });

  it.each([
    [[]],
    [['--coverage']],
    [['--errno', 'EINVAL']],
    [['--class', 'transient-memory']],
    [['--class', 'other']],
    [['--driver', 'kapi']],
  ])('%j stays within 75 columns', async (argv) => {
    const { out } = await facts(...argv);
    expect(out.split('\n').filter((line) => line.length > 75)).toEqual([]);
  });
});
