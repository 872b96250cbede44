// The cases of a driver as text, to be compared with what was agreed: what is given beside the defaults, what comes out, what is left.
import { printValue } from '../../src/core/conditions.ts';
import type { Driver } from '../../src/core/rows.ts';
import type { Fault } from '../../src/core/scenario.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { knownOf } from '../../src/engine/scratchKnown.ts';
import { beyondDefaults, type Case } from './cases.ts';
import type { Outcome } from './outcome.ts';

interface Line {
  readonly one: Case;
  readonly outcome: Outcome;
}

const faultWords = (fault: Fault): string =>
  fault.kind === 'api' ? `${fault.api} gives -${fault.errno}` : fault.kind === 'site' ? `${fault.site} fails` : '';

const givenWords = ({ given, request }: Case, engine: Engine, driver: Driver): string => {
  const values = beyondDefaults(given, knownOf(driver, engine.operationModel.driver));
  const words = [...values.map(([path, found]) => `${path}=${printValue(found)}`), ...(request.faults ?? []).map(faultWords)];
  return words.length === 0 ? 'nothing special' : words.join(', ');
};

const resultWords = ({ one, outcome }: Line): string => {
  const { errno, row, left } = outcome;
  const by = row === one.row || row === null ? '' : ` by ${row}`;
  const changes = Object.entries(left).map(([name, found]) => `${name}=${found}`);
  return `${errno === null ? 'ok' : `-${errno}${by}`}${changes.length === 0 ? '' : ` leaving ${changes.join(', ')}`}`;
};

/** Walks that no other one begins with; the others are named by the row they end at. */
const wholeWalks = (lines: readonly Line[]): string[] => {
  const walks = [...new Set(lines.map(({ outcome }) => outcome.walk.join(' ')))];
  return walks.filter((walk) => !walks.some((other) => other !== walk && other.startsWith(`${walk} `)));
};

const walkWords = ({ outcome }: Line, whole: readonly string[]): string => {
  const walk = outcome.walk.join(' ');
  const number = whole.findIndex((other) => other === walk || other.startsWith(`${walk} `)) + 1;
  return whole[number - 1] === walk ? `${number}` : `${number} to ${outcome.walk.at(-1) ?? 'nothing'}`;
};

const pathText = (path: string, lines: readonly Line[], engine: Engine, driver: Driver): string => {
  const whole = wholeWalks(lines);
  const rows = [...new Set(lines.map(({ one }) => one.row))];
  return [
    `# ${path}`,
    ...whole.map((walk, index) => `walk ${index + 1}: ${walk}`),
    ...rows.flatMap((row) => [
      row,
      ...lines
        .filter(({ one }) => one.row === row)
        .map((line) => `  ${line.one.kind}: ${givenWords(line.one, engine, driver)} -> ${resultWords(line)} [${walkWords(line, whole)}]`),
    ]),
  ].join('\n');
};

/** The table of one driver in one kernel, path by path. */
export const tableText = (engine: Engine, driver: Driver, lines: readonly Line[]): string => {
  const paths = [...new Set(lines.map(({ one }) => one.path))];
  return paths
    .map((path) =>
      pathText(
        path,
        lines.filter(({ one }) => one.path === path),
        engine,
        driver,
      ),
    )
    .join('\n\n');
};

/** The lines that another table does not have, below what they belong to. */
export const differing = (text: string, other: string): string => {
  const known = new Set(other.split('\n'));
  let heading = '';
  const lines = text.split('\n').flatMap((line) => {
    if (!line.startsWith(' ')) heading = line;
    if (known.has(line)) return [];
    const above = line === heading || heading === '' ? [] : [heading];
    heading = '';
    return [...above, line];
  });
  return `${lines.join('\n')}\n`;
};
