// An audit of kernel sources as text for a mail: findings by driver in the manner of the kernel's own checkers, and the clauses they rest on.
import { counted } from '../core/counted.ts';
import { isFailure, type JudgedFinding, type LintReport } from '../core/lintReport.ts';
import type { ReturnSite } from '../core/returnSites.ts';
import { block } from './blocks.ts';
import { summaryLines } from './lintSummary.ts';
import { witnessLines } from './lintWitness.ts';

export interface LintTextOptions {
  /** Costs, maybes and what the baseline knows too. */
  readonly all?: boolean;
}

const isShown = ({ level, state }: JudgedFinding): boolean =>
  (level === 'error' || level === 'stricter') && (state === 'new' || state === 'expired');

const stateText = ({ state, suppressed }: JudgedFinding): string => {
  if (state === 'new') return '';
  if (state === 'known') return 'known to the baseline';
  const until = suppressed?.until ? ` until ${suppressed.until}` : '';
  return `${state === 'expired' ? 'was suppressed' : 'suppressed'}${until}: ${suppressed?.reason ?? ''}`;
};

/** `attach_dev of arm_smmu_ops, arm_smmu_nested_ops`. */
const ways = (sites: readonly ReturnSite[]): string =>
  [...Map.groupBy(sites, ({ op }) => op)]
    .map(([op, found]) => `${op} of ${[...new Set(found.map(({ table }) => table))].join(', ')}`)
    .join('; ');

const classWords = ({ class: meaning, confidence, reason, domain, unresolved }: ReturnSite): string =>
  [
    ...(reason === '' ? [] : [`class ${meaning}, confidence ${confidence}: ${reason}`]),
    ...(domain === 'fresh' ? ['only on a fresh domain'] : []),
    ...(unresolved === null ? [] : [`not resolved: ${unresolved}`]),
  ].join('; ');

const findingLines = (finding: JudgedFinding): string[] => {
  const state = stateText(finding);
  return [...block(`  ${finding.level}: `, `${finding.rule}: ${finding.message}`), ...(state === '' ? [] : block('    ', state))];
};

const levels = ['error', 'stricter', 'cost', 'maybe'];

const gravest = (findings: readonly JudgedFinding[]): JudgedFinding =>
  findings.toSorted((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level))[0]!;

/** Of one place: two operations can give one rule two levels. */
const oneOf = ({ rule, state }: JudgedFinding): string => JSON.stringify([rule, state]);

/** The same is told once, though several operations or tables lead there. */
const placeLines = (findings: readonly JudgedFinding[]): string[] => {
  const sites = findings.map(({ site }) => site);
  const site = sites[0]!;
  const words = classWords(site);
  return [
    ...block('', `${site.file}:${site.line} ${site.function}()`),
    ...[...Map.groupBy(findings, oneOf).values()].flatMap((twins) => findingLines(gravest(twins))),
    ...block('    ', ways(sites)),
    ...(words === '' ? [] : block('    ', words)),
    ...site.prints.flatMap(({ level, text }) => block('    ', `prints ${level}: ${text.replace(/\\n$/, '')}`)),
    ...witnessLines(site.witness, site.file),
  ];
};

type Returns = ReadonlySet<ReturnSite>;

const callLine = ({ line, function: name, api }: ReturnSite): string[] =>
  block(`      ${String(line).padStart(4)}  `, `${name}(): ${api}()`);

/** A result that is dropped is no return site, and has no way to show. Each call once, though several operations lead there. */
const droppedLines = (findings: readonly JudgedFinding[]): string[] =>
  [...Map.groupBy(findings, (finding) => JSON.stringify([finding.rule, stateText(finding)])).values()].flatMap((same) => {
    const state = stateText(same[0]!);
    const calls = [...new Map(same.map(({ site }) => [`${site.file}:${site.line} ${site.api}`, site])).values()];
    return [
      ...block(`  ${same[0]!.level}: `, `${same[0]!.rule}: ${counted(calls.length, 'result')} dropped${state === '' ? '' : `, ${state}`}`),
      ...[...Map.groupBy(calls, ({ file }) => file)].flatMap(([file, sites]) => [...block('    ', file), ...sites.flatMap(callLine)]),
    ];
  });

const placeOf = ({ site }: JudgedFinding): string => JSON.stringify([site.file, site.line, site.function, site.condition, site.errnos]);

const driverLines = (driver: string, findings: readonly JudgedFinding[], returns: Returns): string[] => {
  const dropped = findings.filter(({ site }) => !returns.has(site));
  const others = findings.filter(({ site }) => returns.has(site));
  const places = [...Map.groupBy(others, placeOf).values()].map(placeLines);
  if (dropped.length > 0) places.push(droppedLines(dropped));
  return ['', driver, ...places.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]))];
};

const byDriver = (findings: readonly JudgedFinding[], returns: Returns): string[] =>
  [...Map.groupBy(findings, ({ site }) => site.driver)].flatMap(([driver, found]) => driverLines(driver, found, returns));

const clauseLines = (findings: readonly JudgedFinding[]): string[] => {
  const clauses = [...new Set(findings.map(({ clause }) => clause))];
  return clauses.length === 0 ? [] : ['', 'they rest on', ...clauses.flatMap((clause) => block('  ', clause))];
};

/** As many as are told, where all are. */
const distinct = (findings: readonly JudgedFinding[]): JudgedFinding[] =>
  [...Map.groupBy(findings, (finding) => `${finding.site.driver} ${placeOf(finding)} ${oneOf(finding)}`).values()].map(gravest);

export const printLint = (report: LintReport, { all = false }: LintTextOptions = {}): string => {
  const { contract, why } = report;
  const shown = report.findings.filter((finding) => all || isShown(finding));
  const [certain, maybe] = [shown.filter(({ level }) => level !== 'maybe'), shown.filter(({ level }) => level === 'maybe')];
  const returns = new Set(report.reading.sites);
  const hidden = report.findings.filter((finding) => !shown.includes(finding));
  return [
    ...block('', `contract ${contract.name}: ${contract.source}`),
    ...block('  ', why),
    ...byDriver(certain, returns),
    ...(maybe.length === 0 ? [] : ['', 'not certain', ...byDriver(maybe, returns)]),
    ...clauseLines(shown),
    '',
    ...summaryLines(report, {
      findings: distinct(report.findings),
      hidden: distinct(hidden),
      all,
      failing: distinct(report.findings.filter(isFailure)).length,
    }),
  ].join('\n');
};
