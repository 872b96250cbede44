// A group records another domain, a device goes to one: each with the phase that follows from it.
import type { Recorder } from './recorder.ts';
import type { Thread } from './thread.ts';

export const ownedPhase = (recorder: Recorder, group: string): string => {
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

export const attachDevice = (recorder: Recorder, thread: Thread, device: string, domain: string): void => {
  const found = recorder.world.devices[device];
  if (!found || found.domain === domain || !recorder.world.domains[domain]) return;
  recorder.emit({ type: 'DeviceAttached', task: thread.task, device, domain, phase: devicePhase(domain), domainPhase: 'used' });
};
