// What a refusal means, from what its check compares, never from the errno: the errno may lie.

import type { Confidence } from '../../core/returnSites.ts';
import type { Class } from '../../core/rows.ts';
import { type Guard, roots, type Term, type Value } from './values.ts';

interface Classified {
  readonly class: Class;
  readonly confidence: Confidence;
  readonly reason: string;
}

/** What a check says beyond the parts that it compares; the first that fits decides. */
interface Reading {
  readonly fits: (check: Guard) => boolean;
  readonly class: Class;
  readonly confidence: Confidence;
  readonly reason: string;
}

const has = (bits: number, ...of: readonly (keyof typeof roots)[]): boolean => of.every((root) => (bits & roots[root]) !== 0);
const isOnly = ({ roots: bits }: Term, of: 'domain' | 'device'): boolean => (bits & (roots.domain | roots.device)) === roots[of];
const positive = ({ text, holds }: Guard): boolean => holds !== /^!\w/.test(text);

const readings: readonly Reading[] = [
  { fits: ({ mismatch }) => mismatch, class: 'incompatible', confidence: 'high', reason: 'the domain and the device do not agree' },
  {
    fits: ({ text }) => /^(?:unlikely\()?(?:WARN|BUG)_ON/.test(text),
    class: 'other',
    confidence: 'medium',
    reason: 'guards against a bug in the kernel',
  },
  { fits: ({ text }) => text.startsWith('default of switch'), class: 'other', confidence: 'medium', reason: 'a case that does not happen' },
  {
    fits: ({ terms }) => terms.some((term) => isOnly(term, 'domain')) && terms.some((term) => isOnly(term, 'device')),
    class: 'incompatible',
    confidence: 'medium',
    reason: 'asks for something of the domain and for something of the device',
  },
  {
    fits: ({ roots, terms }) => has(roots, 'domain') && !has(roots, 'device') && terms.every(({ isDirect }) => isDirect),
    class: 'incompatible',
    confidence: 'medium',
    reason: 'asks for something of the domain alone',
  },
  {
    fits: ({ roots }) => has(roots, 'domain'),
    class: 'incompatible',
    confidence: 'low',
    reason: 'asks for something that comes from the domain',
  },
  {
    fits: (check) =>
      has(check.roots, 'device') &&
      positive(check) &&
      /attached|enabled|in_use|busy|active|users|present|refcount|->domain\b/.test(check.text),
    class: 'busy',
    confidence: 'low',
    reason: 'asks whether the device is in use',
  },
  {
    fits: ({ roots, text }) => has(roots, 'device') && /\b(?:e?cap|cap)_|support|feature|pgsize/.test(text),
    class: 'incompatible',
    confidence: 'low',
    reason: 'asks whether the hardware can do what the domain needs',
  },
  {
    fits: ({ roots, text }) => has(roots, 'device') && /\bIOMMU_DOMAIN_/.test(text),
    class: 'incompatible',
    confidence: 'low',
    reason: "asks for a type of the device's domains",
  },
  { fits: ({ roots }) => has(roots, 'device'), class: 'device', confidence: 'medium', reason: 'asks for something of the device alone' },
];

const nothing: Classified = { class: 'other', confidence: 'low', reason: 'asks neither the domain nor the device' };

const byCause = (cause: Value): Classified => {
  const origin = cause.origin!;
  const reason = `${origin.api ?? origin.function}() failed`;
  if (origin.class !== null) return { class: origin.class, confidence: 'high', reason };
  return cause.check ? { ...byCheck(cause.check), reason } : { class: 'other', confidence: 'low', reason };
};

const byCheck = (check: Guard): Classified => {
  const cause = check.causes.find(({ origin }) => origin !== null);
  if (cause) return byCause(cause);
  const { class: meaning, confidence, reason } = readings.find(({ fits }) => fits(check)) ?? { ...nothing };
  return { class: meaning, confidence: check.after ? 'low' : confidence, reason };
};

export const classify = (value: Value): Classified => {
  if (value.origin && value.origin.how !== 'constant') return byCause(value);
  if (value.check) return byCheck(value.check);
  return {
    class: 'other',
    confidence: 'low',
    reason: value.origin === null ? 'nothing is known of where it comes from' : 'returned without a check',
  };
};
