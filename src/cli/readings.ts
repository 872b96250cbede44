// A reading as a user types it, e.g. `domains(c0)`, made ready to read a world.
import type { Value } from '../core/conditions.ts';
import { Failure } from '../core/failure.ts';
import type { World } from '../core/world.ts';
import { readTerm } from '../detect/terms.ts';

/** `last` is the world at the end of the run: names that it does not have are the user's error. */
export const readingFor = (text: string, last: World): ((world: World) => Value) => {
  const match = /^([\w-]+)\(([^()]*)\)$/.exec(text.trim());
  if (!match) throw new Failure('bad-usage', `a reading is NAME(ARGUMENT, ...), e.g. domains(c0); found ${text}`);
  const [, reading, list] = match as unknown as [string, string, string];
  const term = { reading, of: list.split(',').map((part) => part.trim()) };
  readTerm(last, term, undefined);
  // A name that is not there yet reads as nothing: runs begin before their containers do.
  return (world) => readOrNothing(() => readTerm(world, term, undefined));
};

const readOrNothing = (read: () => Value): Value => {
  try {
    return read();
  } catch (error) {
    if (error instanceof Failure && error.code === 'unknown-name') return null;
    throw error;
  }
};
