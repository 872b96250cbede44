// The one door for chance: everything that the scenario does not determine is an answer to one of these questions.
import type { Errno, Plausible } from './rows.ts';

export type Question =
  /** Which task steps next: `options` are ids of tasks that can. */
  | { readonly kind: 'task'; readonly options: readonly string[] }
  /** 0: the allocation works, 1: it fails. */
  | {
      readonly kind: 'allocation';
      readonly task: string;
      readonly request: number;
      readonly call: string | null;
      readonly row: string;
      readonly site: string;
      readonly plausible: Plausible;
      readonly device: string | null;
      readonly domain: string | null;
      /** The how-manyeth allocation of the call, where counted. */
      readonly n: number | null;
    }
  /** 0: the call works, k: it gives errnos[k - 1]. */
  | {
      readonly kind: 'api';
      readonly task: string;
      readonly request: number;
      readonly row: string;
      readonly api: string;
      readonly on: string | null;
      readonly device: string | null;
      readonly domain: string | null;
      readonly errnos: readonly Errno[];
    };

/** Answers with a number from 0 up to, not including, `bound`; 0 is what happens without interference. */
export type Choose = (bound: number, question: Question) => number;
