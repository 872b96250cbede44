// Searching from TypeScript, through the public API alone: a scenario made with the builder, its counterexample run again, its token.
import { beforeAll, describe, expect, it } from 'vitest';
import {
  audit,
  type Bounds,
  type Exploration,
  engineFor,
  explore,
  exploreMatrix,
  loadTopology,
  numberingOf,
  perform,
  printToken,
  probeOf,
  readToken,
  recipeOfToken,
  type Scenario,
  scenario,
  suiteTests,
} from '../../src/index.ts';

const patience = 60_000;
const bounds: Bounds = { faults: 1, apiFaults: 0, kills: 0, unplugs: 0, plausible: false, preemptions: null };
const part = { kernel: '6.12.y', caller: 'vfio-type1' };

const built = (name = 'built'): Scenario =>
  scenario(name)
    .topology(loadTopology('scenarios/topologies/q35-intel.yaml'))
    .kernel(part.kernel)
    .caller(part.caller)
    .task('t0', (task) => task.attach(5).map('64K').attach(11))
    .expect({ ...part, domains: 1 })
    .build();

describe('a built scenario, searched', () => {
  const whole = built();
  let found: Exploration;
  beforeAll(() => {
    found = explore(whole, part, { bounds });
  }, patience);

  it('is violated by one failure: a duplicate domain, without the mapping', () => {
    const { verdict, counterexamples } = found;
    expect([verdict.outcome, verdict.because]).toEqual(['violated', []]);
    expect(counterexamples.map(({ label, isProven }) => [label.id, isProven])).toEqual([['duplicate-domain:c0/c0.d1', true]]);
    const [{ judgement, schedule }] = counterexamples as [(typeof counterexamples)[number]];
    const { tasks } = judgement.recipe.scenario;
    expect(tasks.map(({ requests }) => requests.map(({ verb, target }) => `${verb} ${target}`))).toEqual([['attach 5', 'attach 11']]);
    expect(schedule).toMatchObject([{ kind: 'fails', task: 't0', request: 1 }]);
  });

  it('gives a run that perform() makes again, event by event', () => {
    const { judgement } = found.counterexamples[0]!;
    const again = perform({ ...judgement.recipe, decisions: judgement.run.decisions });
    expect(again.events).toEqual(judgement.events);
  });

  it('gives a token that says the same run', () => {
    const { token, judgement, schedule } = found.counterexamples[0]!;
    expect(token.length).toBeLessThan(60);
    const read = readToken(token);
    const recipe = recipeOfToken(read, whole);
    const { events } = perform(recipe);
    const results = (list: typeof events) => list.filter(({ type }) => type !== 'RunStarted');
    expect(results(events)).toEqual(results(judgement.events));
    expect(audit(events, probeOf(engineFor(recipe))).map(({ id }) => id)).toContain('duplicate-domain:c0/c0.d1');
    const { edits, schedule: named } = read.within(numberingOf(whole));
    expect(named).toEqual(schedule);
    expect(printToken({ ...read, edits, schedule: named }, numberingOf(whole))).toBe(token);
  });

  it('has a token that is refused for another scenario, and cut short', () => {
    const { token } = found.counterexamples[0]!;
    expect(() => recipeOfToken(readToken(token), built('other'))).toThrow('the token is for another scenario');
    expect(() => readToken(token.slice(0, -1))).toThrow('cut short or changed');
  });
});

describe('many runs at once', () => {
  it('are a matrix of searches', { timeout: patience }, () => {
    const cells = exploreMatrix(built(), { bounds, kernels: ['6.12.y'], callers: ['vfio-type1', 'iommufd-auto'] });
    expect(cells.map(({ caller, outcome, rules }) => [caller, outcome, rules.map(({ rule }) => rule)])).toEqual([
      ['vfio-type1', 'violated', ['duplicate-domain']],
      ['iommufd-auto', 'holds', []],
    ]);
  });

  it('are a suite', () => {
    expect(suiteTests(built(), { kernels: ['6.12.y'], callers: ['vfio-type1'] })).toEqual([{ ...part, outcome: 'ok', reasons: [] }]);
  });
});
