// `lint-kernel TREE --assert CLAIM`: whether a check of a driver returns what is claimed, with the exit codes of `git bisect run`.
import { Failure } from '../../core/failure.ts';
import { judgeAssertion, parseAssertion, printAssertion } from '../../lint/assertion.ts';
import { readTree } from '../../lint/read/readTree.ts';
import { printAssertionVerdict } from '../../report/lintAssertion.ts';
import { type ExitCode, type Io, printJson } from '../command.ts';
import type { ReadTree } from './read.ts';

export interface AssertionOptions {
  readonly assert: string;
  readonly bisect?: boolean;
  readonly json?: boolean;
}

/** `git bisect run` skips a commit at 125. */
const codes: { readonly [verdict in 'holds' | 'fails' | 'unknown']: { readonly plain: ExitCode; readonly bisect: ExitCode } } = {
  holds: { plain: 0, bisect: 0 },
  fails: { plain: 1, bisect: 1 },
  unknown: { plain: 3, bisect: 125 },
};

/** In a bisection a tree that cannot be read is a commit to skip. */
const verdictOn = (read: ReadTree, spec: string, assertion: ReturnType<typeof parseAssertion>, bisect: boolean) => {
  try {
    return judgeAssertion(assertion, read(readTree(spec)));
  } catch (error) {
    if (!bisect || !(error instanceof Failure) || error.code !== 'bad-tree') throw error;
    return { verdict: 'unknown' as const, because: error.message.split('\n')[0]!, sites: [] };
  }
};

export const assertion = (io: Io, read: ReadTree, spec: string, { assert, bisect = false, json }: AssertionOptions): void => {
  const claim = parseAssertion(assert);
  const verdict = verdictOn(read, spec, claim, bisect);
  if (json) printJson(io, 'lint-kernel-assertion', 1, { claim, ...verdict });
  else io.out(`${printAssertionVerdict(printAssertion(claim), verdict)}\n`);
  io.exit(codes[verdict.verdict][bisect ? 'bisect' : 'plain']);
};
