// Why a group is on its domain and on no other, as text: each domain that was there, who refused it and why, and the one that was kept.
import { printValue } from '../core/conditions.ts';
import type { Why, WhyCandidate, WhyGroup, WhyRefusal } from '../core/why.ts';
import { block } from './blocks.ts';
import { errnoText, plausibleWords } from './text.ts';

const label = '      ';

const values = ({ values: found }: WhyRefusal): string[] => {
  const pairs = Object.entries(found).map(([path, value]) => `${path} = ${printValue(value)}`);
  return pairs.length === 0 ? [] : block(label, `with ${pairs.join(', ')}`);
};

const allocation = ({ allocation: failed }: WhyRefusal): string[] => {
  if (!failed) return [];
  const count = failed.n === null ? '' : `, allocation ${failed.n} of the call`;
  const site = failed.site.replace(/^(\w+):(\d+)/, '$1() line $2');
  return [
    ...block(label, `${site} gets no memory: ${failed.gfp}${count}`),
    ...block(label, `${failed.plausible}: ${plausibleWords[failed.plausible] ?? ''}`),
  ];
};

/** Rows that were told in full already: the second time their name will do. */
type Told = Set<string>;

const refusal = (found: WhyRefusal, told: Told): string[] => {
  const on = found.device === null ? '' : ` ${found.device}`;
  const head = `#${found.at} ${found.by} refuses${on} with ${errnoText(found.errno)}`;
  if (told.has(found.row)) return block(label, `${head} again: ${found.row}`);
  told.add(found.row);
  return [
    ...block(label, `${head} (${found.class}): ${found.words ?? found.row}`),
    ...allocation(found),
    ...values(found),
    ...block(label, `${found.row}: ${found.citation}`),
  ];
};

const reaction = (caller: string, { errno, reaction: made, reactionAt }: WhyCandidate): string[] => {
  if (made === null) return [];
  const words = made === 'next' ? 'takes it for "try the next"' : 'stops';
  return block(label, `#${reactionAt} caller ${caller} gets ${errnoText(errno ?? '0')} and ${words}`);
};

const fates: Record<WhyCandidate['fate'], string> = {
  joined: 'tried and joined',
  refused: 'tried and refused',
  skipped: 'not tried',
  undecided: 'tried, and the request ended before an answer',
};

const candidate = (why: Why, found: WhyCandidate, told: Told): string[] => [
  ...block(`    ${found.domain}  `, `${fates[found.fate]} (#${found.at}): ${found.because}`),
  ...(found.refusal ? refusal(found.refusal, told) : []),
  ...reaction(why.caller, found),
];

const decided = (group: WhyGroup): string => {
  const place = group.kept === null ? 'records no domain' : `is on ${group.kept}`;
  if (group.how === 'joined') return `${place}: it was there before and took the group`;
  if (group.how === 'unchanged') return `${place}: this request gave it no other`;
  if (group.candidates.length === 0) return `${place}: made for it, the container had none`;
  return `${place}: made for it, as none that was there took the group`;
};

const groupText = (why: Why, group: WhyGroup, told: Told): string[] => [
  ...block(`  group ${group.group} `, decided(group)),
  ...group.candidates.flatMap((found) => candidate(why, found, told)),
  ...(group.refusals.length === 0 ? [] : ['    refused on the way', ...group.refusals.flatMap((found) => refusal(found, told))]),
];

const heading = (why: Why): string => {
  const target = why.target === null ? '' : ` ${why.target}`;
  const result = why.result === null ? 'has not ended' : errnoText(why.result);
  const span = `#${why.from} to ${why.to === null ? 'the end' : `#${why.to}`}`;
  return `${why.task} request ${why.request}, ${why.verb}${target}: ${result} (${why.caller} on ${why.kernel}, ${span})`;
};

/** One request that attaches. */
export const printWhy = (why: Why): string => {
  const told: Told = new Set();
  const groups = why.groups.flatMap((group) => groupText(why, group, told));
  return [...block('', heading(why)), ...(groups.length === 0 ? ['  nothing was tried'] : groups)].join('\n');
};

export const printWhys = (whys: readonly Why[]): string =>
  whys.length === 0 ? 'no request of this run attaches a group' : whys.map(printWhy).join('\n\n');
