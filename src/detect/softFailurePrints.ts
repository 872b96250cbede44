// A domain that does not fit says so in the kernel log, although callers probe: a soft failure should be silent.
import type { Event, EventOf } from '../core/events.ts';
import type { Because, Detector, Hit, Probe } from '../core/finding.ts';
import { lastUpTo, linkOf, refusalLinks } from './history.ts';
import { quiet, sees } from './steps.ts';
import { nextTries, type Tries, tryEntity, trying } from './tries.ts';

const isSilent = (level: string): boolean => /debug|dbg/.test(level);

const printed = (tries: Tries, event: EventOf<'KernelPrinted'>): Hit[] => {
  const tried = tries[event.task];
  const refusal = tried?.refusal;
  if (!tried || refusal?.class !== 'incompatible' || refusal.row !== event.row || isSilent(event.level)) return [];
  const { group, domain } = tried;
  return [{ entity: tryEntity(tried, event.row), subject: { group, domain, row: event.row, level: event.level, text: event.text } }];
};

const explain = (history: readonly Event[], at: number, { subject }: Hit, probe: Probe): Because[] => {
  const { group, domain, row, level, text } = subject as Record<string, string>;
  const refused = lastUpTo(history, at, 'CheckRefused', (event) => event.row === row && event.domain === domain);
  const considered = lastUpTo(history, at, 'CandidateConsidered', (event) => event.domain === domain && event.group === group);
  return [
    ...linkOf(considered, () => `${domain} is tried for group ${group}`),
    ...refusalLinks(history, refused, probe),
    { at, words: `the kernel prints (${level}): ${text}` },
  ];
};

export const detector: Detector<Tries> = {
  id: 'soft-failure-prints',
  level: 'cost',
  title: 'a domain that does not fit is reported in the kernel log',
  evidence: { kind: 'read', source: 'the row that prints, as the chain cites it' },
  initial: {},
  hears: ['KernelPrinted', ...trying],
  step: (tries, event) => {
    const hits = event.type === 'KernelPrinted' ? printed(tries, event) : [];
    const next = nextTries(tries, event);
    return hits.length === 0 ? quiet(next) : sees(next, ...hits);
  },
  explain,
};
