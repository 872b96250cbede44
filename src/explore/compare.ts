// Who breaks under another kernel, caller or rule: every scenario, and a case for every row that an attach can meet, under two sides.
import type { ComparedSide, Comparison, Difference, RowCoverage, Situation } from '../core/comparison.ts';
import { differenceKinds } from '../core/comparison.ts';
import { classes } from '../core/rows.ts';
import type { Scenario } from '../core/scenario.ts';
import { byName, engineFor, type Recipe, type Resolve } from '../engine/recipe.ts';
import { type Bare, differencesBetween } from './differences.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { type Benches, casesOf, inability, type Placements, placementsOf, reasonFor } from './placements.ts';
import { openRowBench, type RowBench } from './rowBench.ts';
import { firstAttach } from './rowMachine.ts';

/** A kernel or overlay, a caller, a contract, a continue rule. */
export type Side = Pick<Recipe, 'kernel' | 'caller' | 'contract' | 'continueOn'>;

/** Both outcomes, or in words why there is one or none. */
const outcomesOf = ([one, other]: Benches, scenario: Scenario): readonly [Outcome, Outcome] | string => {
  const from = outcomeOf(one.engine, scenario);
  if (typeof from === 'string') return from;
  const to = outcomeOf(other.engine, scenario);
  return typeof to === 'string' ? to : [from, to];
};

const situations: readonly Situation[] = ['fresh', 'existing'];

/** The first group of a case always attaches to a fresh domain. */
const situationOf = ({ subject }: Bare, situation: Situation): Situation => (subject === firstAttach ? 'fresh' : situation);

interface RowResult {
  readonly coverage: Omit<RowCoverage, 'scenarios'>;
  readonly differences: readonly Difference[];
}

const compareRow = (benches: Benches, placements: Placements): RowResult => {
  const { owner, row } = placements[0].placed;
  const differences: Difference[] = [];
  const compared = new Set<Situation>();
  let reason: string | null = null;
  for (const situation of situations)
    for (const { scenario } of casesOf(placements, situation)) {
      const pair = outcomesOf(benches, scenario);
      if (typeof pair === 'string') {
        reason = pair;
        continue;
      }
      compared.add(situation);
      const about = (difference: Bare) => ({ owner, row: row.id, class: row.class, situation: situationOf(difference, situation) });
      differences.push(...differencesBetween(...pair).map((difference) => ({ row: about(difference), scenario: null, ...difference })));
    }
  const why = compared.size > 0 ? null : (reason ?? reasonFor(placements));
  return { coverage: { owner, row: row.id, class: row.class, cases: [...compared], reason: why }, differences };
};

const notCompared = ([{ placed }]: Placements, reason: string): RowResult => ({
  coverage: { owner: placed.owner, row: placed.row.id, class: placed.row.class, cases: [], reason },
  differences: [],
});

interface ScenarioResult {
  readonly name: string;
  readonly reason: string | null;
  readonly differences: readonly Difference[];
  readonly refused: ReadonlySet<string>;
}

/** A search takes a group alone; what names its page table is for callers that do. */
const isPlain = ({ tasks }: Scenario): boolean =>
  tasks.some(
    ({ caller, requests }) => caller === null && requests.some(({ verb, pageTable }) => verb === 'attach' && pageTable === undefined),
  );

const compareScenario = (benches: Benches, scenario: Scenario, unable: string | null): ScenarioResult => {
  const { name } = scenario;
  const pair = unable !== null && isPlain(scenario) ? unable : outcomesOf(benches, scenario);
  if (typeof pair === 'string') return { name, reason: pair, differences: [], refused: new Set() };
  const differences = differencesBetween(...pair).map((difference) => ({ row: null, scenario: name, ...difference }));
  return { name, reason: null, differences, refused: new Set(pair.flatMap(({ refused }) => [...refused])) };
};

const rank = ({ kind, row, scenario, subject, from, to }: Difference): string => {
  const place = row === null ? `z ${scenario}` : `a ${row.situation} ${classes.indexOf(row.class)} ${row.owner} ${row.row}`;
  // Neither depends on which side comes first.
  return `${differenceKinds.indexOf(kind)} ${place} ${subject} ${[from, to].sort().join(' ')}`;
};

/** One line for what several cases of a row show alike. */
const inOrder = (differences: readonly Difference[]): Difference[] => {
  const distinct = new Map(differences.map((difference) => [JSON.stringify(difference), difference]));
  return [...distinct.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
};

const sideOf = ({ engine: { model } }: RowBench): ComparedSide => ({
  kernel: model.kernel,
  caller: model.caller.name,
  contract: model.contract?.name ?? null,
  title: model.profile.title,
  continueOn: model.scan,
  hypothetical: model.hypothetical,
});

/** Runs everything under both sides and keeps what differs; the sides swapped give the same, the other way round. */
export const compare = (from: Side, to: Side, scenarios: readonly Scenario[], resolve: Resolve = byName): Comparison => {
  const benches: Benches = [openRowBench(engineFor(from, resolve)), openRowBench(engineFor(to, resolve))];
  const unable = inability(benches[0]) ?? inability(benches[1]);
  const ran = scenarios.map((scenario) => compareScenario(benches, scenario, unable));
  const rows = placementsOf(benches).map((placed) => (unable === null ? compareRow(benches, placed) : notCompared(placed, unable)));
  return {
    from: sideOf(benches[0]),
    to: sideOf(benches[1]),
    differences: inOrder([...rows, ...ran].flatMap(({ differences }) => differences)),
    rows: rows.map(({ coverage }) => {
      const met = ran.filter(({ refused }) => refused.has(coverage.row)).map(({ name }) => name);
      return { ...coverage, scenarios: met };
    }),
    scenarios: ran.flatMap(({ name, reason }) => (reason === null ? [name] : [])),
    uncompared: ran.flatMap(({ name, reason }) => (reason === null ? [] : [{ scenario: name, reason }])),
  };
};
