// `lint-kernel TREE --patch SERIES`: what each patch of a series changes, on the tree or on the commit that the series names.
import { readFileSync } from 'node:fs';
import { Failure } from '../../core/failure.ts';
import type { LintContract } from '../../core/lintReport.ts';
import { chooseContract } from '../../lint/contracts/choose.ts';
import { contractHeader, kdocContract } from '../../lint/contracts/kdoc.ts';
import { applySeries } from '../../lint/patch/applySeries.ts';
import type { FileResult, PatchResult } from '../../lint/patch/outcome.ts';
import { type Patch, pathOf, type Series } from '../../lint/patch/patch.ts';
import { readSeries } from '../../lint/patch/series.ts';
import { patchEffect } from '../../lint/patchEffects.ts';
import { patchText, patchTexts } from '../../lint/read/patchTexts.ts';
import { readTree, treeAtCommit } from '../../lint/read/readTree.ts';
import { sourceFolder } from '../../lint/read/texts.ts';
import type { KernelTree } from '../../lint/tree.ts';
import { printPatchEffect } from '../../report/lintPatch.ts';
import { wrap } from '../../report/text.ts';
import { type Io, printJson } from '../command.ts';
import type { ReadTree } from './read.ts';
import { needDriver, partOf } from './report.ts';

export interface PatchOptions {
  readonly patch: string;
  readonly contract?: string;
  readonly driver?: string;
  readonly json?: boolean;
}

const titleOf = ({ subject, version, number, total }: Patch): string => {
  const tag = ['PATCH', ...(version === null ? [] : [`v${version}`]), ...(number === null || total === null ? [] : [`${number}/${total}`])];
  return tag.length === 1 ? subject : `[${tag.join(' ')}] ${subject}`;
};

/** Nothing else changes what is said of a tree. */
const isRead = ({ file }: FileResult): boolean => pathOf(file).startsWith(`${sourceFolder}/`) || pathOf(file) === contractHeader;

const failures = ({ file, hunks, problem }: FileResult): string[] =>
  problem !== null
    ? [`${pathOf(file)}: ${problem}`]
    : hunks.flatMap(({ hunk, outcome }) =>
        outcome.kind === 'failed' ? [`${pathOf(file)}, hunk at line ${hunk.oldStart}: ${outcome.reason}`] : [],
      );

/** What did not apply, each with its file, its place in the patch and the reason. */
const notApplied = ({ files }: PatchResult): string[] => files.filter(isRead).flatMap(failures);

/** A tree may be drivers/iommu alone, and a series seldom keeps to it. */
const outside = (results: readonly PatchResult[]): string[] => {
  const files = results.flatMap((result) => result.files).filter((file) => !isRead(file) && failures(file).length > 0);
  const paths = [...new Set(files.map(({ file }) => pathOf(file)))];
  return paths.length === 0 ? [] : [`not looked at, for nothing outside ${sourceFolder} is read, and not applied: ${paths.join(', ')}`];
};

const statedBy = (tree: KernelTree): LintContract | null => {
  const header = tree.read(contractHeader);
  return header === null ? null : kdocContract(header);
};

/** The tree that the series was made on, where it says so and the repository has it; else the tree that was named. */
const baseOf = (spec: string, series: Series): { tree: KernelTree; note: string | null } => {
  const base = series.baseCommit === null ? null : treeAtCommit(spec, series.baseCommit);
  if (base !== null) return { tree: base, note: `on ${base.name}, its base-commit` };
  const note = series.baseCommit === null ? null : `its base-commit ${series.baseCommit.slice(0, 12)} is not there: on ${spec} instead`;
  return { tree: readTree(spec), note };
};

const seriesIn = (patch: string): Series => readSeries(patch === '-' ? [patchText('standard input', readFileSync(0))] : patchTexts(patch));

export const patches = (io: Io, read: ReadTree, spec: string, { patch, contract: asked, driver, json }: PatchOptions): void => {
  const series = seriesIn(patch);
  const { tree, note } = baseOf(spec, series);
  const { contract } = chooseContract(tree, asked);
  const results = applySeries(tree, series);
  const trees = [tree, ...results.map((result) => result.tree)];
  const readings = trees.map((one) => read(one));
  needDriver(readings, driver);
  const effects = results.map((result, index) => {
    const [before, after] = [index, index + 1];
    const sides = { before: partOf(readings[before]!, driver), after: partOf(readings[after]!, driver) };
    const stated = { before: statedBy(trees[before]!), after: statedBy(trees[after]!) };
    return patchEffect({ title: titleOf(result.patch), ...sides, contract, stated, notApplied: notApplied(result) });
  });
  if (effects.length === 0) throw new Failure('bad-patch', 'expected a patch, found none', { file: patch });
  const notes = [...(note === null ? [] : [note]), ...series.notes, ...outside(results)];
  if (json) printJson(io, 'lint-kernel-patch', 1, { tree: tree.name, notes, patches: effects });
  else io.out(`${[...notes.map((text) => wrap(text)), ...effects.map(printPatchEffect)].join('\n\n')}\n`);
  if (effects.some(({ findings }) => findings.brought.some(({ level }) => level === 'error'))) io.exit(1);
  else if (effects.some((effect) => effect.notApplied.length > 0)) io.exit(3);
};
