// The first decision of a search: states to begin in, kills, unplugs. Every start is an ordinary scenario, counted and named.
import { describe, expect, it } from 'vitest';
import { explore } from '../../src/explore/explore.ts';
import { variantsOf } from '../../src/explore/variants.ts';
import { task } from '../support/runs.ts';
import { cutTo, on } from '../support/searching.ts';

const machine = cutTo('intel-two-units', '1', '2');
const before = [
  { name: 'nothing', tasks: [], set: {} },
  { name: 'attached', tasks: [task('t0', 'attach 1')], set: {} },
  { name: 'no ids', tasks: [], set: { 'iommu/dmar0': { domainIdsFree: 0 } } },
];
const given = on(machine, [task('t0', 'attach 1'), task('t1', 'attach 2', 'c1')]);
const none = { kills: 0, unplugs: 0 };

describe('the starts of a search', () => {
  it.each([
    ['as it stands', given, none, 1],
    ['three states', { ...given, before }, none, 3],
    ['one kill', given, { kills: 1, unplugs: 0 }, 2],
    ['two kills', given, { kills: 2, unplugs: 0 }, 1],
    ['one unplug', given, { kills: 0, unplugs: 1 }, 2],
    ['a kill and an unplug in three states', { ...given, before }, { kills: 1, unplugs: 1 }, 12],
    [
      'an unknown attribute with two more values',
      given,
      { ...none, unknown: [{ part: 'iommu/dmar0', attribute: 'mgaw', values: [39, 57] }] },
      3,
    ],
  ])('%s', (_, scenario, options, count) => {
    const variants = variantsOf(scenario, options);
    expect(variants).toHaveLength(count);
    expect(new Set(variants.map(({ name }) => name)).size).toBe(count);
  });

  it('a name that is not there is refused, with the nearest', () => {
    expect(() => variantsOf({ ...given, before }, { ...none, before: ['atached'] })).toThrow(
      'no state to begin in is named atached; did you mean attached?',
    );
  });

  it('are all covered, or the verdict says how many were', () => {
    const bounds = { faults: 0, apiFaults: 0, kills: 0, unplugs: 0, plausible: false, preemptions: null };
    const one = { ...given, before, tasks: [given.tasks[0]!] };
    const part = { kernel: '6.12.y', caller: 'vfio-type1' };
    const names = ['nothing', 'attached', 'no ids'];
    expect(explore(one, part, { bounds }).verdict.variants).toEqual({ covered: 3, total: 3, names });
    const stopped = explore(one, part, { bounds, stop: ({ variant }) => (variant === 1 ? 'enough' : null) }).verdict;
    expect(stopped).toMatchObject({ outcome: 'inconclusive', because: ['enough'], variants: { covered: 1, total: 3 } });
  });
});
