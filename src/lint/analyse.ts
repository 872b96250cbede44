// From parsed files to what a tree comes to: every operation of attach_dev's kind, what it can return, and what it allocates.
import type { DamagedFunction, Operation, TreeReading, Unread } from '../core/returnSites.ts';
import type { SourceFile } from './c/sourceFile.ts';
import { Analysis } from './flow/analysis.ts';
import type { Argument } from './flow/program.ts';
import { allocationsOf, sitesOf } from './flow/sites.ts';
import { roots } from './flow/values.ts';
import { type FoundOperation, findOperations } from './operations.ts';

/** By position: the domain, the device, and arguments of which nothing is known. */
const argumentsOf = ({ kind, of }: FoundOperation): Argument[] =>
  of.parameters.map((_, index) => ({
    values: [],
    roots: index === kind.domain ? roots.domain : index === kind.device ? roots.device : 0,
  }));

const operationOf = ({ driver, op, table, entry }: FoundOperation): Operation => ({ driver, op, table, entry });

const readOperation = (analysis: Analysis, found: FoundOperation) => {
  const operation = operationOf(found);
  const summary = analysis.summary(found.of, argumentsOf(found));
  const sites = sitesOf(operation, summary);
  const ignored = summary.ignored.map((one) => ({ ...operation, ...one }));
  return { operation, sites, allocations: allocationsOf(operation, summary), ignored };
};

const damagedIn = (analysis: Analysis): DamagedFunction[] =>
  analysis.files
    .flatMap(({ functions }) => functions)
    .filter(({ damaged }) => damaged)
    .map((one) => ({ function: one.name, file: one.file, line: one.line, reached: analysis.reached.has(one) }));

/** In the order of files and tables. */
export const readOperations = (analysis: Analysis) => findOperations(analysis).map((found) => readOperation(analysis, found));

export const analyse = (files: readonly SourceFile[], tree: string, unread: readonly Unread[]): TreeReading => {
  const analysis = new Analysis(files);
  const read = readOperations(analysis);
  return {
    tree,
    operations: read.map(({ operation }) => operation),
    sites: read.flatMap(({ sites }) => sites),
    allocations: read.flatMap(({ allocations }) => allocations),
    ignored: read.flatMap(({ ignored }) => ignored),
    files: files.length,
    functions: files.reduce((count, { functions }) => count + functions.length, 0),
    damaged: damagedIn(analysis),
    unread,
  };
};
