// Scenarios by chance are scenarios: they load, and run under every caller; one that breaks a property shrinks to what breaks it.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraries, shrinking } from '../../src/arbitraries/fastCheck.ts';
import { edited, furtherEdits } from '../../src/explore/edits.ts';
import { callersFor } from '../../src/explore/matrix.ts';
import { judge, parseScenario, printScenario, type Scenario } from '../../src/index.ts';
import { absence, callerTable } from '../../src/kernels/build.ts';

const patience = { timeout: 120_000 };
const seed = 20260724;
const { scenario, topology, script, faults } = arbitraries(fc);

const withoutPlaces = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, part) => (key === 'place' || key === 'source' ? undefined : part)));

/** Callers of every kind that know the verbs: those above the kernel too. */
const callers = (given: Scenario): string[] => callersFor(given, true).filter((name) => absence(callerTable.get(name)!, 'v6.12') === null);

const rulesOf = (given: Scenario): string[] =>
  judge({ scenario: given, kernel: given.kernel, caller: given.caller, decisions: [] }).findings.map(({ rule }) => rule);

const hasNoDuplicate = (given: Scenario): boolean => !rulesOf(given).includes('duplicate-domain');

const scriptsOf = ({ tasks }: Scenario): string[] =>
  tasks.flatMap(({ requests }) => requests.map(({ verb, target }) => `${verb} ${target}`));

describe('arbitraries', () => {
  it(`load as files do (seed ${seed})`, patience, () => {
    fc.assert(
      fc.property(scenario({ tasks: 2, faults: 2 }), (given) => {
        expect(withoutPlaces(parseScenario(printScenario(given), 'chance.yaml'))).toEqual(withoutPlaces(given));
      }),
      { seed, numRuns: 100 },
    );
  });

  it(`run to their end under every caller that knows their verbs (seed ${seed})`, patience, () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(scenario({ tasks: 2, faults: 2 }), (given) => {
        for (const caller of callers(given)) {
          met.add(caller);
          const { run } = judge({ scenario: given, kernel: '6.12.y', caller, decisions: [] });
          expect([caller, run.stopped, run.stuck]).toEqual([caller, false, []]);
        }
      }),
      { seed, numRuns: 60 },
    );
    expect([...met].sort()).toEqual(callers(fc.sample(scenario(), { seed, numRuns: 1 })[0]!).sort());
    expect(met.size).toBeGreaterThanOrEqual(8);
  });

  it(`have drivers, verbs and failures of each kind (seed ${seed})`, () => {
    const machines = fc.sample(topology(), { seed, numRuns: 50 });
    expect([...new Set(machines.flatMap(({ iommus }) => iommus.map(({ driver }) => driver)))].sort()).toEqual([
      'amd',
      'arm-smmu-v3',
      'intel',
      'virtio-iommu',
    ]);
    const requests = fc.sample(script(machines[0]!), { seed, numRuns: 50 }).flat();
    expect([...new Set(requests.map(({ verb }) => verb))].sort()).toEqual(['attach', 'close', 'detach', 'map', 'unmap']);
    const tasks = [{ id: 't0', caller: null, container: 'c0', requests: [{ verb: 'attach', target: '1' }] }] as const;
    const planned = fc.sample(faults({ tasks }, 3), { seed, numRuns: 50 });
    expect([...new Set(planned.map(({ length }) => length))].sort()).toEqual([0, 1, 2, 3]);
    expect(fc.sample(faults({ tasks: [] }), { seed, numRuns: 5 })).toEqual([[], [], [], [], []]);
  });
});

describe('shrinking', () => {
  it(`comes from a random script and one failure to two attaches and that failure (seed ${seed})`, patience, () => {
    const found = fc.check(fc.property(shrinking(fc, { tasks: 2 }), hasNoDuplicate), { seed, numRuns: 2000 });
    expect(found.failed).toBe(true);
    const [smallest] = found.counterexample!;
    expect(scriptsOf(smallest).map((text) => text.split(' ')[0])).toEqual(['attach', 'attach']);
    expect(smallest.faults).toMatchObject([{ kind: 'nth', request: 1 }]);
    expect(smallest.topology.groups.map(({ devices }) => devices.length)).toEqual([1, 1]);
    const [fault] = smallest.faults;
    for (let nth = 1; nth < fault!.nth; nth++) expect(hasNoDuplicate({ ...smallest, faults: [{ ...fault!, nth }] })).toBe(true);
    expect(hasNoDuplicate({ ...smallest, faults: [] })).toBe(true);
    for (const edit of furtherEdits(smallest, [])) expect(hasNoDuplicate(edited(smallest, [edit]))).toBe(true);
  });

  it('keeps a failure with its request, and never asks about what is no scenario', () => {
    const [machine] = fc.sample(topology(), { seed, numRuns: 1 });
    const group = machine!.groups[0]!.id;
    const attach = { verb: 'attach', target: group } as const;
    const whole: Scenario = {
      ...fc.sample(scenario(), { seed, numRuns: 1 })[0]!,
      topology: machine!,
      tasks: [
        { id: 't0', caller: null, container: 'c0', requests: [{ verb: 'map', target: null, iova: 2 ** 20, size: 4096 }, attach] },
        { id: 't1', caller: null, container: 'c1', requests: [{ verb: 'kill', target: 't0' }] },
      ],
      faults: [{ kind: 'nth', task: 't0', request: 1, nth: 1 }],
    };
    const shrinks = [...shrinking(fc).shrink(whole, undefined)].map(({ value }) => value);
    const said = shrinks.map((given) => [scriptsOf(given).join('; '), given.faults.map((fault) => fault.request)] as const);
    expect(said.slice(0, 1)).toEqual([[`map null; attach ${group}; kill t0`, []]]);
    expect(said).toContainEqual([`attach ${group}; kill t0`, [0]]);
    expect(said).toContainEqual(['map null; kill t0', []]);
    expect(said).toContainEqual([`map null; attach ${group}`, [1]]);
    expect(said.filter(([text]) => text === 'kill t0')).toEqual([]);
  });
});
