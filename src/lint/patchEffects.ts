// What one patch changes: return sites, callers' reactions, clauses touched, findings brought and mended; older findings only as a number.
import type { Clause, LintContract } from '../core/lintReport.ts';
import type { LintFinding, TreeReading } from '../core/returnSites.ts';
import type { PatchEffect, SiteChange } from '../core/treeDifference.ts';
import { callerReactions, isFreshOnly } from './callers.ts';
import { compareTrees } from './compareTrees.ts';
import { findingsOf } from './judge.ts';

export interface PatchSides {
  readonly title: string;
  readonly before: TreeReading;
  readonly after: TreeReading;
  readonly contract: LintContract;
  /** What the header itself says before and after; null where it says nothing. */
  readonly stated?: { readonly before: LintContract | null; readonly after: LintContract | null };
  readonly notApplied?: readonly string[];
}

/** Errnos that one side has and the other has not. */
const errnosMoved = ({ before, after }: SiteChange): string[] => {
  const [one, other] = [before?.errnos ?? [], after?.errnos ?? []];
  return [...one.filter((errno) => !other.includes(errno)), ...other.filter((errno) => !one.includes(errno))];
};

const clauseText = ({ errno, text }: Clause): string => `${errno}: ${text}`;

const clausesTouched = (changes: readonly SiteChange[], { clauses }: LintContract): string[] => {
  const moved = new Set(changes.flatMap(errnosMoved));
  const listed = clauses.filter(({ errno }) => moved.has(errno));
  const others = [...moved].filter((errno) => errno !== '0' && !clauses.some((clause) => clause.errno === errno)).sort();
  return [...listed.map(clauseText), ...(others.length === 0 ? [] : [`not listed: ${others.join(', ')}`])];
};

/** A patch can change the contract itself. */
const textChanges = (stated: PatchSides['stated']): string[] => {
  const [one, other] = [stated?.before?.clauses.map(clauseText) ?? [], stated?.after?.clauses.map(clauseText) ?? []];
  return [
    ...one.filter((text) => !other.includes(text)).map((text) => `no longer in the kernel-doc: ${text}`),
    ...other.filter((text) => !one.includes(text)).map((text) => `new in the kernel-doc: ${text}`),
  ];
};

const without = (findings: readonly LintFinding[], others: readonly LintFinding[]): LintFinding[] => {
  const known = new Set(others.map(({ fingerprint }) => fingerprint));
  return findings.filter(({ fingerprint }) => !known.has(fingerprint));
};

/** The same finding reached through several tables counts once. */
const distinct = (findings: readonly LintFinding[]): LintFinding[] =>
  [
    ...Map.groupBy(findings, ({ rule, message, site: { driver, op, file, line, function: name, condition } }) =>
      JSON.stringify([rule, message, driver, op, file, line, name, condition]),
    ).values(),
  ].map(([first]) => first!);

export const patchEffect = ({ title, before, after, contract, stated, notApplied = [] }: PatchSides): PatchEffect => {
  const changes = compareTrees(before, after).drivers.flatMap((driver) => driver.changes);
  const [older, newer] = [distinct(findingsOf(before, contract)), distinct(findingsOf(after, contract))];
  const brought = without(newer, older);
  return {
    title,
    changes,
    callers: callerReactions(changes, contract.name),
    freshOnly: changes.filter(isFreshOnly).length,
    clauses: [...clausesTouched(changes, contract), ...textChanges(stated)],
    findings: { brought, mended: without(older, newer), older: newer.length - brought.length },
    notApplied,
  };
};
