// Where a stored run and the same scenario run again part, as text: event lines can be long, so they are shown from where they differ.
import { wrap } from './text.ts';

/** Lines of canonical NDJSON; null: that side has ended. */
export interface Divergence {
  readonly at: number;
  readonly expected: string | null;
  readonly actual: string | null;
}

/** How much of a line is shown, and how much of that stands before the difference. */
const shown = 60;
const before = 20;

const modelIn = (line: string | null): string | null => /^\{.*"model":"([0-9a-f]+)".*"type":"RunStarted"/.exec(line ?? '')?.[1] ?? null;

const differenceAt = (a: string, b: string): number => {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index += 1;
  return index;
};

const excerpt = (line: string | null, from: number): string => {
  if (line === null) return 'nothing more';
  const start = Math.max(0, from - before);
  const part = line.slice(start, start + shown);
  return `${start > 0 ? '...' : ''}${part}${start + shown < line.length ? '...' : ''}`;
};

/** A first event that names another model says so: the rows or workflows changed since the run was kept. */
export const printDivergence = (run: string, { at, expected, actual }: Divergence): string => {
  const [stored, now] = [modelIn(expected), modelIn(actual)];
  if (stored !== null && now !== null && stored !== now)
    return wrap(
      `${run} was run by another model, ${stored}; the model is ${now} now: run the scenario again and compare the two with diff`,
      '  ',
    );
  const from = differenceAt(expected ?? '', actual ?? '');
  return `${run} differs at event ${at}\n  stored  ${excerpt(expected, from)}\n  now     ${excerpt(actual, from)}`;
};
