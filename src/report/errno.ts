// The causes of an errno as text: what is left first, then what the inputs rule out, each with the line that says it.

import { counted } from '../core/counted.ts';
import type { Cause, CauseStatus, Evidence, Explanation } from '../core/explanation.ts';
import { columnsMax, cut, plausibleWords, wrap } from './text.ts';

/** Paths and words of others may be of any length. */
const bounded = (text: string): string =>
  text
    .split(' ')
    .map((word) => cut(word, columnsMax - 7))
    .join(' ');

/** A snapshot may hold anything, also terminal escapes. */
const plain = (text: string): string => bounded(text.replaceAll('\t', ' ').replace(/\p{C}/gu, '?'));

const evidenceLines = (sign: string, { words, where, text }: Evidence): string[] => [
  wrap(`  ${sign} ${plain(words)}`, '    '),
  ...(where === null ? [] : [wrap(`    ${bounded(where)}`, '    ')]),
  ...(text === null ? [] : [wrap(`      ${plain(text)}`, '      ')]),
];

const block = (cause: Cause): string =>
  [
    wrap(`${cause.id}  (${cause.kind === 'beside' ? 'no row of the model' : `${cause.owner}, ${cause.kind}`})`, '  '),
    wrap(`  ${cause.words}`, '  '),
    wrap(`  ${cause.cite}`, '    '),
    ...cause.speaksFor.flatMap((evidence) => evidenceLines('+', evidence)),
    ...cause.speaksAgainst.flatMap((evidence) => evidenceLines('-', evidence)),
    ...(cause.status === 'ruled-out' ? [] : [wrap(`  ? ${bounded(cause.decide)}`, '    ')]),
  ].join('\n');

/** Allocations are many and alike: one line each, below how such a one can fail. */
const short = (cause: Cause): string =>
  [
    wrap(`  ${cause.id}: ${cause.words} [${cause.owner}]`, '    '),
    ...(cause.status === 'ruled-out' ? cause.speaksAgainst.flatMap((evidence) => evidenceLines('-', evidence)) : []),
  ].join('\n');

const allocationsText = (allocations: readonly Cause[]): string[] => {
  const kinds = [...new Set(allocations.map(({ plausible }) => plausible))];
  return kinds.map((kind) => {
    const own = allocations.filter(({ plausible }) => plausible === kind);
    const words = kind === null ? '' : `: ${plausibleWords[kind] ?? kind}`;
    return [wrap(`${counted(own.length, 'allocation')} on this way${words}`, '  '), ...own.map(short), ...decideOnce(own)].join('\n');
  });
};

const decideOnce = (causes: readonly Cause[]): string[] =>
  [...new Set(causes.filter(({ status }) => status !== 'ruled-out').map(({ decide }) => decide))].map((decide) =>
    wrap(`  ? ${bounded(decide)}`, '    '),
  );

const titles: Readonly<Record<CauseStatus, string>> = {
  shown: 'Shown by the inputs',
  possible: 'Left open',
  unlikely: 'Unlikely',
  'ruled-out': 'Ruled out',
};

const sectionOf = (status: CauseStatus, causes: readonly Cause[]): string[] => {
  const own = causes.filter((cause) => cause.status === status);
  const [allocations, others] = [own.filter(({ kind }) => kind === 'alloc'), own.filter(({ kind }) => kind !== 'alloc')];
  if (own.length === 0) return [];
  return [`${titles[status]} (${own.length})`, ...others.map(block), ...allocationsText(allocations)];
};

const heading = ({ errno, call, functions, title, running, inputs }: Explanation): string =>
  [
    `-${errno} from ${call}, model of ${title}`,
    wrap(`  ${functions.join(', ')}`, '  '),
    running === null || title.endsWith(` ${running}`) ? '' : `  the machine runs linux ${running}`,
    wrap(
      inputs.length === 0
        ? '  no machine and no log given: nothing can be ruled out'
        : `  read: ${inputs.map((name) => bounded(name)).join(', ')}`,
      '  ',
    ),
  ]
    .filter((line) => line.trim() !== '')
    .join('\n');

const ending = ({ causes, leftOut }: Explanation): string => {
  const left = causes.filter(({ status }) => status !== 'ruled-out');
  const words = `${left.length} of ${counted(causes.length, 'cause')} left`;
  return wrap(leftOut === 0 ? `${words}.` : `${words}; ${leftOut} more are of drivers that this machine does not have.`);
};

export const printExplanation = (explanation: Explanation): string => {
  const statuses: readonly CauseStatus[] = ['shown', 'possible', 'unlikely', 'ruled-out'];
  const sections = statuses.flatMap((status) => sectionOf(status, explanation.causes));
  return [heading(explanation), ...sections, ending(explanation)].join('\n\n');
};

interface Printed {
  readonly program: string;
  readonly call: string | null;
  readonly note?: string | undefined;
}

/** For a message: what it stands for. */
export const messageText = ({ program, call, note }: Printed): string =>
  wrap(`${program} prints this${call === null ? '' : ` for ${call}`}${note === undefined ? '' : `: ${note}`}`, '  ', columnsMax);
