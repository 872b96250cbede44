// Which return sites of two trees are the same check: by function and condition first, then without what may have been renamed.
import type { Print, ReturnSite } from '../core/returnSites.ts';
import type { Differing } from '../core/treeDifference.ts';
import { normalCondition } from './conditions.ts';

export interface Pair {
  readonly before: ReturnSite | null;
  readonly after: ReturnSite | null;
}

const errnoKey = ({ errnos }: ReturnSite): string => [...errnos].sort().join(' ');
const printKey = ({ level, text }: Print): string => `${level} ${text.replace(/\s+/g, ' ')}`;
const printsKey = ({ prints }: ReturnSite): string => prints.map(printKey).sort().join('\n');
/** The arguments of a kernel function are no condition: the same call with others is the same check. */
const conditionKey = ({ origin, api, condition }: ReturnSite): string =>
  origin === 'api' && api !== null ? `${api}()` : normalCondition(condition);

const keyed =
  (...parts: readonly ((site: ReturnSite) => string)[]) =>
  (site: ReturnSite): string =>
    JSON.stringify(parts.map((part) => part(site)));

const functionKey = (site: ReturnSite): string => site.function;
const place = keyed((site) => `${site.file}:${site.line}`, functionKey, conditionKey, errnoKey, printsKey);

/** Each place once, though several tables lead there. */
export const places = (sites: readonly ReturnSite[]): ReturnSite[] => [...Map.groupBy(sites, place).values()].map(([site]) => site!);

/** From the surest to the least sure; what is paired is out of the game. A function may be renamed where condition and errno fit. */
const passes: readonly ((site: ReturnSite) => string)[] = [
  keyed(functionKey, conditionKey, errnoKey, printsKey),
  keyed(functionKey, conditionKey, errnoKey),
  keyed(conditionKey, errnoKey, printsKey),
  keyed(conditionKey, errnoKey),
  keyed(functionKey, conditionKey),
];

interface Game {
  readonly pairs: Pair[];
  before: readonly ReturnSite[];
  after: readonly ReturnSite[];
}

/** Twins are paired in the order of the source. */
const pairBy = (game: Game, key: (site: ReturnSite) => string): void => {
  const waiting = Map.groupBy(game.after, key);
  const left = game.before.filter((before) => {
    const after = waiting.get(key(before))?.shift();
    if (after !== undefined) game.pairs.push({ before, after });
    return after === undefined;
  });
  game.before = left;
  game.after = [...waiting.values()].flat();
};

const namesIn = (condition: string): Set<string> => new Set(condition.match(/[A-Za-z_]\w*/g) ?? []);

/** At least half of the names are in both. */
const isAlike = (a: ReturnSite, b: ReturnSite): boolean => {
  const [one, other] = [namesIn(a.condition), namesIn(b.condition)];
  const both = [...one].filter((name) => other.has(name)).length;
  return both > 0 && both * 2 >= new Set([...one, ...other]).size;
};

const similar = (a: ReturnSite, b: ReturnSite): boolean =>
  a.function === b.function && errnoKey(a) === errnoKey(b) && a.class === b.class && isAlike(a, b);

/** A changed condition: only where there is one candidate on each side. */
const pairSimilar = (game: Game): void => {
  for (const before of game.before) {
    const candidates = game.after.filter((after) => similar(before, after));
    const [after] = candidates;
    if (after === undefined || candidates.length > 1 || game.before.filter((other) => similar(other, after)).length > 1) continue;
    game.pairs.push({ before, after });
    game.before = game.before.filter((other) => other !== before);
    game.after = game.after.filter((other) => other !== after);
  }
};

/** Sites of one operation of one driver, each place once. */
export const matchSites = (before: readonly ReturnSite[], after: readonly ReturnSite[]): Pair[] => {
  const game: Game = { pairs: [], before, after };
  for (const key of passes) pairBy(game, key);
  pairSimilar(game);
  return [
    ...game.pairs,
    ...game.before.map((site): Pair => ({ before: site, after: null })),
    ...game.after.map((site): Pair => ({ before: null, after: site })),
  ];
};

export const differing = ({ before, after }: Pair): Differing[] => {
  if (before === null || after === null) return [];
  const compared: readonly (readonly [Differing, (site: ReturnSite) => string])[] = [
    ['errno', errnoKey],
    ['messages', printsKey],
    ['condition', conditionKey],
  ];
  return compared.flatMap(([name, key]) => (key(before) === key(after) ? [] : [name]));
};
