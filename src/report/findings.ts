// Findings as text to paste into a mail: what is wrong, the because-chain with event numbers, how likely it is, and where to look.
import type { Because, Finding } from '../core/finding.ts';
import { block } from './blocks.ts';
import { plausibleWords } from './text.ts';

/** Room for `#123456  `. */
const numberWidth = 9;

const link = ({ at, words }: Because): string[] => block(`    ${(at === null ? '' : `#${at}`).padEnd(numberWidth)}`, words);

const likely = ({ plausible, api, line }: Finding): string => {
  if (line !== undefined) return 'it was recorded';
  if (plausible !== null) return `the failing allocation is ${plausible}: ${plausibleWords[plausible] ?? ''}`;
  return api === undefined ? 'no failure is needed' : `${api} fails`;
};

/** `run` names the run as the replay command takes it. */
export const printFinding = (finding: Finding, run = 'RUN'): string =>
  [
    ...block(`${finding.level}: `, `${finding.rule}, ${finding.entity}`),
    ...block('  ', finding.title),
    '  because',
    ...finding.because.flatMap(link),
    ...block('  how it can come about: ', likely(finding)),
    ...block(`  evidence (${finding.evidence.kind}): `, finding.evidence.source),
    ...(finding.notValid ?? []).flatMap((mark) => block('  ', mark)),
    ...block('  look: ', finding.line === undefined ? `attachlab replay ${run} --at ${finding.at}` : `line ${finding.line} of the trace`),
  ].join('\n');

const counted = (findings: readonly Finding[]): string => {
  const levels = (['bug', 'contract', 'cost'] as const).map((level) => ({
    level,
    count: findings.filter((finding) => finding.level === level).length,
  }));
  return levels.flatMap(({ level, count }) => (count === 0 ? [] : [`${count} ${level}`])).join(', ');
};

/** All findings of a run, in the order given. */
export const printFindings = (findings: readonly Finding[], run = 'RUN'): string =>
  findings.length === 0
    ? 'no finding'
    : [`findings: ${counted(findings)}`, ...findings.map((finding) => printFinding(finding, run))].join('\n\n');
