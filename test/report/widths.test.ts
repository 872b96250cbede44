// Text that tables would make too wide: every line fits 75 columns, and nothing is left out.
import { describe, expect, it } from 'vitest';
import type { Cell } from '../../src/core/cell.ts';
import type { Event } from '../../src/core/events.ts';
import { printDifference } from '../../src/report/diff.ts';
import { printDivergence } from '../../src/report/divergence.ts';
import { printMatrix } from '../../src/report/matrix.ts';

const cell: Cell = {
  kernel: '6.1.y+seed-v6',
  caller: 'vfio-type1-seed',
  absent: null,
  hypothetical: null,
  result: 'ENOSPC',
  results: [],
  userSpace: false,
  calls: [],
  domains: { c0: 1 },
  containers: 1,
  pinned: 1,
  findings: [],
  evidence: 'recorded',
  expected: true,
  problems: [],
};

describe('the matrix', () => {
  it('has findings beside the row where they fit', () =>
    expect(printMatrix([{ ...cell, findings: ['x'] }]).split('\n')).toEqual([
      'caller                            ioctl    domains  evidence  findings',
      'vfio-type1-seed on 6.1.y+seed-v6  -ENOSPC  1        recorded  x',
    ]));
  it('has them below the row where one line is too long', () =>
    expect(printMatrix([{ ...cell, findings: ['group-stuck-on-blocking'] }, cell]).split('\n')).toEqual([
      'caller                            ioctl    domains  evidence',
      'vfio-type1-seed on 6.1.y+seed-v6  -ENOSPC  1        recorded',
      '    group-stuck-on-blocking',
      'vfio-type1-seed on 6.1.y+seed-v6  -ENOSPC  1        recorded',
    ]));
  it('sums the domains of many containers', () =>
    expect(printMatrix([{ ...cell, domains: { c0: 1, ioas0: 2, c3: 0 } }]).split('\n')).toEqual([
      'caller                            ioctl    domains  evidence  findings',
      'vfio-type1-seed on 6.1.y+seed-v6  -ENOSPC  3        recorded',
      '    domains: c0 1, ioas0 2, c3 0',
    ]));
});

describe('the difference of two runs', () => {
  const event = (allocations: number | null): Event => ({
    type: 'CallEnded',
    task: 't0',
    call: 'VFIO_SET_IOMMU',
    result: 'OK',
    allocations,
  });
  const difference = {
    equal: false,
    first: { request: 't0 request 1: attach 5', expected: { at: 7, event: event(null) }, actual: { at: 7, event: event(18) } },
    row: { expected: 'intel-instance-record-alloc', actual: 'intel-instance-record-alloc' },
    requests: [],
    state: [],
    events: { expected: 9, actual: 9 },
  };
  it('says what events that read the same differ in', () =>
    expect(printDifference(difference, ['r1', 'r2']).split('\n')).toEqual([
      'they part in t0 request 1: attach 5',
      '  r1   #7 VFIO_SET_IOMMU = 0',
      '  r2   #7 VFIO_SET_IOMMU = 0',
      '  differs in allocations: null -> 18',
      'row: intel-instance-record-alloc in both',
      'every request has the same result',
      'the end states are equal',
    ]));
});

describe('a run that no longer runs the same', () => {
  it.each([
    [
      { at: 1, expected: '{"model":"0a","type":"RunStarted"}', actual: '{"model":"0b","type":"RunStarted"}' },
      ['r1 was run by another model, 0a; the model is 0b now: run the scenario', '  again and compare the two with diff'],
    ],
    [
      { at: 7, expected: `{"a":"${'x'.repeat(90)}","b":1}`, actual: `{"a":"${'x'.repeat(90)}","b":2}` },
      ['r1 differs at event 7', '  stored  ...xxxxxxxxxxxxxx","b":1}', '  now     ...xxxxxxxxxxxxxx","b":2}'],
    ],
    [{ at: 3, expected: null, actual: '{}' }, ['r1 differs at event 3', '  stored  nothing more', '  now     {}']],
  ])('event $at', (divergence, lines) => expect(printDivergence('r1', divergence).split('\n')).toEqual(lines));
});
