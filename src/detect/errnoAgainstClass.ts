// An errno that says something else than its check means, and a caller that acts on it: it goes on after a shortage, or stops at a misfit.
import type { Event, EventOf } from '../core/events.ts';
import type { Because, Detector, Hit, Probe } from '../core/finding.ts';
import { callerEvidence } from './callerSources.ts';
import { errnoText, lastUpTo, linkOf, refusalLinks, searcherOf } from './history.ts';
import { quiet, sees } from './steps.ts';
import { nextTries, type Refusal, type Tries, type Try, tryEntity, trying } from './tries.ts';

const isAgainst = (refusal: Refusal, scanned: 'next' | 'stop'): boolean => (refusal.class === 'incompatible') !== (scanned === 'next');

const hitOf = (tried: Try, refusal: Refusal, scanned: 'next' | 'stop'): Hit => {
  const { container, group, domain } = tried;
  const { row, errno, class: meaning } = refusal;
  return { entity: tryEntity(tried, row), subject: { container, group, domain, row, errno, class: meaning, scanned } };
};

const scannedBy = (tries: Tries, event: EventOf<'StepTaken'>): Hit[] => {
  const tried = tries[event.task];
  const { scanned } = event;
  return tried?.refusal && scanned && isAgainst(tried.refusal, scanned) ? [hitOf(tried, tried.refusal, scanned)] : [];
};

const verdict = (caller: string, { subject }: Hit): string => {
  const { errno, class: meaning, scanned } = subject as Record<string, string>;
  const made = scanned === 'next' ? 'goes on with the next domain' : 'stops';
  return `${caller} gets ${errnoText(errno!)}, which means ${meaning} here, and ${made}`;
};

const explain = (history: readonly Event[], at: number, hit: Hit, probe: Probe): Because[] => {
  const { domain, group, row } = hit.subject as Record<string, string>;
  const { task } = history[at - 1] as EventOf<'StepTaken'>;
  const caller = searcherOf(history);
  const considered = lastUpTo(history, at, 'CandidateConsidered', (event) => event.task === task && event.domain === domain);
  const refused = lastUpTo(history, at, 'CheckRefused', (event) => event.task === task && event.row === row && event.domain === domain);
  return [
    ...linkOf(considered, () => `${caller} tries ${domain} for group ${group}`),
    ...refusalLinks(history, refused, probe),
    { at, words: verdict(caller, hit) },
  ];
};

export const detector: Detector<Tries> = {
  id: 'errno-against-class',
  level: 'contract',
  title: 'the caller acts on an errno that does not say what the refusal means',
  evidence: { kind: 'model', source: 'follows from the row that refuses and the rule of the caller' },
  evidenceFor: callerEvidence,
  initial: {},
  hears: trying,
  step: (tries, event) => {
    const next = nextTries(tries, event);
    const hits = event.type === 'StepTaken' && event.scanned ? scannedBy(tries, event) : [];
    return hits.length === 0 ? quiet(next) : sees(next, ...hits);
  },
  explain,
};
