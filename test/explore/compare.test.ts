// Two sides over every row and scenario: which rows differ, derived again from the facts; laws of swapped and equal sides; what is not compared.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../src/cli/scenarios.ts';
import { type Comparison, compare, type Difference, type RowCoverage, type Side } from '../../src/index.ts';
import { facts } from '../kernels/factsFile.ts';

const patience = { timeout: 120_000 };

const scenarios = readdirSync('scenarios')
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => readScenario(`scenarios/${file}`));

const side = (caller: string, kernel: string, more: Partial<Side> = {}): Side => ({ caller, kernel, ...more });
const old = side('vfio-type1', '6.1.y');
const onlyInvalid = side('vfio-type1', '6.1.y', { continueOn: ['EINVAL'] });

const made = new Map<string, Comparison>();

/** Over every scenario; each pair is compared once. */
const compared = (from: Side, to: Side): Comparison => {
  const key = JSON.stringify([from, to]);
  const found = made.get(key) ?? compare(from, to, scenarios);
  made.set(key, found);
  return found;
};

const rowOf = ({ rows }: Comparison, id: string): RowCoverage => rows.find(({ row }) => row === id)!;

/** `kind row situation: from -> to`, or with the scenario and its request. */
const said = ({ kind, row, scenario, subject, from, to }: Difference): string =>
  `${kind} ${row === null ? `${scenario}, ${subject}` : `${row.row}, ${row.situation}`}: ${from} -> ${to}`;

const saidOf = (comparison: Comparison, isWanted: (difference: Difference) => boolean): string[] =>
  comparison.differences.filter(isWanted).map(said);

describe('type1 of 6.1 that goes on at EINVAL only', () => {
  const legacy = ['ENXIO', 'EXDEV', 'EBUSY', 'EOPNOTSUPP', 'EFAULT'];
  const found = compared(old, onlyInvalid);

  /** The facts say what a search would make of the errno; these are rows that type1's search never comes to. */
  const notMet: Readonly<Record<string, (row: RowCoverage) => unknown>> = {
    'intel-force-snooping-unsupported': ({ cases, reason }) => [cases, reason],
    'omap-domain-in-use': ({ cases, scenarios: met, reason }) => [cases, met, reason],
    'tegra-gart-other-domain-active': ({ cases, scenarios: met, reason }) => [cases, met, reason],
  };

  it('fails on every row with another errno for an incompatibility that its search meets', () => {
    const entries = facts.drivers.flatMap((driver) => driver.entries);
    const unconverted = entries.filter((entry) => {
      const tried = entry.caller_reaction?.['v6.1'] === 'try-next';
      return entry.class === 'incompatible' && tried && legacy.includes(String(entry.errno['v6.1']));
    });
    const ids = unconverted.map(({ id }) => id);
    expect(ids.filter((id) => id in notMet)).toEqual(Object.keys(notMet));
    const expected = unconverted
      .filter(({ id }) => !(id in notMet))
      .map(({ id, errno }) => `fails ${id}, existing: OK -> ${errno['v6.1']}`);
    const listed = saidOf(found, ({ row }) => row?.class === 'incompatible');
    expect(listed.toSorted()).toEqual(expected.toSorted());
    expect(listed).toHaveLength(3);
  });

  it('says of each other one what keeps the search from it', () => {
    expect(Object.entries(notMet).map(([id, of]) => [id, of(rowOf(found, id))])).toEqual([
      ['intel-force-snooping-unsupported', [[], 'the search passes over the domain: enforce_cache_coherency differs: true != false']],
      [
        'omap-domain-in-use',
        [
          [],
          ['omap-single-device'],
          'other refusals come before: omap-domain-in-use on g2.blocking -EBUSY, core-attach-group-busy on c0.d0 -EBUSY, core-attach-group-busy on c0.d1 -EBUSY',
        ],
      ],
      // No domain of a user ever gets on: the same errno under any rule.
      ['tegra-gart-other-domain-active', [['fresh'], ['tegra-gart-single-aperture'], null]],
    ]);
  });

  it('fails where an allocation, an id or the host refuses the domain that fits', () => {
    expect(saidOf(found, ({ kind, row }) => kind === 'fails' && row !== null && row.class !== 'incompatible')).toEqual(
      [
        's390-ioat-register, existing: OK -> EIO',
        'intel-instance-array-store, existing: OK -> ENOMEM',
        'intel-instance-record-alloc, existing: OK -> ENOMEM',
        's390-link-alloc, existing: OK -> ENOMEM',
        'virtio-request-alloc, existing: OK -> ENOMEM',
        'virtio-queue-add, existing: OK -> EIO',
        'virtio-queue-add, existing: OK -> ENOMEM',
        'virtio-queue-add, existing: OK -> ENOSPC',
        ...['EFAULT', 'EIO', 'ENOENT', 'ENOMEM', 'ENOSYS', 'ERANGE'].map(
          (errno) => `virtio-attach-request-status, existing: OK -> ${errno}`,
        ),
      ].map((text) => `fails ${text}`),
    );
  });

  it('differs in these scenarios', () => {
    expect(saidOf(found, ({ row }) => row === null)).toEqual([
      'fails enomem-duplicate-domain, attach 11: OK -> ENOMEM',
      'fails qemu-iommufd-errnos, attach 6: OK -> ENXIO',
      'fails smmuv3-three-instances, attach 10: OK -> ENXIO',
      'fails smmuv3-three-instances, attach 11: OK -> ENXIO',
      'fails smmuv3-three-instances, attach 6: OK -> ENXIO',
      'fails smmuv3-three-instances, attach 9: OK -> ENXIO',
      'fails smmuv3-two-instances, attach 6: OK -> ENXIO',
      'fails virtio-foreign-viommu, attach 2: OK -> EXDEV',
      'errno runtime-pm-einval, attach 2, request 3: EINVAL -> EIO',
    ]);
  });

  it('never joins, splits or works where type1 as it is does not', () => {
    const kinds = found.differences.map(({ kind }) => kind);
    expect(['fails', 'works', 'shares', 'splits', 'errno'].map((kind) => kinds.filter((other) => other === kind).length)).toEqual([
      25, 0, 0, 0, 5,
    ]);
  });

  it('is compared on as many rows as can be', () => {
    const cases = (situation: 'fresh' | 'existing') => found.rows.filter((row) => row.cases.includes(situation)).length;
    const inScenariosOnly = found.rows.filter((row) => row.cases.length === 0 && row.scenarios.length > 0);
    expect([found.rows.length, cases('fresh'), cases('existing'), inScenariosOnly.length]).toEqual([156, 74, 22, 6]);
    expect([found.scenarios.length, found.uncompared.length]).toEqual([35, 4]);
    expect(found.rows.filter(({ cases: own, reason }) => (own.length === 0) !== (reason !== null))).toEqual([]);
  });

  it('names every scenario that one side cannot run, with the reason', () => {
    expect(found.uncompared).toEqual([
      { scenario: 'amd-dirty-tracking', reason: 'vfio-type1 on 6.1.y takes no request make-page-table' },
      { scenario: 'intel-nested-narrow-instance', reason: 'vfio-type1 on 6.1.y takes no request make-page-table' },
      { scenario: 'iommufd-replace', reason: 'vfio-type1 on 6.1.y takes no request replace' },
      { scenario: 'ownership-vfio-iommufd-kernel', reason: 'iommufd-auto on 6.1.y: n/a, iommufd was merged in v6.2' },
    ]);
  });
});

const mirrored = { fails: 'works', works: 'fails', shares: 'splits', splits: 'shares', errno: 'errno' } as const;
const swapped = (difference: Difference): Difference => {
  const { kind, from, to } = difference;
  return { ...difference, kind: mirrored[kind], from: to, to: from };
};

const sorted = (differences: readonly Difference[]): string[] => differences.map((difference) => JSON.stringify(difference)).sort();

describe('laws', () => {
  it.each([
    [old, onlyInvalid],
    [old, side('iommufd-auto', '6.12.y')],
    [side('vfio-type1', '6.12.y'), side('vfio-type1', '6.12.y', { contract: 'einval-exclusive' })],
  ])('sides swapped differ the other way round: %j, %j', patience, (one, other) => {
    const [there, back] = [compared(one, other), compared(other, one)];
    expect(there.differences.length).toBeGreaterThan(0);
    expect(sorted(back.differences)).toEqual(sorted(there.differences.map(swapped)));
    const covered = ({ rows }: Comparison) => rows.map(({ row, cases, scenarios: met }) => [row, cases, met]);
    expect([covered(back), back.scenarios]).toEqual([covered(there), there.scenarios]);
  });

  it.each([old, side('iommufd-auto', '6.12.y')])('a side never differs from itself: %j', patience, (one) => {
    const { differences, rows } = compared(one, { ...one });
    expect(differences).toEqual([]);
    expect(rows.some(({ cases }) => cases.includes('fresh'))).toBe(true);
  });

  it('any errno is what type1 goes on at anyway', patience, () => {
    expect(compared(old, { ...old, continueOn: 'any' }).differences).toEqual([]);
  });
});

describe('domains', () => {
  const found = compared(old, side('iommufd-auto', '6.12.y'));

  it('are counted in containers whose requests end as before', () => {
    expect(saidOf(found, ({ kind }) => kind === 'shares' || kind === 'splits')).toEqual([
      'shares arm-smmu-v3-ssid-bits-mismatch, existing: 2 -> 1',
      'shares arm-smmu-v3-stall-mismatch, existing: 2 -> 1',
      'shares s390-dma-range-mismatch, existing: 2 -> 1',
      'shares s390-link-alloc, existing: 2 -> 1',
      'shares intel-coherency-mismatch-narrow-first, c0: 2 -> 1',
      'shares s390-dma-ranges, c0: 2 -> 1',
      'shares smmuv3-ssid-bits, c0: 2 -> 1',
      'shares smmuv3-stall, c0: 2 -> 1',
      'splits intel-address-width-insufficient, existing: 1 -> 2',
      'splits intel-width-low-mapping, c0: 1 -> 2',
    ]);
  });

  it('of a driver that one kernel lacks are not compared', () => {
    const reason = 'tegra20 on 6.12.y: n/a, no driver tegra-gart: the driver was removed before 6.12';
    expect(found.uncompared).toContainEqual({ scenario: 'tegra-gart-single-aperture', reason });
    expect(rowOf(found, 'tegra-gart-other-domain-active')).toMatchObject({
      cases: [],
      reason: 'tegra-gart-row on 6.12.y: n/a, no driver tegra-gart: the driver was removed before 6.12',
    });
  });
});

it('a caller that wants a page table by name is not compared by attaches of a group alone', () => {
  const found = compare(side('iommufd-hwpt', '6.12.y'), side('iommufd-auto', '6.12.y'), scenarios);
  const reason = 'iommufd-hwpt on 6.12.y takes no attach of a group alone (ENOENT)';
  expect(found.differences).toEqual([]);
  expect([...new Set(found.rows.map((row) => row.reason))]).toEqual([reason]);
  expect(found.uncompared.filter((scenario) => scenario.reason === reason).length).toBeGreaterThan(20);
  expect(found.scenarios).toEqual([]);
});
