// `lint-kernel REPOSITORY --range A..B`: which commit brought each finding, and which removed it.
import type { LintFinding, TreeReading } from '../../core/returnSites.ts';
import { chooseContract } from '../../lint/contracts/choose.ts';
import { contractHeader } from '../../lint/contracts/kdoc.ts';
import { findingsOf } from '../../lint/judge.ts';
import { history, type Life } from '../../lint/range/history.ts';
import { commitsTouching } from '../../lint/read/commits.ts';
import { printRange } from '../../report/lintRange.ts';
import { type Io, printJson } from '../command.ts';
import type { ReadTree } from './read.ts';
import { needDriver, partOf } from './report.ts';

export interface RangeOptions {
  readonly range: string;
  readonly contract?: string;
  readonly driver?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

const paths = ['drivers/iommu', contractHeader];

/** One contract for all commits, that of the last one: else every finding would change where its text does. */
export const range = (
  io: Io,
  read: ReadTree,
  repository: string,
  { range: named, contract: asked, driver, all, json }: RangeOptions,
): void => {
  const commits = commitsTouching(repository, named, paths);
  const { contract } = chooseContract(commits.treeAt(commits.commits.at(-1)?.id ?? commits.start), asked);
  const known = new Map<string, LintFinding>();
  const readings: TreeReading[] = [];
  const lives = history(commits, (tree) => {
    const reading = read(tree);
    readings.push(reading);
    const told = findingsOf(partOf(reading, driver), contract).filter(({ level }) => all || level === 'error' || level === 'stricter');
    for (const finding of told) known.set(finding.fingerprint, finding);
    return new Set(told.map(({ fingerprint }) => fingerprint));
  });
  needDriver(readings, driver);
  const found = lives.map((life: Life) => ({ ...life, finding: known.get(life.fingerprint)! }));
  const answer = { range: named, contract: contract.name, commits: commits.commits.length, notes: commits.notes, lives: found };
  if (json) printJson(io, 'lint-kernel-range', 1, answer);
  else io.out(`${printRange(answer)}\n`);
};
