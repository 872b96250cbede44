// Findings against those that are known: only what is new, or no longer excused, fails; what is gone is listed.
import type { BaselineEntry, FindingState, JudgedFinding } from '../core/lintReport.ts';
import type { LintFinding } from '../core/returnSites.ts';

export interface Compared {
  readonly findings: readonly JudgedFinding[];
  /** Entries that no finding has; null without a baseline. */
  readonly vanished: readonly BaselineEntry[] | null;
}

/** The last day counts. */
const stateOf = (entry: BaselineEntry | undefined, today: string): FindingState => {
  if (entry === undefined) return 'new';
  if (entry.suppressed === null) return 'known';
  const { until } = entry.suppressed;
  return until !== null && until < today ? 'expired' : 'suppressed';
};

/** `today` as 2027-01-31, from the command line's clock. */
export const againstBaseline = (findings: readonly LintFinding[], baseline: readonly BaselineEntry[] | null, today: string): Compared => {
  const entries = new Map((baseline ?? []).map((entry) => [entry.fingerprint, entry]));
  const found = new Set(findings.map(({ fingerprint }) => fingerprint));
  return {
    findings: findings.map((finding) => {
      const entry = entries.get(finding.fingerprint);
      return { ...finding, state: stateOf(entry, today), suppressed: entry?.suppressed ?? null };
    }),
    vanished: baseline?.filter(({ fingerprint }) => !found.has(fingerprint)) ?? null,
  };
};

/** What --write-baseline keeps: every finding of now, with the reasons that an older baseline gave. */
export const baselineOf = (findings: readonly LintFinding[], older: readonly BaselineEntry[] = []): BaselineEntry[] => {
  const reasons = new Map(older.map(({ fingerprint, suppressed }) => [fingerprint, suppressed]));
  return findings.map(({ fingerprint, rule, site }) => ({
    fingerprint,
    rule,
    driver: site.driver,
    op: site.op,
    function: site.function,
    condition: site.condition,
    errnos: site.errnos,
    suppressed: reasons.get(fingerprint) ?? null,
  }));
};
