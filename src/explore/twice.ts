// A wrapper that catches hidden nondeterminism: every step is evaluated twice, and must read the same and do the same both times.
import { canonical } from '../core/canonical.ts';
import { Failure } from '../core/failure.ts';
import type { Evaluated } from './facts.ts';

/** What an evaluation listed says how many entries were known: the second time, more. */
const comparable = ({ reads, branches }: Evaluated): string => canonical({ reads, branches });

export const twice =
  (evaluate: (actor: number) => Evaluated, nameOf: (actor: number) => string) =>
  (actor: number): Evaluated => {
    const first = evaluate(actor);
    const second = evaluate(actor);
    if (comparable(first) !== comparable(second))
      throw new Failure(
        'model-error',
        `the next step of ${nameOf(actor)} did something else the second time: it depends on more than the world`,
      );
    return first;
  };
