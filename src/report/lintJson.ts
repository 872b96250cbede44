// An audit of kernel sources as one value: a record for each return site with what the rules say of it, then all that was not read.
import { isFailure, type JudgedFinding, type LintReport } from '../core/lintReport.ts';
import type { ReturnSite } from '../core/returnSites.ts';

const findingValue = ({ rule, level, message, clause, fingerprint, state, suppressed }: JudgedFinding) => ({
  rule,
  level,
  message,
  clause,
  fingerprint,
  state,
  suppressed,
});

const siteValue = (site: ReturnSite, findings: readonly JudgedFinding[]) => ({
  ...site,
  freshDomainOnly: site.domain === 'fresh',
  findings: findings.map(findingValue),
});

/** Findings by their place; a result that is dropped is no return site. */
const bySite = (findings: readonly JudgedFinding[]): ReadonlyMap<ReturnSite, JudgedFinding[]> => Map.groupBy(findings, ({ site }) => site);

const levelsOf = (findings: readonly JudgedFinding[]) => {
  const count = (wanted: JudgedFinding['level']): number => findings.filter(({ level }) => level === wanted).length;
  return { error: count('error'), stricter: count('stricter'), cost: count('cost'), maybe: count('maybe') };
};

export const lintJson = ({ reading, contract, why, findings, vanished }: LintReport) => {
  const found = bySite(findings);
  const known = new Set(reading.sites);
  return {
    tree: reading.tree,
    contract: { ...contract, why },
    summary: {
      files: reading.files,
      functions: reading.functions,
      operations: reading.operations.length,
      sites: reading.sites.length,
      certain: reading.sites.filter(({ certainty }) => certainty === 'certain').length,
      findings: levelsOf(findings),
      failing: findings.filter(isFailure).length,
    },
    operations: reading.operations,
    sites: reading.sites.map((site) => siteValue(site, found.get(site) ?? [])),
    dropped: findings.filter(({ site }) => !known.has(site)).map((finding) => ({ ...finding.site, findings: [findingValue(finding)] })),
    allocations: reading.allocations,
    damaged: reading.damaged,
    unread: reading.unread,
    vanished,
  };
};
