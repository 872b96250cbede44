// An audit of kernel sources as KTAP version 1: a driver is a test, each of its operations a subtest with the findings as diagnostics.
import { isFailure, type JudgedFinding, type LintReport } from '../core/lintReport.ts';
import type { Operation, TreeReading } from '../core/returnSites.ts';
import type { Outcome } from '../core/suite.ts';
import { printNested, type Subtest } from './ktap.ts';

const nameOf = ({ op, table }: Operation): string => `${op} of ${table}`;

const isOf = (operation: Operation, place: Operation): boolean =>
  place.driver === operation.driver && nameOf(place) === nameOf(operation) && place.entry === operation.entry;

const line = ({ level, rule, message, site, state }: JudgedFinding): string => {
  const known = state === 'new' ? '' : ` (${state})`;
  return `${site.file}:${site.line} ${site.function}() ${level}: ${rule}: ${message}${known}`;
};

/** An audit says nothing about an operation whose way leads through something that could not be read. */
const outcomeOf = (findings: readonly JudgedFinding[], blind: readonly string[]): Outcome => {
  if (findings.some(isFailure)) return 'not ok';
  return blind.length > 0 ? 'inconclusive' : 'ok';
};

/** Functions on the driver's ways that could not be read whole: those in files that its operations lead to. */
const blindSpots = ({ damaged, sites }: TreeReading, operation: Operation): string[] => {
  const files = new Set(
    sites.filter((site) => isOf(operation, site)).flatMap(({ file, witness }) => [file, ...witness.map((step) => step.file)]),
  );
  return damaged
    .filter(({ reached, file }) => reached && files.has(file))
    .map((found) => `${found.file}:${found.line} ${found.function}() could not be read whole`);
};

const counts = ({ level }: JudgedFinding): boolean => level === 'error' || level === 'stricter';

const operationTest = ({ reading, findings }: LintReport, operation: Operation, all: boolean): Subtest => {
  const own = findings.filter((finding) => isOf(operation, finding.site) && (all || counts(finding)));
  const blind = blindSpots(reading, operation);
  const outcome = outcomeOf(own, blind);
  const failing = [...new Set(own.toSorted((a, b) => Number(isFailure(b)) - Number(isFailure(a))).map(line))];
  return { name: nameOf(operation), outcome, reasons: outcome === 'inconclusive' ? [...blind, ...failing] : [...failing, ...blind] };
};

/** `all`: costs and maybes too. */
export const printLintKtap = (report: LintReport, { all = false }: { readonly all?: boolean } = {}): string => {
  const { operations } = report.reading;
  const drivers = [...new Set(operations.map(({ driver }) => driver))].sort();
  return printNested(
    drivers.map((driver) => ({
      name: driver,
      tests: operations.filter((operation) => operation.driver === driver).map((operation) => operationTest(report, operation, all)),
    })),
  );
};
