// What a refused action says, for tables of refusals.
import { Failure } from '../../src/core/failure.ts';

/** The Failure that `action` throws, as code and message; anything else that is thrown passes through. */
export const wholeRefusal = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof Failure) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no failure';
};

/** The same without the hint. */
export const refusal = (action: () => unknown): string => wholeRefusal(action).split('\n')[0]!;
