// Small scenarios by chance: one or two tasks on two or three groups of a real topology, a few requests each, sometimes a claim.
import * as fc from 'fast-check';
import type { Claim, Request, Scenario } from '../../src/core/scenario.ts';
import type { Topology } from '../../src/core/topology.ts';
import { parseComparison } from '../../src/scenario/claims.ts';
import { request } from '../support/runs.ts';
import { cutTo, on } from '../support/searching.ts';

export interface Small {
  readonly scenario: Scenario;
  readonly caller: string;
  readonly kernel: string;
  readonly faults: number;
}

const machines: readonly (readonly [Topology, readonly string[]])[] = (
  [
    ['intel-two-units', '1', '2'],
    ['q35-intel', '5', '11'],
    ['q35-virtio', '1', '2'],
    ['q35-virtio', '4', '6'],
    ['virt-smmuv3x3', '7', '8', '9'],
  ] as const
).map(([name, ...groups]) => [cutTo(name, ...groups), groups]);

const models = [
  ['vfio-type1', '6.12.y'],
  ['vfio-type1', '6.12.y'],
  ['vfio-type1', '6.1.y'],
  ['vfio-type1-seed', '6.1.y+seed-v6'],
  ['iommufd-auto', '6.12.y'],
] as const;

/** Of one container, `C`, or of two of them, `D` the other one. */
const said = [
  ['always', 'domains(C) <= 1'],
  ['at-end', 'domains(C) == 0'],
  ['at-end', 'domains(C) == 1'],
  ['at-end', 'domains(C) <= domains(D)'],
  ['sometimes', 'domains(C) == 2'],
  ['sometimes', 'domains(C) < domains(D)'],
] as const;

/** Of one container or of each, as a user of interchangeable ones would claim it. */
const claimsOn = (containers: readonly string[]): fc.Arbitrary<Claim[]> =>
  fc
    .record({ picked: fc.subarray([...said]), isOfEach: fc.boolean() })
    .map(({ picked, isOfEach }) =>
      picked.flatMap(([mood, text]) =>
        (isOfEach ? containers : containers.slice(0, 1)).map((container, index) =>
          parseComparison(mood, text.replaceAll('C', container).replaceAll('D', containers.at(index - 1)!)),
        ),
      ),
    );

const requestsOn = (groups: readonly string[], isSecond: boolean): fc.Arbitrary<Request[]> => {
  const target = fc.constantFrom(...groups);
  const one = fc.oneof(
    { weight: 5, arbitrary: target.map((group) => `attach ${group}`) },
    { weight: 2, arbitrary: target.map((group) => `detach ${group}`) },
    { weight: 1, arbitrary: fc.constantFrom('map 4K', 'map 4K @0x2000000', 'unmap 4K', 'close') },
    ...(isSecond ? [{ weight: 1, arbitrary: fc.constant('kill t0') }] : []),
  );
  return fc.array(one, { minLength: 1, maxLength: 3 }).map((texts) => texts.map(request));
};

const tasksOn = (groups: readonly string[]): fc.Arbitrary<Scenario['tasks']> =>
  fc
    .record({
      first: requestsOn(groups, false),
      second: fc.option(requestsOn(groups, true), { freq: 3 }),
      shared: fc.boolean(),
      // Two tasks that do the same, each on its own: often interchangeable.
      mirrored: fc.boolean(),
    })
    .map(({ first, second, shared, mirrored }) => {
      const swapped = new Map([
        [groups[0]!, groups[1]!],
        [groups[1]!, groups[0]!],
      ]);
      const mirror = first.map((found) => ({ ...found, target: swapped.get(found.target!) ?? found.target }));
      const container = shared ? 'c0' : 'c1';
      return [
        { id: 't0', caller: null, container: 'c0', requests: first },
        ...(second ? [{ id: 't1', caller: null, container, requests: mirrored ? mirror : second }] : []),
      ];
    });

type Machine = (typeof machines)[number];

const smallOf = (from: readonly Machine[], tasksOf: (groups: readonly string[]) => fc.Arbitrary<Scenario['tasks']>): fc.Arbitrary<Small> =>
  fc.constantFrom(...from).chain(([topology, groups]) =>
    tasksOf(groups).chain((tasks) =>
      fc
        .record({
          model: fc.constantFrom(...models),
          faults: fc.constantFrom(0, 0, 1),
          claims: fc.oneof(fc.constant([]), claimsOn([...new Set(tasks.map(({ container }) => container))])),
        })
        .map(({ model: [caller, kernel], faults, claims }) => ({
          scenario: on(topology, tasks, { claims, kernel, caller }),
          caller,
          kernel,
          faults,
        })),
    ),
  );

export const small = smallOf(machines, tasksOn);

/** Two or three tasks that do the same, each on a group of its own. */
const twinsOn = (groups: readonly string[]): fc.Arbitrary<Scenario['tasks']> =>
  fc
    .record({
      script: requestsOn(['GROUP'], false),
      tasks: fc.constantFrom(2, 2, 3),
      shared: fc.boolean(),
    })
    .map(({ script, tasks, shared }) =>
      groups.slice(0, tasks).map((group, index) => ({
        id: `t${index}`,
        caller: null,
        container: shared ? 'c0' : `c${index}`,
        requests: script
          .slice(0, tasks === 3 ? 1 : 2)
          .map((found) => ({ ...found, target: found.target === 'GROUP' ? group : found.target })),
      })),
    );

/** All groups on one instance, so that three can change places, too. */
const [apart, groupsApart] = machines.at(-1)!;
const iommus = apart.iommus.slice(0, 1);
const groups = apart.groups.map((group) => ({ ...group, devices: group.devices.map((device) => ({ ...device, iommu: iommus[0]!.id })) }));

export const twins = smallOf([[{ ...apart, iommus, groups }, groupsApart]], twinsOn);

/** What stands in a failure's report. */
export const words = ({ scenario, caller, kernel, faults }: Small): string =>
  `${caller} ${kernel} ${scenario.topology.name} faults ${faults}: ${scenario.tasks
    .map(({ id, container, requests }) => `${id}@${container}: ${requests.map(({ verb, target }) => `${verb} ${target ?? ''}`).join('; ')}`)
    .join(' | ')} claims ${scenario.claims.map(({ text }) => text).join(', ')}`;
