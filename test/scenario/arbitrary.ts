// Topologies and scenarios by chance, as far as files can say them.
import * as fc from 'fast-check';
import type { Value } from '../../src/core/conditions.ts';
import type { Claim, Expectation, Fault, Mood, PreState, Request, Scenario, TaskScript, Verb } from '../../src/core/scenario.ts';
import type { Deviation } from '../../src/core/schedule.ts';
import type { Topology } from '../../src/core/topology.ts';
import { parseComparison } from '../../src/scenario/claims.ts';
import { verbs } from '../../src/scenario/verbs.ts';

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 });
const line = words.filter((text) => !text.includes('\n'));
const id = words.filter((text) => /^\S+$/.test(text));
const number = fc
  .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .map((value) => (Object.is(value, -0) ? 0 : value));
const counters = fc.dictionary(
  id.filter((text) => !/^\d+$/.test(text) && text !== '__proto__'),
  number,
  { maxKeys: 2 },
);
const attributeName = fc
  .stringMatching(/^[A-Za-z$_][\w$.-]{0,6}$/)
  .filter((text) => !['__proto__', 'constructor', 'prototype'].includes(text));

export const value: fc.Arbitrary<Value> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  number,
  fc.boolean(),
  fc.constant(null),
  counters,
);
export const attributes = fc.dictionary(attributeName, value, { maxKeys: 3 });

const address = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom(2 ** 63, 2 ** 64));
const region = fc
  .tuple(address, address, fc.constantFrom('msi', 'direct', 'direct-relaxable', 'reserved'))
  .map(([one, other, type]) => ({ start: Math.min(one, other), end: Math.max(one, other), type }));
const regions = fc.array(region, { maxLength: 2 });

/** Cuts a list of distinct names into the given lengths. */
const dealt = (names: readonly string[], lengths: readonly number[]): string[][] =>
  lengths.map((length, index) => {
    const before = lengths.slice(0, index).reduce((sum, one) => sum + one, 0);
    return names.slice(before, before + length);
  });

const device = fc.record({ attributes, regions: fc.option(regions, { nil: undefined }), iommu: fc.option(fc.nat(), { freq: 3 }) });

export const topology: fc.Arbitrary<Topology> = fc
  .record({
    name: line,
    source: line,
    kernel: fc.option(line, { nil: undefined }),
    system: attributes,
    iommus: fc.uniqueArray(fc.record({ id, driver: id, attributes }), { selector: (iommu) => iommu.id, maxLength: 3 }),
    groups: fc.uniqueArray(fc.record({ id: fc.oneof(id, fc.nat().map(String)), type: line, regions, size: fc.nat({ max: 2 }) }), {
      selector: (group) => group.id,
      maxLength: 3,
    }),
    devices: fc.uniqueArray(fc.tuple(id, device), { selector: ([name]) => name, minLength: 6, maxLength: 6 }),
  })
  .map(({ name, source, kernel, system, iommus, groups, devices }) => {
    const facts = new Map(devices);
    const shares = dealt(
      [...facts.keys()],
      groups.map(({ size }) => size),
    );
    const deviceOf = (deviceId: string) => {
      const { iommu, regions: own, attributes: known } = facts.get(deviceId)!;
      const instance = iommu === null || iommus.length === 0 ? null : iommus[iommu % iommus.length]!.id;
      return { id: deviceId, iommu: instance, attributes: known, ...(own === undefined ? {} : { regions: own }) };
    };
    const filled = groups.map(({ size: _size, ...group }, index) => ({ ...group, devices: shares[index]!.map(deviceOf) }));
    return { name, source, ...(kernel === undefined ? {} : { kernel }), system, iommus, groups: filled };
  });

const name = fc.stringMatching(/^[A-Za-z][\w-]{0,4}$/);
const flags = fc.dictionary(attributeName, fc.oneof(fc.string({ maxLength: 4 }), number, fc.boolean()), { minKeys: 1, maxKeys: 2 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

/** Without the keys that have no value. */
const dense = <T extends object>(given: T): T => Object.fromEntries(Object.entries(given).filter(([, part]) => part !== undefined)) as T;

const range = fc.record({ iova: fc.nat(), size: fc.integer({ min: 1, max: 2 ** 40 }) });
const withTarget = [
  'attach',
  'detach',
  'replace',
  'bind-driver',
  'unbind-driver',
  'set-container',
  'unset-container',
  'bind',
  'unbind',
] as const;
const withContainer = (verb: Verb): boolean => verbs[verb].keys.includes('container');
const withTable = (verb: Verb): boolean => verbs[verb].keys.includes('page-table');

/** A request on the given targets; page tables only by slot, which need no maker. */
const request = (groups: readonly string[], devices: readonly string[]): fc.Arbitrary<Request> => {
  const shared = fc.record({ container: maybe(name), options: maybe(flags), pageTable: maybe(fc.constantFrom('c0.p0', 'c9.p12')) });
  const made = (verb: Verb, target: string | null, parts: fc.Arbitrary<Partial<Request>>): fc.Arbitrary<Request> =>
    fc.tuple(shared, parts).map(
      ([{ container, options, pageTable }, more]) =>
        dense({
          verb,
          target,
          container: withContainer(verb) ? container : undefined,
          options,
          pageTable: withTable(verb) ? pageTable : undefined,
          ...more,
        }) as Request,
    );
  const nothing = fc.constant({});
  const on = (targets: readonly string[], each: (target: string) => fc.Arbitrary<Request>): fc.Arbitrary<Request>[] =>
    targets.length === 0 ? [] : [fc.constantFrom(...targets).chain(each)];
  return fc.oneof(
    fc.constantFrom('close', 'set-iommu').chain((verb) => made(verb, null, nothing)),
    fc.constantFrom('map', 'unmap').chain((verb) => made(verb, null, range)),
    made('kill', 't0', nothing),
    made('destroy-page-table', null, fc.constant({ pageTable: 'c1.p3' })),
    ...on([...groups, ...devices], (target) => fc.constantFrom(...withTarget).chain((verb) => made(verb, target, nothing))),
    ...on(devices, (target) => made('unplug', target, nothing)),
    ...on(devices, (target) =>
      made(
        'make-page-table',
        target,
        name.map((pageTable) => ({ pageTable })),
      ),
    ),
  );
};

/** Names of page tables that a task makes twice are refused. */
const makesOnce = (requests: readonly Request[]): boolean => {
  const made = requests.flatMap(({ verb, pageTable }) => (verb === 'make-page-table' ? [pageTable] : []));
  return new Set(made).size === made.length;
};

const errno = fc.constantFrom('EINVAL', 'ENOMEM');
const site = fc.stringMatching(/^[a-z_]{1,5}(:\d{1,2})?$/);

const fault = (tasks: readonly TaskScript[], instances: readonly string[], devices: readonly string[]): fc.Arbitrary<Fault> => {
  const nth = fc.integer({ min: 1, max: 99 });
  const busy = tasks.filter(({ requests }) => requests.length > 0);
  const place = fc
    .constantFrom(...(busy.length > 0 ? busy : tasks))
    .chain(({ id: task, requests }) => fc.record({ task: fc.constant(task), request: fc.nat({ max: requests.length - 1 }) }));
  const some = (names: readonly string[]): fc.Arbitrary<string | undefined> =>
    names.length === 0 ? fc.constant(undefined) : maybe(fc.constantFrom(...names));
  const counted = fc.record({ kind: fc.constant('nth' as const), nth, call: maybe(site) });
  const atSite = fc.record({
    kind: fc.constant('site' as const),
    site,
    nth,
    sticky: fc.boolean(),
    device: some(devices),
    domain: maybe(fc.constant('c0.d1')),
  });
  const ofApi = fc.record({
    kind: fc.constant('api' as const),
    api: site,
    errno,
    nth,
    sticky: fc.boolean(),
    on: some([...instances, ...devices]),
  });
  const anywhere = fc.oneof(atSite, ofApi).map((given) => dense(given) as Fault);
  if (busy.length === 0) return anywhere;
  const placed = fc.oneof(
    fc.tuple(counted, place).map(([given, where]) => dense({ ...given, ...where }) as Fault),
    fc.tuple(atSite, place).map(([given, where]) => dense({ ...given, ...where }) as Fault),
    fc.tuple(ofApi, place).map(([given, { request: index }]) => dense({ ...given, request: index }) as Fault),
  );
  return fc.oneof(anywhere, placed);
};

const claim: fc.Arbitrary<Claim> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom<Mood>('always', 'sometimes', 'at-end'),
      fc.constantFrom('domains(c0) <= 1', 'domain(x) == "a b"', '12 != ids(a, b)'),
    )
    .map(([mood, text]) => parseComparison(mood, text)),
  fc.tuple(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,5}$/), attributes).map(
    ([detector, parameters]): Claim => ({
      kind: 'detector',
      mood: 'always',
      detector,
      parameters,
      text: Object.keys(parameters).length === 0 ? detector : `${detector} ${JSON.stringify(parameters)}`,
    }),
  ),
);

const model = fc.oneof(fc.constantFrom('6.12.y', './mine.yaml', '../a/b.ts', '/tmp/x.yaml'), line);
const result = fc.constantFrom('ok', 'ENOMEM', 'killed', 'n/a', 'NULL', 'oops');
const expectation = fc
  .record({
    kernel: fc.oneof(model, fc.constant('*')),
    caller: model,
    result: maybe(result),
    results: maybe(fc.array(result, { maxLength: 2 })),
    domains: maybe(fc.nat()),
    findings: maybe(fc.array(fc.constantFrom('group-split', 'a1'), { maxLength: 2 })),
  })
  .map((given) => dense(given) as Expectation);

const task = (groups: readonly string[], devices: readonly string[]): fc.Arbitrary<Omit<TaskScript, 'id'>> =>
  fc
    .record({
      caller: fc.option(model),
      container: fc.oneof(fc.constant('c0'), name),
      context: maybe(name),
      requests: fc.array(request(groups, devices), { maxLength: 4 }).filter(makesOnce),
    })
    .map((given) => dense(given) as Omit<TaskScript, 'id'>);

const partsOf = ({ iommus, groups }: Topology): string[] => [
  'system',
  ...iommus.map((iommu) => `iommu/${iommu.id}`),
  ...groups.flatMap((group) => [`group/${group.id}`, ...group.devices.map((one) => `device/${one.id}`)]),
];

const deviation = (ids: readonly string[]): fc.Arbitrary<Deviation> => {
  const spot = fc.record({ task: fc.constantFrom(...ids), request: fc.nat(9), nth: fc.integer({ min: 1, max: 9 }) });
  const place = fc.stringMatching(/^[a-zA-Z]{1,5}(\.[a-z0-9]{1,4}){0,2}$/);
  return fc.oneof(
    fc.tuple(spot, place).map(([where, found]): Deviation => ({ kind: 'fails', ...where, site: found })),
    fc.tuple(spot, place, errno).map(([where, api, given]): Deviation => ({ kind: 'gives', ...where, api, errno: given })),
    fc.tuple(spot, place, fc.constantFrom(...ids)).map(([where, found, to]): Deviation => ({ kind: 'switch', ...where, at: found, to })),
  );
};

const preState = (machine: Topology, tasks: readonly TaskScript[]): fc.Arbitrary<PreState> =>
  fc.record({
    name: line,
    tasks: fc.constantFrom([], tasks),
    set: fc.dictionary(fc.constantFrom(...partsOf(machine)), attributes, { maxKeys: 2 }),
  });

const scenarioOn = (machine: Topology): fc.Arbitrary<Scenario> => {
  const devices = machine.groups.flatMap((group) => group.devices.map((one) => one.id));
  const groups = machine.groups.map((group) => group.id).filter((group) => !devices.includes(group));
  return fc.array(task(groups, devices), { minLength: 1, maxLength: 3 }).chain((scripts) => {
    const tasks = scripts.map((script, index): TaskScript => ({ id: `t${index}`, ...script }));
    const faults = fault(
      tasks,
      machine.iommus.map((iommu) => iommu.id),
      devices,
    );
    return fc
      .record({
        name: fc.stringMatching(/^[A-Za-z0-9][\w.-]{0,8}$/),
        title: line,
        topology: fc.constant(machine),
        kernel: model,
        caller: model,
        tasks: fc.constant(tasks),
        faults: fc.array(faults, { maxLength: 3 }),
        set: fc.dictionary(fc.constantFrom(...partsOf(machine)), attributes, { maxKeys: 2 }),
        claims: fc.array(claim, { maxLength: 3 }),
        expect: fc.array(expectation, { maxLength: 2 }),
        schedule: maybe(fc.array(deviation(tasks.map(({ id: taskId }) => taskId)), { maxLength: 3 })),
        before: maybe(fc.array(preState(machine, tasks), { maxLength: 2 })),
        order: maybe(fc.shuffledSubarray(tasks.map(({ id: taskId }) => taskId))),
      })
      .map((given) => dense(given) as Scenario);
  });
};

export const scenario: fc.Arbitrary<Scenario> = topology.chain(scenarioOn);
