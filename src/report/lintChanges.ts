// Changed return sites as a table for a mail: errno before, errno after, where; messages and conditions that changed below.
import type { Print, ReturnSite } from '../core/returnSites.ts';
import type { SiteChange } from '../core/treeDifference.ts';
import { block } from './blocks.ts';
import { errnoText } from './text.ts';

const isSame = (a: Print, b: Print): boolean => a.level === b.level && a.text === b.text;

const onlyIn = (one: ReturnSite | null, other: ReturnSite | null): Print[] =>
  one?.prints.filter((print) => !other?.prints.some((found) => isSame(print, found))) ?? [];

const printText = ({ level, text }: Print): string => `${level}: ${text.replace(/\\n$/, '')}`;

/** `-EINVAL/-ENOMEM +2` for four; `?` where nothing is known. */
const cell = (site: ReturnSite | null): string => {
  if (site === null) return 'none';
  const shown = site.errnos.slice(0, 2).map(errnoText).join('/');
  return site.errnos.length === 0 ? '?' : `${shown}${site.errnos.length > 2 ? ` +${site.errnos.length - 2}` : ''}`;
};

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

const conditionText = ({ before, after, differs }: SiteChange): string[] =>
  differs.includes('condition')
    ? [`was: ${oneLine(before!.condition)}`, `is: ${oneLine(after!.condition)}`]
    : [oneLine((after ?? before)!.condition)].filter(Boolean);

const placeText = ({ before, after }: SiteChange): string => {
  const site = (after ?? before)!;
  const renamed = before !== null && after !== null && before.function !== after.function ? ` (was ${before.function}())` : '';
  return `${site.function}()${renamed}`;
};

const isUncertain = ({ before, after }: SiteChange): boolean => [before, after].some((site) => site?.certainty === 'maybe');

const notes = (change: SiteChange): string[] => {
  const { before, after } = change;
  return [
    ...onlyIn(before, after).map((print) => `message dropped: ${printText(print)}`),
    ...onlyIn(after, before).map((print) => `message added: ${printText(print)}`),
    ...([before, after].every((site) => site === null || site.domain === 'fresh') ? ['only on a fresh domain'] : []),
    ...(isUncertain(change) ? ['not certain'] : []),
  ];
};

export interface ChangeRow {
  readonly errnos: readonly [string, string];
  readonly texts: readonly string[];
}

/** `where` is what stands before the function. */
export const changeRow = (change: SiteChange, where: string): ChangeRow => ({
  errnos: [cell(change.before), cell(change.after)],
  texts: [`${where}${placeText(change)}`, ...conditionText(change), ...notes(change)],
});

/** The same change of several ops is one row. */
const merged = (rows: readonly ChangeRow[]): ChangeRow[] =>
  [...Map.groupBy(rows, (row) => JSON.stringify(row)).values()].map(([row]) => row!);

export const changeLines = (rows: readonly ChangeRow[], indent = ''): string[] => {
  const all = merged(rows);
  const widths = [0, 1].map((side) => Math.max(6, ...all.map(({ errnos }) => errnos[side]!.length)));
  const head = (errnos: readonly string[]): string => `${indent}${errnos.map((text, side) => text.padEnd(widths[side]!)).join('  ')}  `;
  const blank = ' '.repeat(head(['', '']).length);
  return [
    `${head(['before', 'after'])}where`,
    ...all.flatMap(({ errnos, texts }) => texts.flatMap((text, index) => block(index === 0 ? head(errnos) : `${blank}  `, text))),
  ];
};
