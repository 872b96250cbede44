// Judges what was read of a tree: the contract that holds, the driver that is asked for, the baseline that is known.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Failure, nearest } from '../../core/failure.ts';
import type { LintReport } from '../../core/lintReport.ts';
import type { TreeReading } from '../../core/returnSites.ts';
import { againstBaseline, baselineOf } from '../../lint/baseline.ts';
import { printBaseline, readBaseline } from '../../lint/baselineFile.ts';
import { chooseContract } from '../../lint/contracts/choose.ts';
import { findingsOf } from '../../lint/judge.ts';
import { rules } from '../../lint/registry.ts';
import type { KernelTree } from '../../lint/tree.ts';
import type { Io } from '../command.ts';

export interface LintOptions {
  readonly driver?: string;
  readonly contract?: string;
  readonly baseline?: string;
}

/** `omap`, `omap-iommu` and `OMAP_IOMMU` are one driver. */
const plain = (driver: string): string =>
  driver
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/-iommu$/, '');

const driversOf = ({ operations }: TreeReading): string[] => [...new Set(operations.map((operation) => operation.driver))];

/** A driver that none of the trees has is refused. */
export const needDriver = (readings: readonly TreeReading[], driver: string | undefined): void => {
  if (driver === undefined) return;
  const drivers = [...new Set(readings.flatMap(driversOf))];
  if (!drivers.some((name) => plain(name) === plain(driver))) throw unknownDriver(driver, drivers);
};

/** Only what belongs to one driver, where one is asked for; a tree may have nothing of it. */
export const partOf = (reading: TreeReading, driver: string | undefined): TreeReading => {
  if (driver === undefined) return reading;
  const own = <T extends { readonly driver: string }>(items: readonly T[]): readonly T[] =>
    items.filter((item) => plain(item.driver) === plain(driver));
  const { operations, sites, allocations, ignored } = reading;
  return { ...reading, operations: own(operations), sites: own(sites), allocations: own(allocations), ignored: own(ignored) };
};

export const ofDriver = (reading: TreeReading, driver: string | undefined): TreeReading => {
  needDriver([reading], driver);
  return partOf(reading, driver);
};

const unknownDriver = (driver: string, drivers: readonly string[]): Failure => {
  const near = nearest(driver, drivers);
  const hint = near === undefined ? `There are ${drivers.join(', ')}.` : `Did you mean ${near}?`;
  return new Failure('unknown-name', `expected a driver with an attach operation, found ${driver}`, undefined, hint);
};

const day = (io: Io): string => io.now().toISOString().slice(0, 10);

export const reportOf = (io: Io, tree: KernelTree, reading: TreeReading, { contract: asked, baseline }: LintOptions): LintReport => {
  const { contract, why } = chooseContract(tree, asked);
  const known = baseline === undefined ? null : readBaseline(textOf(baseline), baseline);
  return { reading, contract, why, rules, ...againstBaseline(findingsOf(reading, contract), known, day(io)) };
};

export const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure('bad-usage', `expected a file, found ${(error as NodeJS.ErrnoException).code}`, { file });
  }
};

/** Keeps the reasons that the file gave before. */
export const keepBaseline = ({ findings }: LintReport, file: string): void => {
  const older = existsSync(file) ? readBaseline(textOf(file), file) : [];
  const text = printBaseline(baselineOf(findings, older));
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Failure('bad-usage', `the baseline cannot be written (${(error as NodeJS.ErrnoException).code})`, { file });
  }
};
