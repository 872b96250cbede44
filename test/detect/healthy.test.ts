// Silence where all is well: healthy runs have no finding of level bug or contract, and of level cost only what the caller wastes.
import { describe, expect, it } from 'vitest';
import { eventsOf } from '../support/runs.ts';
import { audited, ids } from './audited.ts';
import { intel, smmuv3 } from './machines.ts';

/** Pairs that were in one tree, and the thread's straw man. */
const pairs: [string, string][] = [
  ['6.1.y', 'vfio-type1'],
  ['6.1.y+seed-v6', 'vfio-type1-seed'],
  ['6.12.y', 'vfio-type1'],
  ['6.12.y', 'iommufd-auto'],
  ['6.12.y', 'retry-any'],
  ['6.1.y', 'vhost-vdpa'],
  ['6.12.y', 'vhost-vdpa'],
];

/** Pairs of which the rows and the caller never were in one tree, but agree on one instance. */
const hypothetical: [string, string][] = [
  ['6.1.y', 'vfio-type1-seed'],
  ['6.1.y+seed-v6', 'vfio-type1'],
  ['6.12.y', 'vfio-type1-seed'],
];

describe.each([...pairs, ...hypothetical])('%s with %s', (kernel, caller) => {
  const script = caller === 'vhost-vdpa' ? 'attach 5; map 4K; attach 6; detach 5; close' : 'attach 5; map 4K; attach 11; detach 5; close';

  it('attaches two groups of one Intel instance and gives them back without a finding', () => {
    const run = audited({ kernel, caller, topology: intel, script });
    expect(run.results).toEqual(['OK', 'OK', 'OK', 'OK', 'OK']);
    expect(run.findings).toEqual([]);
  });
});

describe.each(pairs.filter(([, caller]) => caller !== 'vhost-vdpa'))('%s with %s', (kernel, caller) => {
  it('attaches groups of three SMMUv3 instances without a finding', () => {
    const run = audited({ kernel, caller, topology: smmuv3, script: 'attach 6; map 4K; attach 7; attach 8; attach 10; attach 9; close' });
    expect(run.results).toEqual(['OK', 'OK', 'OK', 'OK', 'OK', 'OK', 'OK']);
    expect(eventsOf(run.events, 'RecordListed').length).toBe(3);
    expect(run.findings).toEqual([]);
  });
});

describe('work that another order would not need', () => {
  it.each([
    ['6.1.y', 'vfio-type1', ['needless-work:11/c0.d1']],
    ['6.12.y', 'vfio-type1', ['needless-work:11/c0.d1']],
    ['6.1.y+seed-v6', 'vfio-type1-seed', []],
    ['6.12.y', 'iommufd-auto', []],
  ])('%s with %s: %j, on request only', (kernel, caller, expected) => {
    const given = { kernel, caller, topology: intel, script: 'attach 5; map 4K; attach 11' };
    expect(audited(given).findings).toEqual([]);
    const { findings } = audited({ ...given, cost: true });
    expect(ids(findings)).toEqual(expected);
    expect(findings.map(({ level }) => level)).toEqual(expected.map(() => 'cost'));
  });

  it('is counted: three devices go to the fresh domain and to the existing one', () => {
    const { findings } = audited({
      kernel: '6.12.y',
      caller: 'vfio-type1',
      topology: intel,
      script: 'attach 5; map 4K; attach 11',
      cost: true,
    });
    // Claim: blocking; fresh domain; blocking again; existing domain: four switches of three devices.
    expect(findings[0]!.because.at(-1)!.words).toBe("in between 3 of the request's 12 device attaches go to it; the request takes 1 ids");
  });

  it('is none when the request fails', () => {
    const faults = [{ kind: 'nth', task: 't0', request: 0, nth: 8 }] as const;
    const run = audited({ kernel: '6.12.y', caller: 'vfio-type1', topology: intel, script: 'attach 5', faults, cost: true });
    expect([run.results, run.findings]).toEqual([['ENOMEM'], []]);
  });
});
