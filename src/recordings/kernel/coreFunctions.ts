// What the core's functions change: who owns a group, which domain it records, where its devices are.
import { refused } from './attempts.ts';
import { domainMade, domainNamed } from './domainNames.ts';
import type { Recorder } from './recorder.ts';
import type { Entered, Left, Result } from './seen.ts';
import { attachDevice, ownedPhase, recordDomain } from './switches.ts';
import type { Thread } from './thread.ts';

/** What a function's entry or return changes; `entered` of a return is there where the trace has it. */
export interface FunctionHandler {
  readonly entered?: (recorder: Recorder, thread: Thread, seen: Entered) => void;
  readonly left?: (recorder: Recorder, thread: Thread, seen: Left & { entered: Entered }) => void;
}

export const isOk = (result: Result | null): boolean =>
  result !== null && (result.kind === 'value' ? result.value === 0 : result.kind === 'pointer');

/** A group that no topology named becomes known by its first function. */
const ensureGroup = (recorder: Recorder, seen: Entered): void => {
  const { group } = seen.values;
  if (group !== undefined && !recorder.world.groups[group]) recorder.unknownGroup(group);
};

const deviceLeft: FunctionHandler['left'] = (recorder, thread, { entered, result, place }) => {
  const { device, domain: pointer } = entered.values;
  if (device === undefined || pointer === undefined) return;
  const group = recorder.groupOf(device);
  const domain = domainNamed(recorder, thread, place, pointer, group);
  if (isOk(result) && domain !== null) attachDevice(recorder, thread, device, domain);
  else if (result?.kind === 'errno') refused(recorder, thread, { function: entered.function, errno: result.errno, device, domain });
};

/** A driver's attach path, or the core's function around it: whichever returns first says it. */
export const attachesDevice: FunctionHandler = { left: deviceLeft };

/** IOMMU_SET_DOMAIN_MUST_SUCCEED of drivers/iommu/iommu.c, since 6.5: the group records the domain whatever its devices say. */
const mustSucceed = '0x1';

/** Where the compiler put __iommu_group_set_domain_internal() into its caller, as in 6.18, the group's devices say that it is through. */
const movesDevice: FunctionHandler = {
  left: (recorder, thread, seen) => {
    deviceLeft(recorder, thread, seen);
    const { device, domain: pointer, flags } = seen.entered.values;
    const group = recorder.groupOf(device ?? '');
    const isCores = group !== null && [thread.leaving, thread.claiming, thread.defaulting].includes(group);
    if (!isCores || pointer === undefined || thread.switching !== null || thread.attachesForUser) return;
    const domain = domainNamed(recorder, thread, seen.place, pointer, group);
    const isThere = isOk(seen.result) && recorder.world.groups[group]!.devices.every((id) => recorder.world.devices[id]?.domain === domain);
    const isForced = seen.result?.kind === 'errno' && flags === mustSucceed;
    if (domain !== null && (isThere || isForced)) recordDomain(recorder, thread, group, domain);
  },
};

const setsDomain: FunctionHandler = {
  entered: (recorder, thread, seen) => {
    ensureGroup(recorder, seen);
    thread.switching = seen.values.group ?? null;
  },
  left: (recorder, thread, { entered, result, place }) => {
    const { group, domain: pointer } = entered.values;
    Object.assign(thread, { onto: null, switching: null });
    if (group === undefined || pointer === undefined || !isOk(result)) return;
    const domain = domainNamed(recorder, thread, place, pointer, group);
    if (domain !== null) recordDomain(recorder, thread, group, domain);
  },
};

const claim = (recorder: Recorder, thread: Thread, group: string, owner: string): void => {
  const count = recorder.world.groups[group]!.ownerCount + 1;
  recorder.emit({ type: 'GroupClaimed', task: thread.task, group, owner, count, phase: ownedPhase(recorder, group) });
};

const claims = (groupOf: (recorder: Recorder, seen: Entered) => string | undefined | null): FunctionHandler => ({
  entered: (recorder, thread, seen) => {
    ensureGroup(recorder, seen);
    thread.claiming = groupOf(recorder, seen) ?? null;
    thread.joining = thread.claiming;
  },
  left: (recorder, thread, { entered, result }) => {
    const group = groupOf(recorder, entered);
    thread.claiming = null;
    if (group == null || !recorder.world.groups[group] || !isOk(result)) return;
    claim(
      recorder,
      thread,
      group,
      thread.container ?? recorder.containerAt('iommufd', entered.values.owner) ?? entered.values.owner ?? '?',
    );
  },
});

export const release = (recorder: Recorder, thread: Thread, group: string): void => {
  if (!recorder.world.groups[group]) return;
  thread.leaving = group;
  const count = Math.max(0, recorder.world.groups[group].ownerCount - 1);
  const phase = count > 0 ? recorder.world.groups[group].phase : 'onBlocking';
  recorder.emit({ type: 'GroupReleased', task: thread.task, group, count, phase });
  recorder.parted(thread, group);
};

const releases = (groupOf: (recorder: Recorder, seen: Entered) => string | undefined | null): FunctionHandler => ({
  entered: (recorder, thread, seen) => {
    ensureGroup(recorder, seen);
    const group = groupOf(recorder, seen);
    const isSaid = seen.values.device !== undefined && thread.unbound === seen.values.device;
    thread.unbound = null;
    if (group != null && !isSaid) release(recorder, thread, group);
  },
});

const byGroup = (_recorder: Recorder, seen: Entered): string | undefined => seen.values.group;
const byDevice = (recorder: Recorder, seen: Entered): string | null => recorder.groupOf(seen.values.device ?? '');

/** The group leaves the domain that the core records for it, and no other. */
const checkLeft = (recorder: Recorder, { values, place }: Entered): void => {
  const group = recorder.world.groups[values.group ?? ''];
  const domain = recorder.domains.get(values.domain ?? '');
  if (!group || group.domain === null || values.domain === undefined || domain === group.domain) return;
  const named = domain ?? 'a domain that nobody made';
  recorder.gap(place, 'contradiction', `group ${group.id} is taken off ${named}, it was put on ${group.domain}`);
};

const detaches: FunctionHandler = {
  entered: (recorder, thread, seen) => {
    ensureGroup(recorder, seen);
    checkLeft(recorder, seen);
    thread.leaving = seen.values.group ?? null;
  },
};

const makesDomain: FunctionHandler = {
  left: (recorder, thread, { result, place }) => {
    if (result?.kind === 'pointer') domainMade(recorder, thread, place, result.pointer);
  },
};

const freesDomain: FunctionHandler = {
  entered: (recorder, thread, { values }) => {
    const id = recorder.domains.get(values.domain ?? '');
    recorder.unplaced.delete(values.domain ?? '');
    if (id === undefined) return;
    recorder.domains.delete(values.domain!);
    if (id.endsWith('.default') || !(id in recorder.world.domains)) return;
    recorder.freed(thread, id);
  },
};

const setsDefault: FunctionHandler = {
  entered: (recorder, thread, seen) => {
    ensureGroup(recorder, seen);
    thread.defaulting = seen.values.group ?? null;
  },
  left: (_recorder, thread) => {
    thread.defaulting = null;
  },
};

export const coreFunctions: Readonly<Record<string, FunctionHandler>> = {
  iommu_group_claim_dma_owner: claims(byGroup),
  iommu_device_claim_dma_owner: claims(byDevice),
  iommu_group_release_dma_owner: releases(byGroup),
  iommu_device_release_dma_owner: releases(byDevice),
  __iommu_group_set_domain: setsDomain,
  __iommu_group_set_domain_internal: setsDomain,
  __iommu_attach_device: movesDevice,
  __iommu_device_set_domain: movesDevice,
  iommu_detach_group: detaches,
  iommu_detach_group_handle: detaches,
  iommu_domain_alloc: makesDomain,
  iommu_paging_domain_alloc: makesDomain,
  iommu_paging_domain_alloc_flags: makesDomain,
  __iommu_domain_alloc: makesDomain,
  iommu_domain_free: freesDomain,
  iommu_setup_default_domain: setsDefault,
};
