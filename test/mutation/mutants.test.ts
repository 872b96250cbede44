// Which mutants are made of a driver's rows, one by one, and that the judge notices them.
import { describe, expect, it } from 'vitest';
import type { RowData } from '../../src/core/overlay.ts';
import { emptyOverlay } from '../../src/core/overlay.ts';
import { engineOf } from '../../src/engine/engine.ts';
import { buildModel, operationTable } from '../../src/kernels/build.ts';
import { applyOverlay } from '../../src/kernels/overlay.ts';
import { engineFor } from '../rows/tables.ts';
import { noticedByCases, noticedByRuns, noticedByScenarios } from './judge.ts';
import { driverMutants, type Mutant, onlyErrnos } from './mutants.ts';
import { survivors } from './survivors.ts';

const facts = { words: 'w', class: 'other', errno: 'EINVAL' } as const;

const namesOf = (rows: readonly RowData[]): string[] => {
  const basis = applyOverlay({ ...emptyOverlay('6.12.y', 'toys'), drivers: [{ name: 'toy', paths: { attach: rows } }] });
  const engine = engineOf(buildModel({ kernel: basis }), operationTable);
  return driverMutants(engine, engine.operationModel.driver('toy')).map(({ name }) => name.replace('toys ', ''));
};

const locked: RowData = { ...facts, id: 'locked', kind: 'check', refuses: { not: { lacks: 'domain.static' } } };

describe('mutants', () => {
  it.each<[string, readonly RowData[], string[]]>([
    ['of one test', [locked], ['locked: operator swapped 1 of 1', 'locked: errno EBUSY']],
    [
      'of a comparison',
      [{ ...facts, id: 'narrow', kind: 'check', refuses: { below: ['domain.mappings', 3] } }],
      ['narrow: negated', 'narrow: operator swapped 1 of 1', 'narrow: errno EBUSY'],
    ],
    [
      'of parts',
      [
        {
          ...facts,
          id: 'both',
          kind: 'check',
          refuses: { all: [{ lacks: 'domain.parent' }, { equal: ['domain.type', { value: 'dma' }] }] },
        },
      ],
      [
        'both: negated',
        'both: operator swapped 1 of 2',
        'both: operator swapped 2 of 2',
        'both: part dropped 1 of 2',
        'both: part dropped 2 of 2',
        'both: errno EBUSY',
      ],
    ],
    [
      'of what is undone, and of order, only where a later row refuses',
      [
        { id: 'bind', kind: 'effect', words: 'w', changes: [{ set: 'domain.pageSize', to: 1 }], undo: 'none' },
        { ...facts, id: 'memory', kind: 'alloc', site: 'm:1' },
      ],
      ['bind: undo reverse', 'bind: after memory', 'memory: errno EBUSY'],
    ],
    ['of no errno that is passed over', [{ ...facts, id: 'memory', kind: 'alloc', site: 'm:1', failure: 'ignored' }], []],
    ['of no errno that is a callee’s', [{ ...facts, id: 'power', kind: 'call', api: 'pm-runtime-resume' }], []],
    ['of one that hides it', [{ ...facts, id: 'power', kind: 'call', api: 'pm-runtime-resume', masks: true }], ['power: errno EBUSY']],
    ['of a row that nothing reaches', [{ ...locked, unreachable: 'why' }], ['locked: negated']],
    [
      'of no order where two never both act',
      [locked, { ...locked, id: 'open', refuses: { lacks: 'domain.static' } } as RowData],
      ['locked: operator swapped 1 of 1', 'locked: errno EBUSY', 'open: operator swapped 1 of 1', 'open: errno EBUSY'],
    ],
  ])('%s', (_, rows, names) => {
    expect(namesOf(rows)).toEqual(names);
  });

  it('of the seed patch are its errnos', () => {
    const engine = engineFor('6.1.y');
    const all = driverMutants(engine, engine.operationModel.driver('sprd'));
    expect(onlyErrnos(all).map(({ name }) => name)).toEqual(all.map(({ name }) => name).filter((name) => name.includes(': errno ')));
  });
});

const mutant = (row: string, change: object): Mutant => ({
  name: row,
  row,
  overlay: { ...emptyOverlay('6.12.y'), rows: [{ id: row, ...change }] },
});

describe('the judge', () => {
  it('notices a row of a driver by a case', () => {
    expect(noticedByCases('6.12.y', mutant('sprd-pgtable-alloc', { errno: 'EIO' }))).toBe('sprd, attach: sprd-pgtable-alloc acts');
  });

  it('notices a row of a caller by a run', () => {
    expect(noticedByRuns('6.12.y', mutant('vfio-set-iommu-state', { errno: 'EIO' }))).toBe('state-of-the-container under vfio-type1');
  });

  it('notices a row by what a scenario file expects', () => {
    expect(noticedByScenarios('6.12.y', mutant('core-claim-group-owned', { errno: 'EIO' }))).toBe(
      'ownership-two-containers under vfio-type1',
    );
  });

  it('notices nothing where nothing changed', () => {
    const same = mutant('sprd-pgtable-alloc', {});
    expect([
      noticedByCases('6.12.y', same),
      noticedByRuns('6.12.y', mutant('vfio-set-iommu-state', {})),
      noticedByScenarios('6.12.y', same),
    ]).toEqual([null, null, null]);
  });
});

describe('a survivor', () => {
  it.each(Object.entries(survivors))('%s: %s', (name, reason) => {
    expect(name).toMatch(/: (negated|operator swapped \d+ of \d+|part dropped \d+ of \d+|errno \w+|undo \w+|after \S+)$/);
    expect(reason.length).toBeGreaterThan(10);
  });
});
