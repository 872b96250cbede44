// What a tree says to an assertion, with the places that were judged.
import type { AssertionVerdict } from '../core/lintAssertion.ts';
import { block } from './blocks.ts';
import { witnessLines } from './lintWitness.ts';

const words = { holds: 'holds', fails: 'does not hold', unknown: 'cannot be said' } as const;

/** `claim` as it was read. */
export const printAssertionVerdict = (claim: string, { verdict, because, sites }: AssertionVerdict): string =>
  [
    ...block('', claim),
    ...block('  ', `${words[verdict]}: ${because}`),
    ...sites.flatMap((site) => [...block('  ', `${site.file}:${site.line} ${site.function}()`), ...witnessLines(site.witness, site.file)]),
  ].join('\n');
