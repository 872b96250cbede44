// A judged run as text: what ran under which model, what happened, findings, claims, what was assumed, what is not modelled.
import type { ClaimResult } from '../core/claim.ts';
import { printValue, type Value } from '../core/conditions.ts';
import { counted } from '../core/counted.ts';
import type { Finding } from '../core/finding.ts';
import { printFinding } from './findings.ts';
import { printRunSummary, type RunSummary } from './runSummary.ts';
import { section, wrap } from './text.ts';

export interface Assumption {
  readonly part: string;
  readonly attribute: string;
  readonly taken: Value;
  readonly changes: readonly { readonly value: Value; readonly difference: string }[];
}

export interface Report {
  readonly title: string;
  /** `linux 6.12.117` */
  readonly model: string;
  readonly caller: string;
  /** The kernel's caller below; null: the caller is the kernel's. */
  readonly above: string | null;
  readonly rule: string;
  /** Errno contract that the run was under; null: errnos as the drivers have them. */
  readonly contract: string | null;
  readonly hypothetical: string | null;
  readonly summary: RunSummary;
  readonly findings: readonly Finding[];
  readonly claims: readonly ClaimResult[];
  readonly assumed: readonly Assumption[];
  /** Planned faults that did not come about. */
  readonly unreached: readonly string[];
  readonly stuck: readonly { readonly task: string; readonly lock: string; readonly holder: string }[];
  /** With a checked tree: how many findings rest on what is not the same there. */
  readonly checked?: string;
  /** Id under which the run is kept; null: it is not. */
  readonly run: string | null;
}

const valuesText = (values: ClaimResult['values']): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} = ${printValue(value)}`)
    .join(', ');

const claimText = ({ claim, outcome, at, values }: ClaimResult): string => {
  const mood = claim.kind === 'compare' ? `${claim.mood} ` : '';
  const where = outcome === 'violated' && at !== null ? ` at event ${at}` : '';
  const seen = outcome === 'held' || Object.keys(values).length === 0 ? '' : `: ${valuesText(values)}`;
  return wrap(`  ${outcome.padEnd(9)} ${mood}${claim.text}${where}${seen}`, '      ');
};

const assumptionText = ({ part, attribute, taken, changes }: Assumption): string => {
  const other = changes.map(({ value, difference }) => `${printValue(value)} would change the outcome: ${difference}`);
  return wrap(`  ${part}.${attribute} = ${printValue(taken)}${other.length === 0 ? '' : `; ${other.join('; ')}`}`, '      ');
};

/** What every report of a run leaves out, said once. */
export const notModelled = 'not modelled: hardware faults, IOTLB contents, reference counts of files, PASID attachments';

const verdict = ({ findings, claims, stuck, unreached }: Report): string => {
  const bugs = findings.filter(({ level }) => level === 'bug').length;
  const violated = claims.filter(({ outcome }) => outcome === 'violated').length;
  if (stuck.length > 0) return 'inconclusive: a task waits for ever';
  if (bugs + violated > 0) return `violated: ${counted(bugs, 'finding')} of level bug, ${counted(violated, 'claim')}`;
  if (claims.some(({ outcome }) => outcome === 'never met')) return 'inconclusive: a claim was never met';
  if (unreached.length > 0) return 'inconclusive: a planned fault did not come about';
  return `no finding${findings.length > 0 ? ' of level bug' : ''} in this one run`;
};

/** The rule is the kernel's, also below a caller of user space, which has its own. */
const callerText = ({ caller, above, rule }: Report): string =>
  above === null ? `${caller}, tries the next on ${rule}` : `${caller}, above ${above}, which tries the next on ${rule}`;

export const printReport = (report: Report): string => {
  const { summary, findings, claims, assumed, stuck, run } = report;
  const contract = report.contract === null ? '' : ` under contract ${report.contract}`;
  return [
    wrap(report.title, '  '),
    wrap(`model of ${report.model}${contract}; ${callerText(report)}`, '  '),
    ...(report.hypothetical === null ? [] : [wrap(`hypothetical: ${report.hypothetical}`, '  ')]),
    printRunSummary(summary),
    ...section(
      'not reached',
      report.unreached.map((line) => wrap(`  ${line}`, '      ')),
    ),
    ...section(
      'waits for ever',
      stuck.map(({ task, lock, holder }) => `  ${task}: ${lock}, held by ${holder}`),
    ),
    ...section(
      'findings',
      findings.map((finding) => printFinding(finding, run ?? 'RUN')),
    ),
    ...section('claims', claims.map(claimText)),
    ...section('assumed', assumed.map(assumptionText)),
    ...(report.checked === undefined ? [] : [wrap(report.checked, '  ')]),
    verdict(report),
    wrap(notModelled, '  '),
    ...(run === null ? [] : [`kept as ${run}: attachlab replay ${run}, attachlab why ${run}`]),
  ].join('\n');
};
