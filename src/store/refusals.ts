// What every store refuses, in one wording: a wrong expected version, and a stream that does not exist.
import { assert, Failure, nearest } from '../core/failure.ts';
import type { Expected } from './store.ts';

const words = (version: number): string => (version === 0 ? 'absent' : `at version ${version}`);

const expectedWords = (expected: number | 'absent'): string => words(expected === 'absent' ? 0 : expected);

/** Throws unless a stream with `version` events is what the writer expected. */
export const checkExpected = (stream: string, expected: Expected, version: number): void => {
  if (expected === 'any') return;
  assert(expected === 'absent' || (Number.isSafeInteger(expected) && expected >= 0), `${expected} is not a version`);
  if ((expected === 'absent' ? 0 : expected) === version) return;
  throw new Failure('version-conflict', `stream ${stream}: expected ${expectedWords(expected)}, found ${words(version)}`);
};

/** For a stream that was asked for and does not exist. */
export const unknownStream = (stream: string, store: string, names: readonly string[]): Failure => {
  const near = nearest(stream, names);
  const instead = near === undefined ? `${names.length} others` : `${near}, which is near`;
  return new Failure(
    'unknown-name',
    `stream ${stream}: expected a stream of ${store}, found ${names.length === 0 ? 'none at all' : instead}`,
  );
};
