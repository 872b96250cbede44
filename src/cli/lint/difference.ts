// `lint-kernel TREE --diff OTHER_TREE`: two trees side by side, driver by driver.
import { compareTrees } from '../../lint/compareTrees.ts';
import { readTree } from '../../lint/read/readTree.ts';
import { printTreeDifference } from '../../report/lintDiff.ts';
import { type Io, printJson } from '../command.ts';
import type { ReadTree } from './read.ts';
import { ofDriver } from './report.ts';

export interface DifferenceOptions {
  readonly diff: string;
  readonly driver?: string;
  readonly json?: boolean;
}

/** A driver needs to be in one of the trees. */
const sides = (read: ReadTree, spec: string, { diff, driver }: DifferenceOptions) => {
  const [before, after] = [read(readTree(spec)), read(readTree(diff))];
  const has = [before, after].filter(
    (reading) => driver !== undefined && reading.operations.some((operation) => operation.driver === driver),
  );
  if (has.length === 1) return { before: only(before, driver!), after: only(after, driver!) };
  return { before: ofDriver(before, driver), after: ofDriver(after, driver) };
};

const only = (reading: ReturnType<ReadTree>, driver: string): ReturnType<ReadTree> => ({
  ...reading,
  operations: reading.operations.filter((operation) => operation.driver === driver),
  sites: reading.sites.filter((site) => site.driver === driver),
});

export const difference = (io: Io, read: ReadTree, spec: string, options: DifferenceOptions): void => {
  const { before, after } = sides(read, spec, options);
  const found = compareTrees(before, after);
  if (options.json) printJson(io, 'lint-kernel-diff', 1, found);
  else io.out(`${printTreeDifference(found)}\n`);
};
