// What makes a finding the same finding in another tree or after lines have moved.
import { contentHash } from '../core/hash.ts';
import type { ReturnSite } from '../core/returnSites.ts';
import { normalCondition } from './conditions.ts';

/** Of the call of a kernel function its name: its arguments are renamed more often than what it may return. */
const conditionOf = ({ origin, api, condition }: ReturnSite): string =>
  origin !== 'constant' && api !== null && condition.startsWith(`${api}(`) ? `${api}()` : normalCondition(condition);

/** `twin` counts places that are equal in everything named here, in the order of the source. */
const textOf = (rule: string, site: ReturnSite, twin: number): string =>
  JSON.stringify([rule, site.driver, site.op, site.function, conditionOf(site), [...site.errnos].sort(), twin]);

/** Gives each of a list, in the order of the source, its sixteen hexadecimal digits. */
export const fingerprints = (found: readonly { readonly rule: string; readonly site: ReturnSite }[]): string[] => {
  const seen = new Map<string, number>();
  return found.map(({ rule, site }) => {
    const first = textOf(rule, site, 0);
    const twin = seen.get(first) ?? 0;
    seen.set(first, twin + 1);
    return contentHash(twin === 0 ? first : textOf(rule, site, twin));
  });
};
