// Rows that are marked unreachable stay so: in runs over random machines, scripts and failures, under every caller and profile.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/core/conditions.ts';
import type { AttributeTable, Driver, Row } from '../../src/core/rows.ts';
import type { Request, Scenario } from '../../src/core/scenario.ts';
import type { Topology } from '../../src/core/topology.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { absence, callerTable, profileTable } from '../../src/kernels/build.ts';
import { namedOutcome } from '../rows/namedOutcome.ts';
import { driversIn, engineFor, kernels } from '../rows/tables.ts';

const seed = Number(process.env.SEED ?? 7);
const runs = 60;

const isMarked = (row: Row): boolean => 'unreachable' in row && row.unreachable !== undefined;

/** Marked rows of the core, the caller and the drivers, by id. */
const markedIn = (kernel: string, caller: string): ReadonlySet<string> => {
  const { model } = engineFor(kernel, caller);
  const ofDrivers = driversIn(kernel).flatMap((driver) => Object.values(driver.paths).flatMap((path) => path[model.column] ?? []));
  return new Set([...model.rows.values(), ...ofDrivers].filter(isMarked).map(({ id }) => id));
};

/** Any of the values that the driver declares for each attribute; most keep their default. */
const attributesOf = (table: AttributeTable = {}): fc.Arbitrary<Record<string, Value>> =>
  fc
    .tuple(
      ...Object.entries(table).map(([name, facts]) =>
        fc
          .oneof(
            { weight: 3, arbitrary: fc.constant(facts.default) },
            { weight: 1, arbitrary: fc.constantFrom(facts.default, ...(facts.alternatives ?? [])) },
          )
          .map((value) => [name, value] as const),
      ),
    )
    .map((entries) => Object.fromEntries(entries));

const machineOf = (driver: Driver): fc.Arbitrary<Topology> =>
  fc
    .record({
      iommus: fc.tuple(attributesOf(driver.attributes.iommu), attributesOf(driver.attributes.iommu)),
      devices: fc.array(fc.record({ iommu: fc.constantFrom('i0', 'i1'), attributes: attributesOf(driver.attributes.device) }), {
        minLength: 4,
        maxLength: 4,
      }),
      system: attributesOf(driver.attributes.system),
    })
    .map(({ iommus, devices, system }) => {
      const made = devices.map((device, index) => ({ id: `d${index}`, ...device }));
      const group = (id: string, members: typeof made) => ({
        id,
        type: 'DMA',
        regions: [],
        devices: members.map((member) => ({ ...member, iommu: members[0]!.iommu })),
      });
      return {
        name: 'random',
        source: 'random',
        system: { isolatedMsi: true, ...system },
        iommus: iommus.map((attributes, index) => ({ id: `i${index}`, driver: driver.name, attributes })),
        groups: [group('1', made.slice(0, 1)), group('2', made.slice(1, 2)), group('3', made.slice(2))],
      };
    });

const requestsOf = (engine: Engine): fc.Arbitrary<Request[]> => {
  const verbs = (['attach', 'detach', 'map', 'unmap', 'close', 'bind-driver', 'unbind-driver', 'replace'] as const).filter(
    (verb) => verb in engine.model.requests,
  );
  const request = fc.record({
    verb: fc.constantFrom('attach' as const, ...verbs),
    target: fc.constantFrom('1', '2', '3'),
    page: fc.integer({ min: 1, max: 3 }),
  });
  return fc.array(
    request.map(({ verb, target, page }): Request => {
      if (verb === 'map' || verb === 'unmap') return { verb, target: null, iova: page * 0x1000000, size: 4096 };
      return { verb, target: verb === 'close' ? null : target };
    }),
    { minLength: 2, maxLength: 6 },
  );
};

const scenarioOf = (engine: Engine, driver: Driver): fc.Arbitrary<Scenario> =>
  fc
    .record({ topology: machineOf(driver), requests: requestsOf(engine), failing: fc.option(fc.integer({ min: 1, max: 12 })) })
    .map(({ topology, requests, failing }) => ({
      name: 'random',
      title: '',
      topology,
      kernel: engine.model.kernel,
      caller: engine.model.caller.name,
      tasks: [{ id: 't0', caller: null, container: 'c0', requests }],
      faults: failing === null ? [] : [{ kind: 'nth', task: 't0', request: requests.length - 1, nth: failing }],
      set: {},
      claims: [],
      expect: [],
    }));

const pairs = kernels.flatMap((kernel) =>
  [...callerTable.values()]
    .filter((caller) => absence(caller, profileTable.get(kernel)!.column) === null && caller.name !== 'iommufd-hwpt')
    .map((caller) => ({ kernel, caller: caller.name })),
);

describe.each(pairs)('$kernel, $caller', ({ kernel, caller }) => {
  const engine = engineFor(kernel, caller);
  const marked = markedIn(kernel, caller);

  it(`has marked rows that no random run reaches (seed ${seed})`, () => {
    expect(marked.size).toBeGreaterThan(5);
    const reached = new Set<string>();
    for (const driver of driversIn(kernel).filter(({ name }) => !name.endsWith('-nested')))
      fc.assert(
        fc.property(scenarioOf(engine, driver), (scenario) => {
          const { told } = namedOutcome(engine, scenario);
          for (const { row } of told) reached.add(row);
          expect(told.map(({ row }) => row).filter((row) => marked.has(row))).toEqual([]);
        }),
        { seed, numRuns: runs },
      );
    // The runs go far enough to meet other rows.
    expect(reached.size).toBeGreaterThan(20);
  });
});
