// What a rule of lint-kernel is: the contract clause it rests on, a page for people, and a pure judgement of one place in the sources.

import { classOf } from '../core/errnoClass.ts';
import type { Clause, LintContract, Meaning, RuleFacts } from '../core/lintReport.ts';
import type { IgnoredFailure, LintLevel, ReturnSite } from '../core/returnSites.ts';

export interface Judged {
  readonly level: LintLevel;
  /** One sentence without a stop. */
  readonly message: string;
}

/** One file in src/lint/rules; a rule judges return sites, failures that are not returned, or both. */
export interface Rule extends RuleFacts {
  /** Whether it is wrong when the class is wrong: then a class of low confidence makes it a maybe. */
  readonly restsOnClass: boolean;
  /** `clause` is the contract's for the rule; a contract without one is not asked. */
  readonly judge?: (site: ReturnSite, contract: LintContract, clause: Clause) => Judged | null;
  readonly judgeIgnored?: (failure: IgnoredFailure) => Judged | null;
}

export const clauseFor = (contract: LintContract, meaning: Meaning): Clause | undefined =>
  contract.clauses.find((clause) => clause.meaning === meaning);

/** The errno by which the contract says that domain and device do not fit; undefined where it has none. */
export const softErrno = (contract: LintContract): string | undefined => clauseFor(contract, 'incompatible')?.errno;

export const returnsSoft = ({ errnos }: ReturnSite, contract: LintContract): boolean => {
  const soft = softErrno(contract);
  return soft !== undefined && errnos.includes(soft);
};

/**
 * A misfit that is only likely, where the driver itself says something else: -ENOMEM, -EIO. Not where only a domain in use is refused:
 * another domain then fits, whatever the errno.
 */
export const isDoubtfulMisfit = ({ confidence, domain, errnos }: ReturnSite): boolean =>
  confidence !== 'high' && domain !== 'used' && errnos.some((errno) => errno !== '0' && classOf(errno) !== 'incompatible');

/** Null also for a configuration that is refused (drivers/iommu/io-pgtable.c): memory is only one of its reasons. */
const ambiguous = ['alloc_io_pgtable_ops'];

export const isOnlyPerhapsMemory = ({ api }: ReturnSite): boolean => api !== null && ambiguous.includes(api);

/** Beyond the text of a contract that hedges; against one that says exclusively. */
export const unlessExclusive = (contract: LintContract): LintLevel => (contract.exclusive ? 'error' : 'stricter');

/** `-ENXIO`, `-EBUSY or -ENOMEM`, `0`. */
export const errnoWords = (errnos: readonly string[]): string => errnos.map((errno) => (errno === '0' ? '0' : `-${errno}`)).join(' or ');
