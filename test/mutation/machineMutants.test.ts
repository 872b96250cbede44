// Which mutants are made of workflow machines, that a sample of each kind is noticed and by what, and that what does nothing is not.
import { describe, expect, it } from 'vitest';
import { MachineJudge, type Trial } from './machineJudge.ts';
import { changesOf, controls, type Kind, type MachineMutant, machineMutants } from './machineMutants.ts';
import { equivalent, unreached, wanting } from './machineSurvivors.ts';
import { failuresOf, filesTried, racesTried } from './trials.ts';

const all = machineMutants();
const named = new Map(all.map((mutant) => [mutant.name, mutant]));
const trials = [
  ...filesTried(),
  ...racesTried(),
  ...failuresOf(({ name, caller }) => name === 'mapping-over-a-reserved-region' && caller === 'vfio-type1-seed'),
];

const tried = (wanted: string): Trial[] => trials.filter(({ name, caller, kernel }) => `${name} under ${caller} on ${kernel}` === wanted);

const noticed = (mutant: MachineMutant, by: string): string | null => new MachineJudge(tried(by)).notice(mutant)?.says ?? null;

const toy = {
  initial: 'lock',
  states: {
    lock: { meta: { op: ['lock', 'toy', 'group'] as const }, on: { OK: 'claim' } },
    claim: { meta: { op: ['claim', 'owner'] as const }, on: { OK: 'join', 'errno.*': 'release' } },
    join: { meta: { op: ['joinContainer'] as const }, on: { OK: 'unlock' } },
    release: { meta: { op: ['release'] as const }, on: { OK: 'unlockFailed' } },
    unlock: { meta: { op: ['unlock', 'toy', 'group'] as const }, on: { OK: 'done' } },
    unlockFailed: { meta: { op: ['unlock', 'toy', 'group'] as const }, on: { OK: 'failed' } },
    done: { type: 'final', meta: { result: 'OK' as const } },
    failed: { type: 'final', meta: { result: 'errno' as const } },
  },
};

describe('mutants of a machine', () => {
  const changes = changesOf(toy);

  it('are one for each lock, unlock, pair of steps, way back and errno', () => {
    expect(changes.map(({ kind, what }) => `${kind}, ${what}`)).toEqual([
      'lock dropped, lock',
      'unlock dropped, unlock',
      'unlock dropped, unlockFailed',
      'steps swapped, claim and join',
      'unwind forgotten, release after claim errno.*',
      'errno swallowed, claim errno.*',
    ]);
  });

  it.each<[Kind, string, string, Record<string, string> | undefined]>([
    ['lock dropped', 'claim', 'claim', { OK: 'join', 'errno.*': 'release' }],
    ['unlock dropped', 'lock', 'join', { OK: 'done' }],
    ['steps swapped', 'lock', 'claim', { OK: 'claim later' }],
    ['steps swapped', 'lock', 'claim later', { OK: 'unlock', 'errno.*': 'release' }],
    ['unwind forgotten', 'lock', 'claim', { OK: 'join', 'errno.*': 'unlockFailed' }],
    ['errno swallowed', 'lock', 'claim', { OK: 'join', 'errno.*': 'join' }],
  ])('%s: begins in %s, and %s leads elsewhere', (kind, initial, state, on) => {
    const { workflow } = changes.find((change) => change.kind === kind)!;
    expect([workflow.initial, workflow.states[state]?.on]).toEqual([initial, on]);
  });
});

describe('mutants of the machines of the package', () => {
  it('are as many as counted', () => {
    const counts = Object.groupBy(all, ({ kind }) => kind);
    expect(Object.fromEntries(Object.entries(counts).map(([kind, list]) => [kind, list.length]))).toEqual({
      'lock dropped': 73,
      'unlock dropped': 126,
      'steps swapped': 308,
      'unwind forgotten': 135,
      'errno swallowed': 257,
    });
    expect([named.size, controls().length]).toEqual([899, 88]);
  });

  it('have every listed name, once', () => {
    const listed = [equivalent, wanting, unreached].flatMap((list) => Object.keys(list));
    expect(listed.filter((name) => !named.has(name))).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  });
});

const type1 = 'vfio-type1 type1Attach';
const auto = 'iommufd-auto attachPt';

describe('the judge of machines', () => {
  it.each<[string, string, string]>([
    [`${type1}: unlock dropped, unlockFailed`, 'qemu-second-container under vfio-type1 on 6.12.y', 'expected results'],
    [`${type1}: steps swapped, detach and free`, 'intel-width-high-mapping under vfio-type1 on 6.12.y', 'freed-domain-recorded'],
    [`${type1}: unwind forgotten, free after detach OK`, 'intel-width-high-mapping under vfio-type1 on 6.12.y', 'orphaned-domain'],
    [`${type1}: errno swallowed, attachFresh errno.*`, 'tegra-gart-single-aperture under vfio-type1 on 6.1.y', 'EBUSY, found ok'],
    [`${type1}: lock dropped, lock`, 'type1-map-while-attaching under vfio-type1 on 6.1.y', 'outcome:t0 unmap'],
    [`${type1}: lock dropped, lock`, 'given-back under vfio-type1 on 6.12.y', 'bad unlock balance: vfio_iommu.lock/c0'],
    [
      'v6.1 mapDomain: steps swapped, map and record',
      'mapping-over-a-reserved-region, failure 16 under vfio-type1-seed on 6.1.y+seed-v6',
      'maps',
    ],
    [`${auto}: lock dropped, lock`, 'iommufd-two-groups under iommufd-auto on 6.12.y', 'undefined'],
    [`${auto}: unlock dropped, unlockFailed`, 'runtime-pm-einval under iommufd-auto on 6.12.y', 'expected results'],
    [`${auto}: steps swapped, detach and free`, 'intel-width-high-mapping under retry-any on 6.12.y', 'freed-domain-recorded'],
    [`${auto}: unwind forgotten, free after detach OK`, 'intel-width-high-mapping under retry-any on 6.12.y', 'orphaned-domain'],
    [`${auto}: errno swallowed, add errno.*`, 'intel-width-high-mapping under iommufd-auto on 6.12.y', 'EADDRINUSE, found ok, ok, ok'],
  ])('notices %s by %s', (name, by, says) => {
    expect(noticed(named.get(name)!, by)).toContain(says);
  });

  it.each(['vfio-type1 type1Attach', 'iommufd-auto attachPt', 'v6.12 attachGroup'])('notices no step more in %s', (machine) => {
    const control = controls().find(({ name }) => name.startsWith(`${machine}:`))!;
    const judge = new MachineJudge(
      trials.filter(({ name }) => ['given-back', 'enomem-duplicate-domain', 'iommufd-replace'].includes(name)),
    );
    expect(judge.reaching(control).length).toBeGreaterThan(0);
    expect(judge.notice(control)).toBe(null);
  });
});
