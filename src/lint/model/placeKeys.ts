// When two places say the same: conditions in one form, calls by their function, arguments left aside.
import type { Place } from '../../core/rowSources.ts';
import { normalCondition } from '../conditions.ts';
import { tokensOf } from '../conditionTokens.ts';

type Compared = Pick<Place, 'kind' | 'text' | 'errnos' | 'gfp' | 'prints'>;

const nameOfCall = /^(?:\(\*(\w+)\)|([\w>.-]+))\(/;

/** The function, where the text is one call and nothing else. */
export const calleeOf = (text: string): string | null => {
  const [head, pointer, name] = nameOfCall.exec(text) ?? [];
  if (head === undefined) return null;
  let depth = 1;
  for (let at = head.length; at < text.length - 1; at++) {
    depth += text[at] === '(' ? 1 : text[at] === ')' ? -1 : 0;
    if (depth === 0) return null;
  }
  return text.endsWith(')') ? (pointer ?? name!) : null;
};

/** The arguments of a call are no condition: the same call with others is the same place. */
const textKey = ({ kind, text }: Compared): string => {
  const callee = kind === 'test' || kind === 'change' ? null : calleeOf(text);
  if (callee !== null) return `${callee}()`;
  if (kind === 'change') return tokensOf(text)?.join(' ') ?? text;
  const [, api, condition] = /^(\w+\(\)): (.*)$/s.exec(text) ?? [];
  return api === undefined ? normalCondition(text) : `${api}: ${normalCondition(condition!)}`;
};

/** What is looked for: kind and condition. */
export const conditionKey = (place: Compared): string => `${place.kind} ${textKey(place)}`;

export const errnoKey = ({ errnos }: Compared): string => [...errnos].sort().join(' ');
export const gfpKey = ({ gfp }: Compared): string => (gfp ?? '').replace(/\s+/g, '');
export const printsKey = ({ prints }: Compared): string => prints.join('\n');

/** All that must be equal. */
export const placeKey = (place: Compared): string =>
  JSON.stringify([conditionKey(place), errnoKey(place), gfpKey(place), printsKey(place)]);

/** Word for word, white space left aside. */
export const wordingOf = (place: Compared): string =>
  JSON.stringify([place.kind, tokensOf(place.text)?.join(' ') ?? place.text, errnoKey(place), gfpKey(place), printsKey(place)]);
