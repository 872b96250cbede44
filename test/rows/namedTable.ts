// The runs of callers as text, to be compared with what was agreed: results of the requests, rows that refused or failed, what is left.
import type { NamedRun } from './crafted.ts';
import type { NamedOutcome } from './namedOutcome.ts';

/** `ok ok -EINVAL`. */
const resultWords = (results: readonly string[]): string => results.map((result) => (result === 'OK' ? 'ok' : `-${result}`)).join(' ');

type Told = NamedRun & { readonly outcome: NamedOutcome };

const runText = ({ name, outcome }: Told): string => {
  const { results, told, left } = outcome;
  const rows = told.map(({ row, errno }) => (errno === null ? row : `${row} -${errno}`));
  return [
    `${name} -> ${resultWords(results)}`,
    ...(rows.length === 0 ? [] : [`  told ${rows.join(', ')}`]),
    `  left ${left.join('; ')}`,
  ].join('\n');
};

/** Every run of one caller in one kernel. */
export const namedTable = (runs: readonly Told[]): string => `${runs.map(runText).join('\n')}\n`;
