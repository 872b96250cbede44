// `lint-kernel TREE --diff OTHER_TREE`: two trees side by side, driver by driver.
import { compareTrees } from '../../lint/compareTrees.ts';
import { readTree } from '../../lint/read/readTree.ts';
import { printTreeDifference } from '../../report/lintDiff.ts';
import { type Io, printJson } from '../command.ts';
import type { ReadTree } from './read.ts';
import { needDriver, partOf } from './report.ts';

export interface DifferenceOptions {
  readonly diff: string;
  readonly driver?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

export const difference = (io: Io, read: ReadTree, spec: string, { diff, driver, all = false, json }: DifferenceOptions): void => {
  const [before, after] = [read(readTree(spec)), read(readTree(diff))];
  needDriver([before, after], driver);
  const found = compareTrees(partOf(before, driver), partOf(after, driver));
  if (json) printJson(io, 'lint-kernel-diff', 1, found);
  else io.out(`${printTreeDifference(found, { all })}\n`);
};
