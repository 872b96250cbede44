// What the core's functions change: who owns a group, which domain it records, where its devices are.
import { refused } from './attempts.ts';
import { domainMade, domainNamed } from './domainNames.ts';
import type { Recorder } from './recorder.ts';
import type { Entered, Left, Result } from './seen.ts';
import type { Thread } from './thread.ts';

/** What a function's entry or return changes; `entered` of a return is there where the trace has it. */
export interface FunctionHandler {
  readonly entered?: (recorder: Recorder, thread: Thread, seen: Entered) => void;
  readonly left?: (recorder: Recorder, thread: Thread, seen: Left & { entered: Entered }) => void;
}

export const isOk = (result: Result | null): boolean =>
  result !== null && (result.kind === 'value' ? result.value === 0 : result.kind === 'pointer');

const ownedPhase = (recorder: Recorder, group: string): string => {
  const { domain, blocking } = recorder.world.groups[group]!;
  return domain === blocking || domain?.endsWith('.blocking') ? 'owned' : 'attached';
};

const phaseOn = (recorder: Recorder, group: string, domain: string): string => {
  const { ownerCount, owner } = recorder.world.groups[group]!;
  const isOwned = owner !== null && ownerCount > 0;
  if (domain.endsWith('.blocking')) return isOwned ? 'owned' : 'onBlocking';
  if (domain.endsWith('.default')) return ownerCount > 0 && !isOwned ? 'driven' : 'free';
  return isOwned ? 'attached' : 'inUse';
};

export const recordDomain = (recorder: Recorder, thread: Thread, group: string, domain: string): void => {
  const found = recorder.world.groups[group];
  if (!found) return;
  const phase = phaseOn(recorder, group, domain);
  // A trace that begins in the middle shows no claim: the blocking domain of a group's detach is then taken for its default.
  if (found.domain === domain && (found.phase !== 'onBlocking' || phase === 'onBlocking')) return;
  recorder.emit({ type: 'GroupDomainRecorded', task: thread.task, group, domain, phase });
};

const devicePhase = (domain: string): string =>
  domain.endsWith('.blocking') ? 'blocked' : domain.endsWith('.default') ? 'default' : 'translating';

const attachDevice = (recorder: Recorder, thread: Thread, device: string, domain: string): void => {
  const found = recorder.world.devices[device];
  if (!found || found.domain === domain || !recorder.world.domains[domain]) return;
  recorder.emit({ type: 'DeviceAttached', task: thread.task, device, domain, phase: devicePhase(domain), domainPhase: 'used' });
};

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

const setsDomain: FunctionHandler = {
  entered: (recorder, _thread, seen) => ensureGroup(recorder, seen),
  left: (recorder, thread, { entered, result, place }) => {
    const { group, domain: pointer } = entered.values;
    thread.onto = null;
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

const detaches: FunctionHandler = {
  entered: (recorder, thread, seen) => {
    ensureGroup(recorder, seen);
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
  __iommu_attach_device: attachesDevice,
  __iommu_device_set_domain: attachesDevice,
  iommu_detach_group: detaches,
  iommu_detach_group_handle: detaches,
  iommu_domain_alloc: makesDomain,
  iommu_paging_domain_alloc: makesDomain,
  iommu_paging_domain_alloc_flags: makesDomain,
  __iommu_domain_alloc: makesDomain,
  iommu_domain_free: freesDomain,
  iommu_setup_default_domain: setsDefault,
};
