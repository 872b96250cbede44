// The commits that brought findings and removed them, as kernel mails cite commits.
import { counted } from '../core/counted.ts';
import type { LintFinding, ReturnSite } from '../core/returnSites.ts';
import { block } from './blocks.ts';

interface Cited {
  readonly id12: string;
  readonly subject: string;
}

export interface RangeAnswer {
  readonly range: string;
  readonly contract: string;
  /** How many commits touch the files concerned. */
  readonly commits: number;
  readonly notes: readonly string[];
  readonly lives: readonly { readonly finding: LintFinding; readonly brought: Cited | null; readonly removed: Cited | null }[];
}

const cite = ({ id12, subject }: Cited): string => `${id12} ("${subject}")`;

const placeText = ({ function: name, condition }: ReturnSite): string => (condition === '' ? `${name}()` : `${name}(), ${condition}`);

const lifeLines = ({ finding, brought, removed }: RangeAnswer['lives'][number]): string[] => [
  ...block('', `${finding.site.driver} ${finding.site.op}: ${placeText(finding.site)}`),
  ...block('  ', `${finding.level}: ${finding.rule}: ${finding.message}`),
  ...block('  brought  ', brought === null ? 'before the range' : cite(brought)),
  ...(removed === null ? [] : block('  removed  ', cite(removed))),
];

export const printRange = ({ range, contract, commits, notes, lives }: RangeAnswer): string =>
  [
    ...notes.flatMap((note) => block('', note)),
    ...block('', `${range}: ${counted(commits, 'commit')} touch${commits === 1 ? 'es' : ''} the files concerned; contract ${contract}`),
    ...(lives.length === 0 ? ['no finding came or went'] : lives.flatMap((life) => ['', ...lifeLines(life)])),
  ].join('\n');
