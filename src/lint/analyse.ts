// Reads a kernel tree: every operation of attach_dev's kind, what it can return, and what it allocates.
import type { DamagedFunction, Operation, TreeReading } from '../core/returnSites.ts';
import type { Grammar } from './c/grammar.ts';
import { readSourceFile } from './c/sourceFile.ts';
import { Analysis } from './flow/analysis.ts';
import { allocationsOf, sitesOf } from './flow/sites.ts';
import { roots } from './flow/values.ts';
import { type FoundOperation, findOperations } from './operations.ts';
import type { KernelTree } from './tree.ts';

/** By position: the domain, the device, and arguments of which nothing is known. */
const argumentsOf = ({ kind, of }: FoundOperation) =>
  of.parameters.map((_, index) => ({ values: [], roots: index === kind.domain ? roots.domain : index === kind.device ? roots.device : 0 }));

const operationOf = ({ driver, op, table, entry }: FoundOperation): Operation => ({ driver, op, table, entry });

export const analyse = (grammar: Grammar, tree: KernelTree, wanted: (driver: string) => boolean = () => true): TreeReading => {
  const texts = tree.files.flatMap((path) => {
    const text = tree.read(path);
    return text === null ? [] : [{ path, text }];
  });
  const analysis = new Analysis(texts.map(({ path, text }) => readSourceFile(grammar, path, text)));
  const found = findOperations(analysis).filter(({ driver }) => wanted(driver));
  const read = found.map((operation) => {
    const summary = analysis.summary(operation.of, argumentsOf(operation));
    const sites = sitesOf(operationOf(operation), summary);
    return {
      sites,
      allocations: allocationsOf(operationOf(operation), summary, sites),
      ignored: summary.ignored.map((one) => ({ ...operationOf(operation), ...one })),
    };
  });
  const functions = analysis.files.flatMap((file) => file.functions);
  const damaged = functions
    .filter((one) => one.damaged)
    .map((one): DamagedFunction => ({ function: one.name, file: one.file, line: one.line, reached: analysis.reached.has(one) }));
  return {
    tree: tree.name,
    operations: found.map(operationOf),
    sites: read.flatMap(({ sites }) => sites),
    allocations: read.flatMap(({ allocations }) => allocations),
    ignored: read.flatMap(({ ignored }) => ignored),
    files: texts.length,
    functions: functions.length,
    damaged,
    unread: tree.unread(),
  };
};
