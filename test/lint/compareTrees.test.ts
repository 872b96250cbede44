// Two readings side by side: what is the same although lines and names moved, what changed, and what that changes for callers.
import { describe, expect, it } from 'vitest';
import type { ReturnSite } from '../../src/core/returnSites.ts';
import { compareTrees } from '../../src/lint/compareTrees.ts';
import { kdocContract } from '../../src/lint/contracts/kdoc.ts';
import { patchEffect } from '../../src/lint/patchEffects.ts';
import { contractOf } from '../support/lintReports.ts';
import { seedSides } from '../support/lintSides.ts';
import { printOf, readingOf, siteOf } from '../support/treeReadings.ts';

type Sites = readonly Partial<ReturnSite>[];

const effect = (before: Sites, after: Sites, contract = 'einval-soft') =>
  patchEffect({
    title: 'a patch',
    before: readingOf(before.map(siteOf)),
    after: readingOf(after.map(siteOf)),
    contract: contractOf(contract),
  });

/** `EINVAL > ENXIO errno` for each change. */
const changed = (before: Sites, after: Sites): string[] => {
  const { drivers } = compareTrees(readingOf(before.map(siteOf)), readingOf(after.map(siteOf)));
  const errnos = (site: ReturnSite | null): string => (site === null ? 'none' : site.errnos.join('|'));
  return drivers.flatMap(({ changes }) =>
    changes.map(({ before: one, after: other, differs }) => `${errnos(one)} > ${errnos(other)} ${differs.join(',')}`.trim()),
  );
};

const guard = { condition: '!master', class: 'device', errnos: ['ENODEV'] } as const;
const width = { condition: 'master->ssid_bits != cfg.s1cdmax', errnos: ['EINVAL'] } as const;

describe('two trees', () => {
  it.each<[string, Sites, Sites, string[]]>([
    ['nothing', [{}], [{}], []],
    ['lines', [{}], [{ line: 9 }], []],
    ['how a condition is written', [{}], [{ condition: '!(smmu == smmu_domain->smmu)' }], []],
    ['the name of a function', [{}], [{ function: 'arm_smmu_attach' }], []],
    ['the name of a table', [{}], [{ table: 'other_ops' }, { table: 'third_ops' }], []],
    ['an errno', [{}], [{ errnos: ['ENXIO'] }], ['EINVAL > ENXIO errno']],
    ['a message', [{}], [{ prints: [printOf()] }], ['EINVAL > EINVAL messages']],
    ['the name and a message', [{}], [{ function: 'f', prints: [printOf()] }], ['EINVAL > EINVAL messages']],
    ['errno and message', [{ prints: [printOf()] }], [{ errnos: ['ENXIO'] }], ['EINVAL > ENXIO errno,messages']],
    ['a condition that grew', [width], [{ ...width, condition: 'master->ssid_bits < cfg.s1cdmax' }], ['EINVAL > EINVAL condition']],
    ['a condition that has nothing of the old one', [width], [{ ...width, condition: 'foo(bar)' }], ['none > EINVAL', 'EINVAL > none']],
    [
      'a condition with two candidates',
      [width],
      [
        { ...width, condition: 'master->ssid_bits < cfg.s1cdmax' },
        { ...width, condition: 'master->ssid_bits > cfg.s1cdmax' },
      ],
      ['none > EINVAL', 'none > EINVAL', 'EINVAL > none'],
    ],
    ['a new check', [{}], [{}, guard], ['none > ENODEV']],
    ['a check that went', [{}, guard], [{}], ['ENODEV > none']],
    ['name and errno', [{}], [{ function: 'f', errnos: ['ENXIO'] }], ['none > ENXIO', 'EINVAL > none']],
    ['one of two equal checks', [{ line: 1 }, { line: 2 }], [{ line: 5 }], ['EINVAL > none']],
    ['the op', [{}], [{ op: 'set_dev_pasid' }], ['EINVAL > none', 'none > EINVAL']],
    ['the arguments of a call', [{ origin: 'api', api: 'f', condition: 'f(a)' }], [{ origin: 'api', api: 'f', condition: 'f(b)' }], []],
    ['the order of errnos', [{ errnos: ['EINVAL', 'EIO'] }], [{ errnos: ['EIO', 'EINVAL'] }], []],
  ])('differ by %s', (_, before, after, expected) => {
    expect(changed(before, after).sort()).toEqual([...expected].sort());
  });

  it('are counted by places, driver by driver', () => {
    const { drivers } = compareTrees(...seedSides());
    expect(drivers.map(({ driver, before, after, changes }) => [driver, before, after, changes.length])).toEqual([
      ['arm-smmu-v3', 3, 3, 2],
      ['omap', 1, 1, 1],
      ['sprd', 1, 1, 0],
    ]);
  });

  it('differ by whole operations', () => {
    const { drivers } = compareTrees(readingOf([siteOf()]), readingOf([siteOf({ table: 'new_ops' }), siteOf({ driver: 'b' })]));
    expect(drivers.map(({ driver, operationsAdded, operationsRemoved }) => [driver, operationsAdded, operationsRemoved])).toEqual([
      ['arm-smmu-v3', ['attach_dev of new_ops'], ['attach_dev of arm_smmu_ops']],
      ['b', ['attach_dev of arm_smmu_ops'], []],
    ]);
  });
});

describe('a patch', () => {
  const moves = (before: Sites, after: Sites, contract?: string): string[] =>
    effect(before, after, contract).callers.flatMap(({ caller, changes }) =>
      changes.map(({ from, to, count }) => `${caller}: ${from} > ${to} ${count}`),
    );

  it.each<[string, Sites, Sites, string[]]>([
    ['nothing where the errno stays', [{}], [{ prints: [printOf()] }], []],
    ['iommufd that goes on', [{ errnos: ['ENXIO'] }], [{}], ["iommufd's automatic domain: stop > next 1"]],
    ['iommufd that stops', [{}], [{ errnos: ['ENODEV'] }], ["iommufd's automatic domain: next > stop 1"]],
    ['nobody between two hard errnos', [guard], [{ ...guard, errnos: ['EPERM'] }], []],
    [
      'both by a success that becomes a refusal',
      [{ errnos: ['0'] }],
      [{}],
      ['VFIO type1: success > next 1', "iommufd's automatic domain: success > next 1"],
    ],
    ['both by a new check', [], [guard], ['VFIO type1: absent > next 1', "iommufd's automatic domain: absent > stop 1"]],
    ['both by a check that went', [guard], [], ['VFIO type1: next > absent 1', "iommufd's automatic domain: stop > absent 1"]],
    [
      'iommufd by a callee that may give EINVAL',
      [{ errnos: ['EIO'] }],
      [{ errnos: ['EIO', 'EINVAL'] }],
      ["iommufd's automatic domain: stop > either 1"],
    ],
    [
      'both by an errno that is no longer known',
      [{}],
      [{ errnos: [] }],
      ['VFIO type1: next > unknown 1', "iommufd's automatic domain: next > unknown 1"],
    ],
    ['nobody who searches, on a fresh domain', [{ errnos: ['EIO'], domain: 'fresh' }], [{ domain: 'fresh' }], []],
  ])('changes %s', (_, before, after, expected) => {
    expect(moves(before, after)).toEqual(expected);
  });

  it("changes the seed series' type1 under its own contract", () => {
    expect(
      moves([{ errnos: ['ENXIO'] }, width], [{ errnos: ['EMEDIUMTYPE'] }, { ...width, errnos: ['EMEDIUMTYPE'] }], 'emediumtype'),
    ).toEqual(["iommufd's automatic domain: next > stop 1", "the seed series' type1: stop > next 2"]);
  });

  it('counts what only a fresh domain meets', () => {
    expect(effect([{ errnos: ['EIO'], domain: 'fresh' }], [{ domain: 'fresh' }]).freshOnly).toBe(1);
  });

  it('touches the clauses whose errnos come or go', () => {
    expect(
      effect([{ errnos: ['EXDEV'] }, guard], [{ errnos: ['EINVAL'] }, { ...guard, errnos: ['ENOMEM'] }]).clauses.map(
        (text) => text.split(':')[0],
      ),
    ).toEqual(['EINVAL', 'ENOMEM', 'ENODEV', 'not listed']);
  });

  it('that changes the kernel-doc itself says so', () => {
    const doc = (...lines: string[]) =>
      kdocContract(
        ['/**', ' * struct iommu_domain_ops - x', ' * @attach_dev: y', ...lines.map((line) => ` * * ${line}`), ' */'].join('\n'),
      );
    const reading = readingOf([siteOf()]);
    const stated = {
      before: doc('EINVAL - incompatible', 'EBUSY - in use'),
      after: doc('EINVAL - exclusively, incompatible', 'EBUSY - in use'),
    };
    expect(patchEffect({ title: '', before: reading, after: reading, contract: contractOf(), stated }).clauses).toEqual([
      'no longer in the kernel-doc: EINVAL: incompatible',
      'new in the kernel-doc: EINVAL: exclusively, incompatible',
    ]);
  });

  it('brings findings, mends findings, and leaves the others as a number', () => {
    const two: Sites = [{ errnos: ['ENXIO'] }, { errnos: ['ENXIO'], table: 'twin_ops' }];
    const { findings } = effect(
      [...two, { ...guard, errnos: ['EPERM'] }],
      [...two.map((site) => ({ ...site, errnos: ['0'] })), { ...guard, errnos: ['EPERM'] }],
    );
    expect([findings.brought.map(({ rule }) => rule), findings.mended.map(({ rule }) => rule), findings.older]).toEqual([
      ['silent-success'],
      ['incompatible-other-errno'],
      1,
    ]);
  });
});
