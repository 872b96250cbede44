// Calls lint-kernel in this process, on excerpts and trees in a folder of the test, with a cache there.

import { command } from '../../src/cli/commands/lintKernel.ts';
import { Failure } from '../../src/core/failure.ts';
import { type Called, called } from './called.ts';
import { type Excerpt, excerptFolder } from './kernelExcerpts.ts';
import { openPlace, type Place } from './repository.ts';

export interface LintBench {
  readonly place: Place;
  readonly cache: string;
  /** A kernel's folder. */
  readonly kernel: (name: Excerpt) => string;
  readonly lint: (...argv: readonly string[]) => Promise<Called>;
  readonly json: <T>(...argv: readonly string[]) => Promise<T>;
  /** The message of the refusal, first line and hint. */
  readonly refusal: (...argv: readonly string[]) => Promise<readonly string[]>;
}

export const openLint = (name: string): LintBench => {
  const place = openPlace(name);
  const cache = place.path('cache');
  const lint = (...argv: readonly string[]): Promise<Called> => called(command, argv, { XDG_CACHE_HOME: cache });
  return {
    place,
    cache,
    kernel: (excerpt) => excerptFolder(place, excerpt),
    lint,
    json: async <T>(...argv: readonly string[]) => JSON.parse((await lint(...argv, '--json')).out) as T,
    refusal: async (...argv) => {
      try {
        const { code } = await lint(...argv);
        return [`no refusal: ${code}`];
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        return error.message.replaceAll(place.folder, '.').split('\n');
      }
    },
  };
};

export const wide = (text: string): string[] => text.split('\n').filter((line) => line.length > 75);
