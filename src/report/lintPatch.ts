// What a patch changes, to paste under a quoted hunk: errnos before and after, what callers then do, clauses touched; older findings in a line.
import { counted } from '../core/counted.ts';
import type { LintFinding } from '../core/returnSites.ts';
import type { PatchEffect, Reaction, ReactionChange } from '../core/treeDifference.ts';
import { block } from './blocks.ts';
import { changeLines, changeRow } from './lintChanges.ts';

/** What it does now, and what it did before. */
const words: { readonly [reaction in Exclude<Reaction, 'absent'>]: readonly [now: string, then: string] } = {
  success: ['takes it for success', 'took it for success'],
  next: ['goes on', 'went on'],
  stop: ['stops', 'stopped'],
  either: ['goes on or stops as the callee chooses', 'went on or stopped as the callee chose'],
  unknown: ['gets an errno that is not known', 'got an errno that was not known'],
};

const reactionText = ({ from, to, count }: ReactionChange['changes'][number]): string => {
  if (from === 'absent') return to === 'absent' ? '' : `${counted(count, 'new check')} at which it ${words[to][0]}`;
  const checks = counted(count, 'check');
  if (to === 'absent') return `${checks} gone at which it ${words[from][1]}`;
  return `${checks} at which it ${words[to][0]}, and ${words[from][1]} before`;
};

const callerLines = ({ caller, rule, changes }: ReactionChange): string[] =>
  block('  ', changes.length === 0 ? `${caller}: no difference (${rule})` : `${caller} (${rule}): ${changes.map(reactionText).join('; ')}`);

const freshLines = ({ freshOnly }: PatchEffect): string[] =>
  freshOnly === 0
    ? []
    : block('  ', `${counted(freshOnly, 'change')} only on a fresh domain: nobody searches then, user space reads the errno`);

/** The places stand in the table; here are the functions. */
const findingGroup = (same: readonly LintFinding[]): string[] => {
  const { level, rule, message } = same[0]!;
  const functions = [...new Set(same.map(({ site }) => `${site.function}()`))].join(', ');
  return block('  ', `${level}: ${rule}: ${message}; ${counted(same.length, 'check')} in ${functions}`);
};

const findingGroups = (findings: readonly LintFinding[]): string[] =>
  [...Map.groupBy(findings, ({ level, rule, message }) => JSON.stringify([level, rule, message])).values()].flatMap(findingGroup);

const findingLines = ({ findings: { brought, mended, older } }: PatchEffect): string[] => [
  ...(brought.length === 0 ? [] : ['findings that it brings', ...findingGroups(brought)]),
  ...block('', `findings: ${brought.length} new, ${mended.length} gone, ${older} older`),
];

const section = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : [title, ...lines]);

const notAppliedLines = ({ notApplied }: PatchEffect): string[] =>
  section(
    'did not apply, so that what they change is not known:',
    notApplied.flatMap((hunk) => block('  ', hunk)),
  );

const changeSection = ({ changes }: PatchEffect): string[] =>
  changes.length === 0
    ? ['no return site of an attach operation changes']
    : changeLines(changes.map((change) => changeRow(change, `${change.driver} ${change.op}, `)));

export const printPatchEffect = (effect: PatchEffect): string =>
  [
    ...block('', effect.title),
    '',
    ...changeSection(effect),
    ...(effect.changes.length === 0
      ? []
      : ['callers that try existing domains', ...effect.callers.flatMap(callerLines), ...freshLines(effect)]),
    ...section(
      'clauses touched',
      effect.clauses.flatMap((clause) => block('  ', clause)),
    ),
    ...findingLines(effect),
    ...notAppliedLines(effect),
  ].join('\n');
