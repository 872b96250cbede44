// Overlays laid over a profile: what changes, what stays, and how names that are not there are refused.
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import { emptyOverlay, type Overlay, type RowChange } from '../../src/core/overlay.ts';
import { engineOf } from '../../src/engine/engine.ts';
import { type AttachRequest, attempt } from '../../src/engine/guards.ts';
import { type Basis, basisOf, buildModel, operationTable } from '../../src/kernels/build.ts';
import { applyOverlay } from '../../src/kernels/overlay.ts';
import { recorded, scenario, task, told } from '../support/runs.ts';

const over = (changes: Partial<Overlay>, from = '6.12.y'): Basis => applyOverlay({ ...emptyOverlay(from, 'mine'), ...changes });
const rows = (...list: RowChange[]): Partial<Overlay> => ({ rows: list });

const tried = (basis: Basis, request: AttachRequest): [string | null, string | null] => {
  const { errno, row } = attempt(engineOf(buildModel({ kernel: basis }), operationTable), request);
  return [errno, row];
};

const narrow: AttachRequest = { driver: 'intel', domain: { maxAddr: 2 ** 48 }, iommu: { agaw: 39, mgaw: 39 } };
const noIds: AttachRequest = { driver: 'intel', iommu: { domainIdsFree: 0 } };
const noRecord: AttachRequest = { driver: 'intel', faults: [{ kind: 'site', site: 'intel-instance-record-alloc', nth: 1, sticky: true }] };
const neither: AttachRequest = { ...noIds, faults: noRecord.faults! };
const foreign: AttachRequest = { driver: 'arm-smmu-v3', domain: { iommu: 'another' } };

const width = 'intel-address-width-insufficient';
const record = 'intel-instance-record-alloc';
const ids = 'intel-domain-ids-exhausted';

describe('a changed row', () => {
  it.each<[string, Partial<Overlay>, AttachRequest, [string | null, string | null]]>([
    ['nothing changed', {}, narrow, ['EINVAL', width]],
    ['its errno', rows({ id: width, errno: 'EMEDIUMTYPE' }), narrow, ['EMEDIUMTYPE', width]],
    ['its condition', rows({ id: width, refuses: { all: [] } }), { driver: 'intel' }, ['EINVAL', width]],
    ['when it applies', rows({ id: ids, when: { any: [] } }), noIds, [null, null]],
    ['that it always applies', rows({ id: 'intel/domain-record', when: null }), { ...noIds, path: 'allocate' }, [null, null]],
    ['its failure', rows({ id: record, failure: 'ignored' }), noRecord, [null, null]],
    ['its place, before', rows({ id: ids, before: record }), neither, ['ENOSPC', ids]],
    ['its place, after', rows({ id: record, after: ids }), neither, ['ENOSPC', ids]],
    ['the place of neither', {}, neither, ['ENOMEM', record]],
    ['that it goes', rows({ id: width, remove: true }), narrow, [null, null]],
  ])('%s', (_, changes, request, expected) => {
    expect(tried(over(changes), request)).toEqual(expected);
  });

  it('is undone as it now says', () => {
    const failing: AttachRequest = { driver: 'intel', faults: [{ kind: 'site', site: 'cache_tag_assign', nth: 1, sticky: false }] };
    const left = (basis: Basis) =>
      attempt(engineOf(buildModel({ kernel: basis }), operationTable), failing).world.iommus['iommu']!.attributes['domainIdsFree'];
    expect([left(over({})), left(over(rows({ id: ids, undo: 'none' })))]).toEqual([65534, 65533]);
  });

  it('says what it now says, in its column only', () => {
    const basis = over(
      rows({ id: width, errno: 'EMEDIUMTYPE', class: 'other', words: 'w', note: 'n', cite: 'mine:1', prints: null, unreachable: 'u' }),
    );
    const row = basis.drivers.get('intel')!.paths['attach']!['v6.12']!.find(({ id }) => id === width);
    const old = basisOf('6.12.y')
      .drivers.get('intel')!
      .paths['attach']!['v6.12']!.find(({ id }) => id === width) as { errno: object; cite: object };
    expect(row).toMatchObject({ class: 'other', words: 'w', note: 'n', unreachable: 'u' });
    expect(row).toMatchObject({ errno: { ...old.errno, 'v6.12': 'EMEDIUMTYPE' }, cite: { ...old.cite, 'v6.12': 'mine:1' } });
    expect((row as { prints: object }).prints).not.toHaveProperty('v6.12');
    expect(tried(over(rows({ id: width, errno: 'EMEDIUMTYPE' }), '6.1.y'), narrow)).toEqual(['EMEDIUMTYPE', width]);
    expect(basis.drivers.get('intel')!.paths['attach']!['v6.1']).toBe(basisOf('6.12.y').drivers.get('intel')!.paths['attach']!['v6.1']);
  });

  it('changes in every driver that shares it', () => {
    const basis = over(rows({ id: 'intel/leave', words: 'mine' }));
    const words = ['intel', 'intel-nested'].map(
      (driver) => basis.drivers.get(driver)!.paths['attach']!['v6.12']!.find(({ id }) => id === 'intel/leave')!.words,
    );
    expect(words).toEqual(['mine', 'mine']);
  });

  it('leaves the profile as it was', () => {
    over(rows({ id: width, errno: 'EMEDIUMTYPE' }));
    expect(tried(basisOf('6.12.y'), narrow)).toEqual(['EINVAL', width]);
  });

  it('makes another model', () => {
    const hashes = [basisOf('6.12.y'), over({}), over(rows({ id: width, errno: 'EMEDIUMTYPE' }))].map(
      (kernel) => buildModel({ kernel }).hash,
    );
    expect(new Set(hashes).size).toBe(2);
    expect(hashes[0]).toBe(hashes[1]);
  });
});

describe('an added row', () => {
  const always = { id: 'mine', kind: 'check', words: 'never', class: 'other', errno: 'EIO', refuses: { all: [] } } as const;
  it.each<[string, Overlay['add'][number], AttachRequest, string | null]>([
    ['at the end', { driver: 'intel', path: 'attach', row: always }, noIds, 'ENOSPC'],
    ['before a row', { driver: 'intel', path: 'attach', before: ids, row: always }, noIds, 'EIO'],
    ['after a row', { driver: 'intel', path: 'attach', after: ids, row: always }, noIds, 'ENOSPC'],
    ['in a path of its own', { driver: 'intel', path: 'mine', row: always }, { driver: 'intel', path: 'mine' }, 'EIO'],
    [
      'that allocates',
      {
        driver: 'intel',
        path: 'mine',
        row: { id: 'mine', kind: 'alloc', words: 'w', class: 'transient-memory', errno: 'ENOMEM', site: 'mine:1' },
      },
      { driver: 'intel', path: 'mine', faults: [{ kind: 'site', site: 'mine', nth: 1, sticky: false }] },
      'ENOMEM',
    ],
    [
      'that takes',
      {
        driver: 'intel',
        path: 'mine',
        row: { id: 'mine', kind: 'take', words: 'w', class: 'transient-space', errno: 'ENOSPC', pool: 'iommu.domainIdsFree' },
      },
      { ...noIds, path: 'mine' },
      'ENOSPC',
    ],
    [
      'that calls',
      {
        driver: 'intel',
        path: 'mine',
        row: { id: 'mine', kind: 'call', words: 'w', class: 'device', errno: 'EIO', api: 'pm-runtime-resume' },
      },
      { driver: 'intel', path: 'mine', faults: [{ kind: 'api', api: 'pm-runtime-resume', errno: 'EACCES', nth: 1, sticky: false }] },
      'EACCES',
    ],
  ])('%s', (_, addition, request, errno) => {
    expect(tried(over({ add: [addition] }), request)[0]).toBe(errno);
  });

  it('that changes something', () => {
    const row = { id: 'mine', kind: 'effect', words: 'w', changes: [{ set: 'domain.mine', to: 7 }] } as const;
    const attributes = [{ driver: 'intel', attributes: { domain: { mine: { default: 3, words: 'w' } } } }];
    const engine = engineOf(buildModel({ kernel: over({ attributes, add: [{ driver: 'intel', path: 'attach', row }] }) }), operationTable);
    expect(attempt(engine, { driver: 'intel' }).world.domains['domain']!.attributes['mine']).toBe(7);
    expect(attempt(engine, noIds).world.domains['domain']!.attributes['mine']).toBe(3);
  });
});

describe('a driver that no tree has', () => {
  it('is another one under a new name', () => {
    const basis = over({ drivers: [{ name: 'mine', like: 'arm-smmu-v3', rows: [{ id: 'arm-smmu-v3-foreign-smmu', errno: 'EBUSY' }] }] });
    expect(tried(basis, { ...foreign, driver: 'mine' })[0]).toBe('EBUSY');
    expect(tried(basis, foreign)[0]).toBe('EINVAL');
  });

  const toy: Overlay['drivers'][number] = {
    name: 'toy',
    blocking: 'static',
    attributes: { domain: { iommu: { default: null, words: 'instance' } } },
    paths: {
      attach: [
        {
          id: 'toy-foreign',
          kind: 'check',
          words: 'the domain is of another instance',
          class: 'incompatible',
          errno: 'EINVAL',
          refuses: { all: [{ not: { lacks: 'domain.iommu' } }, { differ: ['domain.iommu', 'iommu.id'] }] },
        },
        { id: 'toy-bind', kind: 'effect', words: 'bound', changes: [{ set: 'domain.iommu', to: 'iommu.id' }], undo: 'none' },
      ],
    },
  };

  it('is rows as data, and runs', () => {
    const engine = engineOf(buildModel({ kernel: over({ drivers: [toy] }) }), operationTable);
    const device = (id: string, iommu: string) => ({ id, type: 'DMA', regions: [], devices: [{ id: `d${id}`, iommu, attributes: {} }] });
    const topology = {
      name: 'toys',
      source: 'by hand',
      system: { isolatedMsi: true },
      iommus: ['i0', 'i1'].map((id) => ({ id, driver: 'toy', attributes: {} })),
      groups: [device('1', 'i0'), device('2', 'i1'), device('3', 'i0')],
    };
    const { results, world } = told(engine, scenario(topology, [task('t0', 'attach 1; attach 2; attach 3')], { kernel: 'mine' }));
    expect(results).toEqual(['OK', 'OK', 'OK']);
    expect(world.containers['c0']!.records.map(({ groups }) => groups)).toEqual([['2'], ['1', '3']]);
  });
});

describe('rules', () => {
  it('of kernel APIs', () => {
    const basis = over({ apis: [{ id: 'pm-runtime-resume', errnos: ['EIO', 'EINVAL'], sticky: null }] });
    const api = basis.apis.find(({ id }) => id === 'pm-runtime-resume')!;
    expect([api.errnos.map(({ errno }) => errno), api.sticky]).toEqual([['EIO', 'EINVAL'], undefined]);
    expect(over({ apis: [{ id: 'pm-runtime-resume', sticky: 'EIO' }] }).apis.find(({ id }) => id === 'pm-runtime-resume')!.sticky).toBe(
      'EIO',
    );
  });

  it('of callers, each its own', () => {
    const kernel = over({ continue: [{ caller: 'vfio-type1', errnos: ['EINVAL'] }] });
    expect(buildModel({ kernel }).scan).toEqual(['EINVAL']);
    expect(buildModel({ kernel, caller: 'retry-any' }).scan).toBe('any');
    expect(buildModel({ kernel, continueOn: 'any' }).scan).toBe('any');
  });

  it('of a contract, by name or as tables', () => {
    const row = narrow;
    expect(tried(over({ contract: 'emediumtype' }), row)[0]).toBe('EMEDIUMTYPE');
    const own = { name: 'own', words: '', classes: { incompatible: 'EXDEV' }, scan: ['EXDEV'], apis: {}, source: '' };
    expect(tried(over({ contract: own }), row)[0]).toBe('EXDEV');
    expect(buildModel({ kernel: over({ contract: own }) }).scan).toEqual(['EXDEV']);
  });
});

describe('rows of the core and of callers', () => {
  const machine = recorded('6.12custom-x86_64-intel-failnth');
  const results = (changes: Partial<Overlay>, script: string) =>
    told(engineOf(buildModel({ kernel: over(changes) }), operationTable), scenario(machine, [task('t0', script)], { kernel: 'mine' }))
      .results;

  it.each<[string, Partial<Overlay>, string[]]>([
    ['unchanged', {}, ['OK', 'EPERM']],
    ['another errno of the core', rows({ id: 'core-claim-group-owned', errno: 'EBUSY' }), ['OK', 'EBUSY']],
    ['another errno of the caller', rows({ id: 'vfio-set-container-bad-pointer', refuses: { all: [] }, errno: 'EIO' }), ['OK', 'EIO']],
  ])('%s', (_, changes, expected) => {
    expect(results(changes, 'bind-driver 5; attach 5')).toEqual(expected);
  });

  it('that were removed refuse nothing', () => {
    const run = (changes: Partial<Overlay>) => {
      const engine = engineOf(buildModel({ kernel: over(changes), caller: 'vhost-vdpa' }), operationTable);
      return told(engine, scenario(machine, [task('t0', 'attach 5; attach 5 in c1')], { kernel: 'mine', caller: 'vhost-vdpa' })).results;
    };
    expect([run({}), run(rows({ id: 'core-attach-group-busy', remove: true }))]).toEqual([
      ['OK', 'EBUSY'],
      ['OK', 'OK'],
    ]);
  });

  it('that allocate and were removed ask for no memory', () => {
    const faults = [{ kind: 'site', site: 'type1-group-alloc', nth: 1, sticky: true }] as const;
    const run = (changes: Partial<Overlay>) =>
      told(
        engineOf(buildModel({ kernel: over(changes) }), operationTable),
        scenario(machine, [task('t0', 'attach 5')], { kernel: 'mine', faults }),
      ).results;
    expect([run({}), run(rows({ id: 'type1-group-alloc', remove: true }))]).toEqual([['ENOMEM'], ['OK']]);
  });
});

describe('a refusal', () => {
  const place = { file: 'mine.yaml', line: 3, column: 5 };
  it.each<[string, Partial<Overlay>, string]>([
    ['an unknown profile', { from: '6.12' }, 'no kernel is named 6.12; did you mean 6.12.y?'],
    [
      'an unknown row',
      rows({ id: 'intel-instance-recrd-alloc', place }),
      'mine.yaml:3:5: no row of 6.12.y is named intel-instance-recrd-alloc; did you mean intel-instance-record-alloc?',
    ],
    [
      'a row of another column',
      rows({ id: 'intel-rmrr-unmanaged', place }),
      'mine.yaml:3:5: intel-rmrr-unmanaged is a row of v6.1; the drivers of 6.12.y do not have it',
    ],
    [
      'an unknown neighbour',
      rows({ id: record, after: 'intel-nothing-like-it', place }),
      'mine.yaml:3:5: no row of intel is named intel-nothing-like-it',
    ],
    [
      'a key of another kind',
      rows({ id: record, refuses: { all: [] }, place }),
      'mine.yaml:3:5: intel-instance-record-alloc is a row of kind alloc, which has no refuses; it has errno, class, prints, when, failure, tries, unreachable, note',
    ],
    [
      'a misspelt attribute',
      rows({ id: width, refuses: { lacks: 'iommu.agww' }, place }),
      'mine.yaml:3:5: no attribute is named iommu.agww; did you mean iommu.agaw?',
    ],
    [
      'a misspelt attribute behind a link',
      rows({ id: width, refuses: { lacks: 'group.domain.agww' }, place }),
      'mine.yaml:3:5: no attribute is named domain.agww; did you mean domain.agaw?',
    ],
    [
      'a move of a core row',
      rows({ id: 'core-owner-gate', after: 'core-attach-group-busy', place }),
      'mine.yaml:3:5: core-owner-gate is named by a workflow, which decides where it stands; only rows of drivers can be moved',
    ],
    [
      'a removed effect of a caller',
      rows({ id: 'iommufd-bound', remove: true, place }),
      'mine.yaml:3:5: iommufd-bound is an effect that a workflow names; it cannot be removed',
    ],
    [
      'an unknown caller',
      { continue: [{ caller: 'vfio-typ1', errnos: 'any', place }] },
      'mine.yaml:3:5: no caller is named vfio-typ1; did you mean vfio-type1?',
    ],
    [
      'a caller that does not search',
      { continue: [{ caller: 'iommufd-hwpt', errnos: ['EINVAL'], place }] },
      'mine.yaml:3:5: expected a caller that searches (iommufd-auto, retry-any, vfio-type1, vfio-type1-seed), found iommufd-hwpt, which never tries another domain',
    ],
    ['an unknown contract', { contract: 'einval-soft-' }, 'no contract is named einval-soft-; did you mean einval-soft?'],
    [
      'an unknown API',
      { apis: [{ id: 'pm-runtime-resum', place }] },
      'mine.yaml:3:5: no kernel API is named pm-runtime-resum; did you mean pm-runtime-resume?',
    ],
    [
      'a row twice',
      { add: [{ driver: 'intel', path: 'attach', row: { id: ids, kind: 'effect', words: '', changes: [] }, place }] },
      'mine.yaml:3:5: intel has a row intel-domain-ids-exhausted already',
    ],
    [
      'a driver to add to',
      { add: [{ driver: 'intl', path: 'attach', row: { id: 'x', kind: 'effect', words: '', changes: [] }, place }] },
      'mine.yaml:3:5: no driver is named intl; did you mean intel?',
    ],
    [
      'a model for a driver',
      { drivers: [{ name: 'mine', like: 'arm-smmuv3', place }] },
      'mine.yaml:3:5: no driver is named arm-smmuv3; did you mean arm-smmu-v3?',
    ],
    [
      'a model that the profile lacks',
      { drivers: [{ name: 'mine', like: 'tegra-gart', place }] },
      'mine.yaml:3:5: tegra-gart is not in this profile: ',
    ],
    [
      'a driver that is there',
      { drivers: [{ name: 'intel', place }] },
      'mine.yaml:3:5: a driver is named intel already; change its rows under rows:, or take another name',
    ],
    [
      'a row twice in a path',
      {
        drivers: [
          { name: 'mine', place, paths: { attach: [1, 2].map(() => ({ id: 'x', kind: 'effect', words: '', changes: [] }) as const) } },
        ],
      },
      "mine.yaml:3:5: mine's path attach has the row x twice",
    ],
    [
      'a row of a driver that it is like',
      { drivers: [{ name: 'mine', like: 'sprd', rows: [{ id: 'sprd-bond', place }] }] },
      'mine.yaml:3:5: no row of mine is named sprd-bond; did you mean sprd/bind?',
    ],
  ])('of %s', (_, changes, message) => {
    const laid = () => over(changes, changes.from);
    expect(laid).toThrow(Failure);
    expect(laid).toThrow(message);
  });
});
