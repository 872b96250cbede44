// What is asked of a tree beside its audit: what a series changes, two trees side by side, a claim, which commit brought a finding.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReturnSite } from '../../src/core/returnSites.ts';
import type { PatchEffect, SiteChange, TreeDifference } from '../../src/core/treeDifference.ts';
import { notApplying, seedSites } from '../lint/seedSites.ts';
import { excerptTree } from '../support/kernelExcerpts.ts';
import { openLint, wide } from '../support/lintCommand.ts';
import { commit, git } from '../support/repository.ts';

const { place, cache, kernel, lint, json } = openLint('lint-series');
afterAll(place.remove);

const seedMail = resolve('test/lint/seed-v6.patch.gz');
const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
const errno = (site: ReturnSite | null): string => site?.errnos.join('|') ?? 'none';
const changeLine = ({ driver, before, after }: SiteChange): string =>
  `${driver} ${errno(before)} -> ${errno(after)}: ${oneLine((after ?? before)!.condition)}`;

describe('--patch with the seed series', () => {
  interface Answer {
    readonly notes: readonly string[];
    readonly patches: readonly PatchEffect[];
  }

  it('names the hunks of amd and s390, and shows the other 14 sites and nothing else', async () => {
    const { out, code } = await lint(kernel('6.1'), '--patch', seedMail);
    expect(code).toBe(3);
    expect(wide(out)).toEqual([]);
    expect(out).toContain(
      'did not apply, so that what they change is not known:\n' +
        '  drivers/iommu/amd/iommu.c, hunk at line 1755: a line differs\n' +
        '  drivers/iommu/s390-iommu.c, hunk at line 127: a line differs\n',
    );
    const { patches, notes } = await json<Answer>(kernel('6.1'), '--patch', seedMail);
    expect(notes).toEqual(['of 5 patches 2, 3, 4, 5 are not in it']);
    expect(patches).toHaveLength(1);
    const expected = seedSites
      .filter(({ driver }) => !notApplying.includes(driver))
      .map((site) => `${site.driver} ${site.errno} -> EMEDIUMTYPE: ${site.condition}`);
    expect(patches[0]!.changes.map(changeLine).sort()).toEqual(expected.sort());
    expect(patches[0]!.changes.every(({ op, differs }) => op === 'attach_dev' && differs.includes('errno'))).toBe(true);
  });

  it('shows the messages that are removed', async () => {
    const { out } = await lint(kernel('6.1'), '--patch', seedMail);
    expect(
      oneLine(out)
        .match(/message dropped: \w+: .{11}/g)!
        .map((text) => text.slice('message dropped: '.length))
        .sort(),
    ).toEqual([
      'dev_err: %s: iommu w',
      "dev_err: Can't attac",
      ...Array(6).fill('dev_err: cannot atta'),
      'dev_err: iommu domai',
      "pr_err: There's alr",
    ]);
    expect(out).not.toContain('message added');
  });

  it('says which callers then behave differently, and which clauses it touches', async () => {
    const { out } = await lint(kernel('6.1'), '--patch', seedMail);
    const words = oneLine(out);
    expect(words).toContain('VFIO type1: no difference (goes on at any errno)');
    expect(words).toContain(
      "iommufd's automatic domain (goes on at -EINVAL, stops at others): 8 checks at which it stops, and went on before",
    );
    expect(words).toContain('not listed: EFAULT, EMEDIUMTYPE, ENXIO, EOPNOTSUPP, EXDEV');
    expect(words).toMatch(/findings: 14 new, 1\d gone, \d+ older/);
  });

  it('brings nothing under its own contract', async () => {
    const { patches } = await json<Answer>(kernel('6.1'), '--patch', seedMail, '--contract', 'emediumtype');
    expect(patches[0]!.findings.brought).toEqual([]);
    expect(patches[0]!.findings.mended.filter(({ rule }) => rule === 'incompatible-other-errno')).toHaveLength(14);
  });

  it('shows only one driver, where one is asked for', async () => {
    const { patches } = await json<Answer>(kernel('6.1'), '--patch', seedMail, '--driver', 'omap-iommu');
    expect(patches[0]!.changes.map(changeLine)).toEqual(['omap EBUSY -> EMEDIUMTYPE: omap_domain->dev']);
  });
});

describe('--patch', () => {
  const diff = (path: string): string => `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-a\n+b\n`;

  it('says what lies outside of what is read, and is as sure without it', async () => {
    place.write('outside.patch', diff('MAINTAINERS') + diff('drivers/vfio/vfio.c'));
    const { out, code } = await lint(kernel('6.12'), '--patch', place.path('outside.patch'));
    expect(code).toBe(0);
    expect(oneLine(out)).toMatch(
      /^not looked at, for nothing outside drivers\/iommu is read, and not applied: MAINTAINERS, drivers\/vfio\/vfio\.c /,
    );
    expect(out).toContain('no return site of an attach operation changes\nfindings: 0 new, 0 gone');
  });

  it('names a file that is not there once', async () => {
    place.write('missing.patch', diff('drivers/iommu/none.c'));
    const { out, code } = await lint(kernel('6.12'), '--patch', place.path('missing.patch'));
    expect(code).toBe(3);
    expect(out.match(/none\.c/g)).toHaveLength(1);
  });
});

describe('--diff', () => {
  it('shows what the merged series changed', async () => {
    const { drivers } = await json<TreeDifference>(kernel('6.1'), '--diff', kernel('6.12'));
    const changes = drivers.flatMap((driver) => driver.changes);
    expect(changes.filter(({ differs }) => differs.includes('errno')).map(changeLine)).toEqual([
      'arm-smmu-v3 ENXIO -> EINVAL: smmu_domain->smmu != smmu',
      'fsl_pamu EINVAL -> ENODEV: ~omi != 0',
      'fsl_pamu EINVAL -> ENODEV: !liodn',
      'fsl_pamu EINVAL -> ENODEV: liodn[i] >= PAACE_NUMBER_ENTRIES',
      'intel EOPNOTSUPP -> EINVAL: dmar_domain->force_snooping && !ecap_sc_support(iommu->ecap)',
      'intel EFAULT -> EINVAL: dmar_domain->max_addr > (1LL << addr_width)',
      'omap EINVAL -> ENODEV: !odomain->num_iommus',
      'omap EINVAL -> ENODEV: !arch_data || !arch_data->iommu_dev',
      'omap EBUSY -> EINVAL: omap_domain->dev',
      'virtio-iommu EINVAL -> ENODEV: viommu_page_size > PAGE_SIZE',
      'virtio-iommu EXDEV -> EINVAL: vdomain->viommu != vdev->viommu',
    ]);
    const changed = drivers.map(({ driver, changes: own }) => [driver, own.filter(({ differs }) => differs.length > 0).length] as const);
    expect(Object.fromEntries(changed)).toMatchObject({
      amd: 0,
      'arm-smmu': 1,
      fsl_pamu: 3,
      'ipmmu-vmsa': 1,
      msm: 0,
      omap: 3,
      qcom_iommu: 1,
      s390: 1,
      'tegra-gart': 0,
      'virtio-iommu': 2,
    });
  });

  it('is a table that fits a cover letter', async () => {
    const { out } = await lint(kernel('6.1'), '--diff', kernel('6.12'), '--driver', 'omap');
    const [, counts, rows] = out.split('\n\n') as [string, string, string];
    expect(counts).toMatch(/^driver +before +after +new +gone +changed\nomap +(\d+) +\1 +0 +0 +3$/);
    expect(rows).toBe(
      [
        'omap',
        '  attach_dev',
        '  before   after    where',
        '  -EINVAL  -ENODEV  omap_iommu_attach_init()',
        '                      !odomain->num_iommus',
        '                      only on a fresh domain',
        '  -EINVAL  -ENODEV  omap_iommu_attach_dev()',
        '                      !arch_data || !arch_data->iommu_dev',
        '  -EBUSY   -EINVAL  omap_iommu_attach_dev()',
        '                      omap_domain->dev',
        '',
      ].join('\n'),
    );
  });

  it('has a driver that is in one tree only, and finds nothing between a tree and itself', async () => {
    const { out } = await lint(kernel('6.1'), '--diff', kernel('6.12'), '--driver', 'tegra_gart', '--all');
    expect(out).toContain('\n  gone: attach_dev of gart_iommu_ops.default_domain_ops\n');
    expect(out).toContain('\n  -EBUSY  none    gart_iommu_attach_dev()\n');
    expect((await lint(kernel('6.1'), '--diff', kernel('6.1'))).out).toContain('no difference in 20 drivers');
  });
});

const smmu = 'drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c';

/** What "Remove arm_smmu_domain_finalise() during attach" (48e7b8e284e5, v6.13) left of the check. */
const regressed = (): string => {
  const text = excerptTree('6.12').read(smmu)!;
  const from = text.indexOf('\tmutex_lock(&smmu_domain->init_mutex);', text.indexOf('static int arm_smmu_attach_dev('));
  const to = text.indexOf('\tif (smmu_domain->stage', from);
  return `${text.slice(0, from)}\tif (smmu_domain->smmu != smmu)\n\t\treturn ret;\n\n${text.slice(to)}`;
};

const repair = `Subject: [PATCH] iommu/arm-smmu-v3: Return an errno where the domain does not fit

diff --git a/${smmu} b/${smmu}
--- a/${smmu}
+++ b/${smmu}
@@ -2820,7 +2820,7 @@ static int arm_smmu_attach_dev(struct iommu_domain *domain, struct device *dev)
 	smmu = master->smmu;
 
 	if (smmu_domain->smmu != smmu)
-		return ret;
+		return -EINVAL;
 
 	if (smmu_domain->stage == ARM_SMMU_DOMAIN_S1) {
 		cdptr = arm_smmu_alloc_cd_ptr(master, IOMMU_NO_PASID);
`;

describe('the regression of SMMUv3 in v6.13', () => {
  beforeAll(() => {
    for (const path of [...excerptTree('6.12').files, 'include/linux/iommu.h']) {
      place.write(`regressed/${path}`, path === smmu ? regressed() : excerptTree('6.12').read(path)!);
    }
    place.write('repair.patch', repair);
  });

  it('is a certain silent success', async () => {
    const { out, code } = await lint(place.path('regressed'), '--driver', 'arm-smmu-v3');
    expect(code).toBe(1);
    expect(oneLine(out)).toContain(
      'arm_smmu_attach_dev() error: silent-success: returns 0 where a domain that does not fit is refused attach_dev of arm_smmu_ops',
    );
  });

  it('is clean once it is repaired', async () => {
    const { out, code } = await lint(place.path('regressed'), '--patch', place.path('repair.patch'));
    expect(code).toBe(0);
    expect(out).toContain('0       -EINVAL  arm-smmu-v3 attach_dev, arm_smmu_attach_dev()');
    expect(out).toContain('findings: 0 new, 1 gone');
  });

  it('is found by a claim', async () => {
    const claim = 'arm-smmu-v3 attach_dev: smmu_domain->smmu != smmu returns EINVAL';
    expect((await lint(kernel('6.12'), '--assert', claim)).code).toBe(0);
    const { code, out } = await lint(place.path('regressed'), '--assert', claim);
    expect(code).toBe(1);
    expect(out).toContain('does not hold: it returns 0');
  });
});

const driver = (check: string): string =>
  `static int attach(struct iommu_domain *domain, struct device *dev)\n{\n\tstruct some_domain *dom = to_some(domain);\n` +
  `\tstruct some_iommu *iommu = dev_iommu_priv_get(dev);\n\n${check}\n\treturn 0;\n}\n` +
  'static const struct iommu_domain_ops ops = { .attach_dev = attach };\n';
const check = (errnoName: string): string => driver(`\tif (dom->iommu != iommu)\n\t\treturn -${errnoName};`);

describe('a repository', () => {
  const repository = place.path('linux');
  const ids: string[] = [];
  const steps: [string, string][] = [
    ['iommu/some: Add', check('EINVAL')],
    ['iommu/some: Add a comment', `/* some */\n${check('EINVAL')}`],
    ['iommu/some: Say busy', check('EBUSY')],
    ['iommu/some: Hide it', driver('\tif (SOME_MISMATCH(dom, iommu))\n\t\treturn some_errno(dom);')],
    ['iommu/some: Show it', check('EBUSY')],
    ['iommu/some: Say invalid again', check('EINVAL')],
  ];
  const claim = 'some attach_dev: dom->iommu != iommu returns EINVAL';

  beforeAll(() => {
    place.write('linux/README', 'kernel\n');
    git(repository, 'init', '--quiet');
    for (const [subject, text] of steps) {
      place.write('linux/drivers/iommu/some-iommu.c', text);
      ids.push(commit(repository, subject));
    }
    git(repository, 'tag', 'v1', ids[0]!);
  });

  it('is read at a revision, without a checkout', async () => {
    const codes = await Promise.all(ids.map(async (id) => (await lint(`${repository}@${id}`, '--assert', claim)).code));
    expect(codes).toEqual([0, 0, 1, 3, 1, 0]);
    const bisecting = await Promise.all(ids.map(async (id) => (await lint(`${repository}@${id}`, '--assert', claim, '--bisect')).code));
    expect(bisecting).toEqual([0, 0, 1, 125, 1, 0]);
  });

  it('names the commits that brought a finding and removed it', async () => {
    const { out, code } = await lint(repository, '--range', 'v1..HEAD');
    expect(code).toBe(0);
    expect(out).toBe(
      [
        'v1..HEAD: 5 commits touch the files concerned; contract einval-soft',
        '',
        'some attach_dev: attach(), dom->iommu != iommu',
        '  stricter: incompatible-other-errno: -EBUSY where device and domain do not',
        '  fit; the contract has -EINVAL',
        `  brought  ${ids[4]!.slice(0, 12)} ("iommu/some: Show it")`,
        `  removed  ${ids[5]!.slice(0, 12)} ("iommu/some: Say invalid again")`,
        '',
      ].join('\n'),
    );
  });

  it('says so where nothing came or went', async () => {
    const { out } = await lint(repository, '--range', 'v1..HEAD~4');
    expect(out.trimEnd().split('\n').slice(1)).toEqual(['no finding came or went']);
  });

  it('gives git bisect run what it wants', { timeout: 60_000 }, () => {
    git(repository, 'bisect', 'start', ids[4]!, ids[0]!);
    const run = ['bisect', 'run', process.execPath, resolve('src/cli/start.js'), 'lint-kernel', '.', '--bisect', '--assert', claim];
    const { stdout } = spawnSync('git', ['-C', repository, ...run], { encoding: 'utf8', env: { ...process.env, XDG_CACHE_HOME: cache } });
    expect(stdout).toContain(`${ids[2]} is the first bad commit`);
    git(repository, 'bisect', 'reset');
  });
});

describe('--assert', () => {
  it.each([
    ['sprd attach_dev: dom->sdev returns EINVAL', 0, 'holds: it returns -EINVAL'],
    ['sprd attach_dev: (dom->sdev) returns -EINVAL', 0, 'holds: it returns -EINVAL'],
    ['sprd attach_dev: dom->sdev returns EBUSY', 1, 'does not hold: it returns -EINVAL'],
    ['sprd attach_dev: dom->mdev returns EBUSY', 3, 'cannot be said: no check with this condition was found'],
    ['sprad attach_dev: dom->sdev returns EBUSY', 3, 'has no driver sprad; the nearest is sprd'],
    ['sprd set_dev_pasid: dom->sdev returns EBUSY', 3, 'has no set_dev_pasid; it has attach_dev'],
  ] as const)('%s: %i', async (claim, expected, words) => {
    const { out, code } = await lint(kernel('6.1'), '--assert', claim);
    expect(code).toBe(expected);
    expect(oneLine(out)).toContain(words);
    expect(wide(out)).toEqual([]);
  });

  it('skips a commit whose tree cannot be read', async () => {
    place.write('empty/README', '');
    expect((await lint(place.path('empty'), '--assert', 'sprd attach_dev: dom->sdev returns 0', '--bisect')).code).toBe(125);
  });
});
