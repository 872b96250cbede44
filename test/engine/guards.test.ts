// Attach requests on a scratch world: what comes out is what a run's step makes of the same values, and the operator adds nothing.
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/core/conditions.ts';
import type { Event } from '../../src/core/events.ts';
import { evolve } from '../../src/core/evolve.ts';
import { emptyWorld, isPathFrame, type PathFrame, type World } from '../../src/core/world.ts';
import { engineOf } from '../../src/engine/engine.ts';
import { type AttachRequest, attempt, requestFrom, throughGuards } from '../../src/engine/guards.ts';
import type { PartValues } from '../../src/engine/scratch.ts';
import { buildModel, operationTable } from '../../src/kernels/build.ts';
import { namedOutcome } from '../rows/namedOutcome.ts';
import { engineFor, kernels, runsIn } from '../rows/tables.ts';

const engine = engineFor('6.12.y');
const old = engineFor('6.1.y');

describe('one attach request', () => {
  it.each([
    ['the defaults', {}, null, null],
    ['no domain id is left', { iommu: { domainIdsFree: 0 } }, 'ENOSPC', 'intel-domain-ids-exhausted'],
    ['the domain has an id there already', { iommu: { domainIdsFree: 0 }, domain: { instances: { iommu: 1 } } }, null, null],
    [
      'an allocation fails',
      { faults: [{ kind: 'site', site: 'domain_attach_iommu', nth: 1, sticky: false }] },
      'ENOMEM',
      'intel-instance-record-alloc',
    ],
    [
      'the table is too wide',
      { domain: { maxAddr: 2 ** 48 }, iommu: { agaw: 39, mgaw: 39 } },
      'EINVAL',
      'intel-address-width-insufficient',
    ],
  ] satisfies [string, Omit<AttachRequest, 'driver'>, string | null, string | null][])('Intel, %s', (_, request, errno, row) => {
    const tried = attempt(engine, { driver: 'intel', ...request });
    expect([tried.errno, tried.row]).toEqual([errno, row]);
  });

  it('leaves what the path leaves', () => {
    const { world } = attempt(engine, { driver: 'intel' });
    expect(world.devices.device!.domain).toBe('domain');
    expect(world.iommus.iommu!.attributes.domainIdsFree).toBe(65533);
  });

  it('undoes what a later row refuses, and keeps what the kernel forgets', () => {
    const fault = { kind: 'site', site: 'cache_tag_assign', nth: 1, sticky: false } as const;
    const { world } = attempt(engine, { driver: 'intel', domain: { gaw: 57 }, faults: [fault] });
    expect(world.iommus.iommu!.attributes.domainIdsFree).toBe(65534);
    expect(world.domains.domain!.attributes.gaw).toBe(48);
  });

  it.each([
    [old, 'EINVAL'],
    [engineFor('6.1.y+seed-v6'), 'EMEDIUMTYPE'],
  ])('says what the profile says', (profile, errno) => {
    expect(attempt(profile, { driver: 'arm-smmu-v3', domain: { iommu: 'another' } }).errno).toBe(profile === old ? 'ENXIO' : errno);
  });

  it('says what the contract says', () => {
    const contracted = engineOf(buildModel({ contract: 'emediumtype' }), operationTable);
    expect(attempt(contracted, { driver: 'arm-smmu-v3', domain: { iommu: 'another' } }).errno).toBe('EMEDIUMTYPE');
  });

  it('walks other paths, of the domain alone too', () => {
    expect(attempt(engine, { driver: 'intel', path: 'map', mapping: { iova: 0x1000000, size: 4096 } }).errno).toBeNull();
    const freed = attempt(engine, { driver: 'arm-smmu-v3', path: 'free', device: null, domain: { iommu: 'iommu', stage: 'S1' } });
    expect(freed.world.system.attributes.asidsFree).toBe(65536);
  });

  it('follows links to other domains', () => {
    const tried = attempt(engine, { driver: 'intel-nested', domain: { parent: { agaw: 57 } } });
    expect([tried.errno, tried.row]).toEqual(['ENODEV', 'intel-nested-agaw']);
  });

  it('refuses attributes that make a path run without end', () => {
    const endless = { driver: 'intel', path: 'map', mapping: { iova: 0, size: 2 ** 47 } };
    expect(() => attempt(engine, endless)).toThrow('intel: the attributes given make the path run without end');
  });

  it('is made from values by path', () => {
    expect(requestFrom('intel', 'attach', { 'domain.parent.agaw': 48, 'domain.instances[iommu.id]': 2, 'iommu.index': 1 })).toEqual({
      driver: 'intel',
      path: 'attach',
      domain: { parent: { agaw: 48 }, instances: { iommu: 2 } },
      iommu: { index: 1 },
    });
  });
});

describe('throughGuards', () => {
  it('answers requests as they come', () => {
    const requests = new Subject<AttachRequest>();
    const seen: (string | null)[] = [];
    requests.pipe(throughGuards(engine)).subscribe(({ errno }) => seen.push(errno));
    requests.next({ driver: 'intel' });
    expect(seen).toEqual([null]);
    requests.next({ driver: 'intel', iommu: { domainIdsFree: 0 } });
    expect(seen).toEqual([null, 'ENOSPC']);
  });
});

const domainValues = (world: World, id: string | null): PartValues | null => {
  const domain = id === null ? undefined : world.domains[id];
  if (!domain) return null;
  const { attributes, mappings, parent, phase: _phase, ...fields } = domain;
  const above = domainValues(world, parent);
  return { ...attributes, ...fields, mappings: mappings.length, ...(above ? { parent: above } : {}) };
};

/** The request that a path frame amounts to in the world where it is entered. */
const requestOf = (world: World, frame: PathFrame): AttachRequest => {
  const { device: deviceId, domain: domainId, iova, size } = frame.registers as Record<string, string & number>;
  const device = world.devices[deviceId!];
  const iommu = world.iommus[device?.iommu ?? String(world.domains[domainId!]!.attributes.iommu ?? '')];
  const group = device && world.groups[device.group]!;
  const linked = (id: string | null): Value | PartValues => domainValues(world, id) ?? id;
  const { phase: _phase, regions: _regions, attributes, ...fields } = device ?? { phase: '', regions: [], attributes: {} };
  return {
    driver: frame.driver,
    path: frame.path,
    system: world.system.attributes,
    domain: domainValues(world, domainId!)!,
    ...(iommu ? { iommu: { ...iommu.attributes, id: iommu.id } } : {}),
    device: device ? { ...attributes, ...fields, domain: linked(device.domain) } : null,
    ...(group
      ? { group: { id: group.id, domain: linked(group.domain), default: linked(group.default), blocking: linked(group.blocking) } }
      : {}),
    ...(iova === undefined ? {} : { mapping: { iova, size: size! } }),
  };
};

/** What rows did, without the names of tasks, the counts of calls, and phases, which depend on what was before. */
const acts = (events: readonly Event[]): object[] =>
  events.flatMap((event) => {
    if (!('row' in event) && event.type !== 'DeviceAttached' && event.type !== 'DeviceLeft') return [];
    const { task: _task, ...rest } = event as Event & { task: string };
    return [{ ...rest, n: null, phase: null, domainPhase: null }];
  });

interface Walk {
  readonly request: AttachRequest;
  readonly events: Event[];
}

/** The walks through drivers' paths of a run: each with its request and the events until it was left. */
const walksIn = (events: readonly Event[]): Walk[] => {
  const world = emptyWorld();
  const walks: Walk[] = [];
  let depth = 0;
  for (const event of events) {
    if (event.type === 'FrameEntered' && isPathFrame(event.frame)) {
      if (depth === 0) walks.push({ request: structuredClone(requestOf(world, event.frame)), events: [] });
      depth += 1;
    } else if (event.type === 'FrameLeft' && depth > 0) depth -= 1;
    if (depth > 0) walks.at(-1)!.events.push(event);
    evolve(world, event);
  }
  return walks;
};

describe.each(kernels)('%s: a run', (kernel) => {
  const wholeLives = runsIn(kernel).filter((run) =>
    ['type1', 'type1-software-msi', 'iommufd-replace', 'vdpa', 'iommufd-tables'].includes(run.name),
  );

  it.each(wholeLives.map((run) => [run.name, run.caller, run] as const))(
    '%s under %s does on each row what an attempt does',
    (_, caller, run) => {
      const profile = engineFor(kernel, caller);
      const walks = walksIn(namedOutcome(profile, run.scenario).events);
      expect(walks.length).toBeGreaterThan(5);
      for (const { request, events } of walks) expect(acts(attempt(profile, request).events)).toEqual(acts(events));
    },
  );
});
