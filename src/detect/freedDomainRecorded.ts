// A domain is freed while a group still records it: what the core compares and attaches next is a dangling pointer.
import type { Event, EventType } from '../core/events.ts';
import type { Detector, Hit, Probe } from '../core/finding.ts';
import { conclusion, lastUpTo, linkOf, type Numbered, refusalLinks, requestStart, startOf } from './history.ts';
import { quiet, sees } from './steps.ts';

const explain = (history: readonly Event[], at: number, { subject }: Hit, probe: Probe) => {
  const { domain, group } = subject as { domain: string; group: string };
  const freed = lastUpTo(history, at, 'DomainFreed', (event) => event.domain === domain)!;
  const { task } = freed.event;
  const from = requestStart(history, at, task);
  const within = <T extends EventType>(found: Numbered<T> | null): Numbered<T> | null => (found && found.at > from ? found : null);
  const recorded = lastUpTo(history, at, 'GroupDomainRecorded', (event) => event.group === group && event.domain === domain);
  const warned = within(lastUpTo(history, at, 'KernelPrinted', (event) => event.task === task && event.level === 'WARN'));
  const refused = lastUpTo(history, warned?.at ?? at, 'CheckRefused', (event) => event.task === task && event.errno !== '0');
  return [
    ...linkOf(recorded, () => `group ${group} records ${domain}`),
    ...refusalLinks(history, within(refused), probe),
    ...linkOf(warned, ({ text }) => `all that is said of it is a warning: ${text}`),
    { at: freed.at, words: `${domain} is freed; group ${group} records it still` },
    conclusion(`what the core does next with group ${group} reads freed memory; only a switch that succeeds repairs the record`),
  ];
};

export const detector: Detector<null> = {
  id: 'freed-domain-recorded',
  level: 'bug',
  title: 'a domain is freed while a group still records it',
  evidence: { kind: 'model', source: 'follows from the rows' },
  evidenceFor: (history) =>
    startOf(history).kernel.startsWith('6.1.y')
      ? { kind: 'read', source: 'iommu.c: __iommu_group_set_core_domain:1951-1963, __iommu_group_set_domain:2140-2177 (linux 6.1.192)' }
      : { kind: 'model', source: 'follows from the rows' },
  initial: null,
  hears: ['DomainFreed'],
  step: (state, event) => {
    if (event.type !== 'DomainFreed' || event.recordedBy.length === 0) return quiet(state);
    const { domain, recordedBy } = event;
    return sees(state, ...recordedBy.map(({ group }) => ({ entity: `${group}/${domain}`, subject: { group, domain } })));
  },
  explain,
};
