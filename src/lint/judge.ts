// All findings of a tree under a contract: every rule on every place, levels lowered where something is not certain or not said.
import type { Clause, LintContract } from '../core/lintReport.ts';
import type { IgnoredFailure, LintFinding, LintLevel, ReturnSite, TreeReading } from '../core/returnSites.ts';
import { fingerprints } from './fingerprint.ts';
import { rules as registered } from './registry.ts';
import { clauseFor, type Judged, type Rule } from './rule.ts';

type Place = Pick<ReturnSite, 'driver' | 'file' | 'line' | 'op' | 'table'>;

const order = (a: Place, b: Place): number =>
  compare(a.driver, b.driver) || compare(a.file, b.file) || a.line - b.line || compare(a.op, b.op) || compare(a.table, b.table);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The text is about this op; what it says of its kin is an inference. */
const covered = 'attach_dev';

const certainLevel = (level: LintLevel, site: ReturnSite, rule: Rule): LintLevel => {
  if (site.certainty === 'maybe') return 'maybe';
  return site.confidence === 'low' && (rule.restsOnClass || level === 'error') ? 'maybe' : level;
};

/** What the text does not cover is measured by it all the same, but breaks nothing; a false success is wrong without any text. */
const isBinding = ({ op }: ReturnSite, rule: Rule, contract: LintContract): boolean =>
  rule.clause === 'success' || (op === covered && contract.standing !== 'borrowed');

const levelOf = (judged: Judged, site: ReturnSite, rule: Rule, contract: LintContract): LintLevel => {
  const level = certainLevel(judged.level, site, rule);
  return level === 'error' && !isBinding(site, rule, contract) ? 'stricter' : level;
};

const messageOf = ({ message }: Judged, { op }: ReturnSite, rule: Rule): string =>
  op === covered || rule.clause === 'success' ? message : `${message} (the text is about ${covered}, not ${op})`;

/** A dropped result as a place that returns 0, so that it can be reported like the others. */
const siteOfIgnored = (failure: IgnoredFailure): ReturnSite => ({
  ...failure,
  errnos: ['0'],
  origin: 'api',
  api: failure.callee,
  condition: `${failure.callee}() fails`,
  class: 'other',
  confidence: 'high',
  reason: '',
  certainty: 'certain',
  unresolved: null,
  domain: 'any',
  prints: [],
  locks: [],
  witness: [{ file: failure.file, line: failure.line, function: failure.function, text: `${failure.callee}()` }],
  replaced: [],
});

interface Found {
  readonly rule: Rule;
  readonly site: ReturnSite;
  readonly clause: Clause;
  readonly judged: Judged;
}

const foundBy = (
  rule: Rule,
  clause: Clause,
  sites: readonly ReturnSite[],
  dropped: readonly IgnoredFailure[],
  contract: LintContract,
): Found[] => {
  const found = (site: ReturnSite, judged: Judged | null | undefined): Found[] => (judged ? [{ rule, site, clause, judged }] : []);
  return [
    ...sites.flatMap((site) => found(site, rule.judge?.(site, contract, clause))),
    ...dropped.flatMap((failure) => found(siteOfIgnored(failure), rule.judgeIgnored?.(failure))),
  ];
};

const clauseText = ({ errno, text }: Clause): string => `${errno}: ${text}`;

/** In the order of drivers, files and lines. */
export const findingsOf = (reading: TreeReading, contract: LintContract, rules: readonly Rule[] = registered): LintFinding[] => {
  const [sites, dropped] = [reading.sites.toSorted(order), reading.ignored.toSorted(order)];
  const found = rules.flatMap((rule) => {
    const clause = clauseFor(contract, rule.clause);
    return clause === undefined ? [] : foundBy(rule, clause, sites, dropped, contract);
  });
  const digits = fingerprints(found.map(({ rule, site }) => ({ rule: rule.id, site })));
  return found
    .map(({ rule, site, clause, judged }, index) => ({
      rule: rule.id,
      level: levelOf(judged, site, rule, contract),
      site,
      message: messageOf(judged, site, rule),
      clause: clauseText(clause),
      fingerprint: digits[index]!,
    }))
    .toSorted((a, b) => order(a.site, b.site));
};
