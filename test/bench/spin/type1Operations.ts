// What type1 does to containers, records, ranges and mappings, as questions and assignments.
import { cutOut, narrowed, overlaps, rangeOf, restricts, within } from '../../../src/core/ranges.ts';
import type { Change } from '../../../src/core/rows.ts';
import type { DomainRecord, Mapping, Range, Region } from '../../../src/core/world.ts';
import {
  type Argument,
  add,
  allocOf,
  cursor,
  driverOf,
  enterPath,
  list,
  noMemory,
  type Outcome,
  ofDomain,
  ofGroup,
  own,
  row,
  several,
  type Translation,
} from './access.ts';
import type { Control } from './control.ts';
import { enter, fieldOf } from './parts.ts';
import { allocates, apply, holds, isDomain } from './rows.ts';
import { absent, Impossible } from './variables.ts';

const PAGE = 4096;

const windowOf = (control: Control, domain: string): Range => ({
  start: Number(control.world.read(ofDomain(domain, 'apertureStart')) ?? 0),
  end: Number(control.world.read(ofDomain(domain, 'apertureEnd')) ?? 0),
});

const regionsRead = (control: Control): Region[] => {
  const missing = new Set(String(control.register('missing') ?? '').split(' '));
  const found = new Map<string, Region>();
  for (const device of control.machine.devicesOf(control.text('group')))
    control.machine.regionsOf(device).forEach((region, index) => {
      if (!missing.has(`${device}#${index}`)) found.set(`${region.start}-${region.end}-${region.type}`, region);
    });
  return [...found.values()].sort((a, b) => a.start - b.start);
};

const narrowedTo = (valid: readonly Range[], window: Range): Range[] => (valid.length === 0 ? [window] : narrowed(valid, window));

const excluded = (control: Control, domain: string): { list: Range[]; allocated: number } => {
  let left = { list: narrowedTo(list<Range>(control, 'valid'), windowOf(control, domain)), allocated: 0 };
  for (const region of regionsRead(control).filter(restricts)) {
    const after = cutOut(left.list, region);
    left = { list: after.list, allocated: left.allocated + after.allocated };
  }
  return left;
};

/** The fresh domain may be gone; its window is the joined one's then. */
const validCopy = (control: Control): Range[] => {
  const [fresh, candidate] = [control.register('fresh'), control.register('candidate')].map(String) as [string, string];
  return excluded(control, isDomain(control.world, fresh) ? fresh : candidate).list;
};

const missingRegions = (control: Control, entry: Argument, copy: Argument): string[] | null => {
  const missing: string[] = [];
  for (const device of control.machine.devicesOf(control.text('group'))) {
    const regions = control.machine.regionsOf(device);
    const failed = regions.findIndex(() => !allocates(control, allocOf(control, entry)));
    const listed = failed === -1 ? regions.length : failed;
    if (!several(control, copy, listed)) return null;
    for (let index = listed; index < regions.length; index++) missing.push(`${device}#${index}`);
  }
  return missing;
};

/** The next record with the same coherency; all records are of one driver. */
const nextCandidate = (control: Control): Outcome => {
  const records = list<DomainRecord>(control, 'records');
  const fresh = control.text('fresh');
  for (let index = cursor(control, 'candidate', -1) + 1; index < records.length; index++) {
    const { domain, coherent } = records[index]!;
    const isSameDriver = control.world.read(ofDomain(domain, 'driver')) === control.world.read(ofDomain(fresh, 'driver'));
    if (isSameDriver && coherent === (control.register('coherent') === true)) return ['OK', { candidateIndex: index, candidate: domain }];
  }
  return ['NONE', { candidateIndex: null }];
};

const enforceCoherency = (control: Control, name: Argument): Outcome => {
  const domain = control.text(String(name));
  const scope = { device: control.machine.devicesOf(control.text('group'))[0]!, domain };
  const { enforcesCoherency, coherencyEffects = [] } = control.engine.operationModel.driver(driverOf(control));
  const coherent = enforcesCoherency !== false && holds(control.world, scope, enforcesCoherency);
  if (coherent) apply(control, scope, coherencyEffects as readonly Change[]);
  return ['OK', { coherent }];
};

const probeAddress = (control: Control): Outcome => {
  for (const { start, end } of validCopy(control)) {
    const from = Math.ceil(start / (2 * PAGE)) * 2 * PAGE;
    if (end - from >= 2 * PAGE) return ['OK', { iova: from, size: 2 * PAGE }];
  }
  return 'NONE';
};

const range = (control: Control): Mapping => ({ iova: Number(control.register('iova')), size: Number(control.register('size')) });

const mapPath = (control: Control, path: Argument): Outcome => {
  const { world } = control;
  const domain = String(control.register('domain') ?? control.text('fresh'));
  const group = control.register('group');
  const isOn = (device: string): boolean => world.ask(fieldOf('device', device, 'domain'), (found) => found === domain);
  const device = group ? control.machine.devicesOf(String(group))[0]! : (control.machine.devices.find(isOn) ?? null);
  const driver = String(world.read(ofDomain(domain, 'driver')));
  return enterPath(control, driver, String(path), { domain, device, ...range(control) });
};

const recordMapped = (control: Control): Outcome => {
  const { iova, size } = range(control);
  control.world.change(ofDomain(control.text('domain'), 'mappings'), (found) => {
    if (!Array.isArray(found) || found.some((other) => other.iova === iova)) throw new Impossible('mapped twice');
    return [...found, { iova, size }];
  });
  return 'OK';
};

const checkMapping = (control: Control): Outcome => {
  const { iova, size } = range(control);
  const wanted = rangeOf({ iova, size });
  const unaligned = size === 0 || iova % PAGE !== 0 || size % PAGE !== 0;
  const overlapping = list<Mapping>(control, 'mappings').some((found) => overlaps(rangeOf(found), wanted));
  return ['OK', { unaligned, overlapping, outside: !within(list<Range>(control, 'valid'), wanted) }];
};

const nextMapping = (control: Control): Outcome => {
  const index = cursor(control, 'mapping', -1) + 1;
  const found = list<Mapping>(control, 'mappings')[index];
  return found ? ['OK', { mappingIndex: index, iova: found.iova, size: found.size }] : ['NONE', { mappingIndex: null }];
};

const openContainer = (control: Control, kind: Argument): Outcome => {
  const { world } = control;
  const container = control.text('container');
  const context = String(control.register('context') ?? container);
  if (world.ask(own(control, 'phase'), (phase) => phase !== absent)) return 'OK';
  const empty = { backend: null, groups: [], records: [], mappings: [], valid: [], reserved: [] };
  for (const [field, value] of Object.entries({ phase: 'empty', kind, context, ...empty })) world.set(own(control, field), value);
  return 'OK';
};

const joinContainer = (control: Control): Outcome => {
  const group = control.text('group');
  enter(control.world, 'container', control.text('container'), 'GROUP_JOINED');
  add(control, 'groups', group, (other) => other === group);
  control.world.set(ofGroup(control, 'container'), control.text('container'));
  return 'OK';
};

const setBackend = (control: Control, backend: Argument): Outcome => {
  enter(control.world, 'container', control.text('container'), backend === null ? 'BACKEND_RELEASED' : 'BACKEND_SET');
  control.world.set(own(control, 'backend'), backend);
  return 'OK';
};

/** No request of the benchmark asks for nesting, and its machines isolate interrupts. */
const enableNesting = (control: Control, id: Argument): Outcome => {
  control.register('nesting');
  return row(control, id);
};

const checkIsolation = (control: Control): Outcome => {
  const isolated = control.machine
    .devicesOf(control.text('group'))
    .every((device) => control.world.read(fieldOf('device', device, 'isolatedMsi')) !== false);
  const system = control.world.read(fieldOf('system', 'system', 'isolatedMsi'));
  return ['OK', { isolated: system === absent || system === null ? isolated : system === true && isolated }];
};

const listRecord = (control: Control, name: Argument, end: Argument): Outcome => {
  const domain = control.text(String(name));
  const coherent = control.register('coherent') === true;
  const record = { id: domain, domain, groups: [control.text('group')], coherent, automatic: true, users: 0 };
  add<DomainRecord>(control, 'records', record, ({ id }) => id === domain, end === 'head' ? 'head' : 'tail');
  return 'OK';
};

const addToRecord = (control: Control, name: Argument): Outcome => {
  const group = control.text('group');
  const id = control.text(String(name));
  control.world.change(own(control, 'records'), (found) => {
    const records = found as readonly DomainRecord[] | undefined;
    if (!records?.some((record) => record.id === id) || records.some(({ groups }) => groups.includes(group)))
      throw new Impossible('no record');
    return records.map((record) => (record.id === id ? { ...record, groups: [...record.groups, group] } : record));
  });
  return 'OK';
};

export const type1Translations: Readonly<Record<string, Translation>> = {
  openContainer: (control, kind) => openContainer(control, kind!),
  joinContainer,
  setBackend: (control, backend) => setBackend(control, backend!),
  isListed: (control) => {
    const group = control.text('group');
    const listed = control.world.ask(own(control, 'records'), (records) =>
      (records as DomainRecord[]).some(({ groups }) => groups.includes(group)),
    );
    return ['OK', { listed }];
  },
  enableNesting: (control, id) => enableNesting(control, id!),
  checkAperture: (control) => {
    const window = windowOf(control, control.text('fresh'));
    const valid = list<Range>(control, 'valid');
    const outside = list<Mapping>(control, 'mappings').some((mapping) => {
      const { start, end } = rangeOf(mapping);
      return start < window.start || end > window.end;
    });
    return ['OK', { apertureConflict: outside || (valid.length > 0 && narrowed(valid, window).length === 0) }];
  },
  readRegions: (control, entry, copy) => {
    const missing = missingRegions(control, entry!, copy!);
    return missing ? ['OK', { missing: missing.join(' ') }] : noMemory;
  },
  checkReserved: (control) => {
    const regions = regionsRead(control).filter(restricts);
    const mappings = list<Mapping>(control, 'mappings');
    return ['OK', { reservedConflict: mappings.some((mapping) => regions.some((region) => overlaps(region, rangeOf(mapping)))) }];
  },
  copyValid: (control, id) => (several(control, id!, list(control, 'valid').length) ? 'OK' : noMemory),
  resizeValid: (control, id) => (several(control, id!, list(control, 'valid').length === 0 ? 1 : 0) ? 'OK' : noMemory),
  excludeValid: (control, id) => {
    const { list: left, allocated } = excluded(control, control.text('fresh'));
    return several(control, id!, allocated) ? ['OK', { noIovaLeft: left.length === 0 }] : noMemory;
  },
  publishValid: (control) => {
    control.world.set(own(control, 'valid'), validCopy(control));
    return 'OK';
  },
  checkIsolation,
  enforceCoherency: (control, name) => enforceCoherency(control, name!),
  nextCandidate,
  listRecord: (control, name, end) => listRecord(control, name!, end!),
  addToRecord: (control, name) => addToRecord(control, name!),
  /** The benchmark's drivers have hardware MSI windows. */
  needsCookie: (control) => (control.engine.operationModel.driver(driverOf(control)).msi === 'hardware' ? 'NO' : 'YES'),
  probeAddress,
  mapPath: (control, path) => mapPath(control, path!),
  recordMapped,
  checkMapping,
  nextMapping,
  /** Nobody is killed. */
  pinPages: () => 'OK',
  addMapping: (control) => {
    const { iova, size } = range(control);
    add<Mapping>(control, 'mappings', { iova, size }, (other) => other.iova === iova);
    return 'OK';
  },
};
