// An attach that says success although the domain belongs to another IOMMU instance: the device is not translated by it.
import type { Event } from '../core/events.ts';
import type { Detector, Hit } from '../core/finding.ts';
import { conclusion, lastUpTo, linkOf, requestStart, startOf } from './history.ts';
import { quiet, sees } from './steps.ts';

type State = null;

const modelOnly = { kind: 'model', source: "follows from the driver's rows" } as const;

const explain = (history: readonly Event[], at: number, { subject }: Hit) => {
  const { device, domain, bound, served } = subject as Record<string, string>;
  const attached = lastUpTo(history, at, 'DeviceAttached', (event) => event.device === device && event.domain === domain);
  const task = attached?.event.task ?? '';
  const bind = lastUpTo(history, at, 'AttributeChanged', (event) => event.id === domain && event.attribute === 'iommu');
  const request = requestStart(history, at, task);
  return [
    ...linkOf(bind, ({ value, row }) => `${domain} is bound to ${String(value)} (${row})`),
    ...linkOf(lastUpTo(history, request, 'RequestStarted'), ({ verb, target }) => `${verb} ${target ?? ''} begins`),
    ...linkOf(attached, () => `${device}, served by ${served}, is attached to it; no row of the driver compares instances`),
    conclusion(`${served} does not have the tables of ${domain}: DMA of ${device} is not translated as mapped; only ${bound} is`),
  ];
};

export const detector: Detector<State> = {
  id: 'silent-success',
  level: 'bug',
  title: 'attach succeeds although the domain belongs to another IOMMU instance',
  evidence: modelOnly,
  evidenceFor: (history, _at, { subject }) => {
    const { kernel, world } = startOf(history);
    const isSprd = world.devices[subject.device!]?.driver === 'sprd';
    return isSprd && kernel === '6.12.y'
      ? { kind: 'read', source: 'sprd-iommu.c: sprd_iommu_attach_device:267-279 (linux 6.12.117)' }
      : modelOnly;
  },
  initial: null,
  hears: ['DeviceAttached'],
  step: (state, event, world) => {
    if (event.type !== 'DeviceAttached') return quiet(state);
    const bound = world.domains[event.domain]!.attributes.iommu;
    const served = world.devices[event.device]!.iommu;
    if (typeof bound !== 'string' || served === null || bound === served) return quiet(state);
    const { device, domain } = event;
    return sees(state, { entity: `${device}/${domain}`, subject: { device, domain, bound, served } });
  },
  explain,
};
