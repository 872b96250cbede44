// How an overlay refuses: one code, the place where the file says it, and the nearest name that exists.
import { Failure, nearest, type Place } from '../core/failure.ts';

export const refusal = (message: string, place?: Place): Failure => new Failure('bad-overlay', message, place);

/** A name that is not there, with the nearest that is. */
export const unknown = (kind: string, name: string, known: readonly string[], place?: Place): Failure => {
  const near = nearest(name, known);
  return refusal(
    `no ${kind} is named ${name}${near ? `; did you mean ${near}?` : known.length <= 12 ? `; known: ${known.join(', ')}` : ''}`,
    place,
  );
};
