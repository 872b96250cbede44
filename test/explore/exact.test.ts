// Counts of states and transitions that follow from the models by arithmetic: the grid of two scripts, locks cut out of it, symmetry
// folding it, a failure at each allocation.
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/events.ts';
import type { Scenario } from '../../src/core/scenario.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { type RunOptions, runScenario } from '../../src/engine/run.ts';
import { parseComparison } from '../../src/scenario/claims.ts';
import { engineFor, task } from '../support/runs.ts';
import { cutTo, on, searchOf, type1 } from '../support/searching.ts';

const plain = { reduce: false, symmetry: false };
const engine = type1();
const twoUnits = cutTo('intel-two-units', '1', '2');
const oneUnit = cutTo('virt-smmuv3x3', '7', '8');
const viommu = cutTo('q35-virtio', '1', '2');

/** Locks that are held after each step of a run in which one task is alone; the first: before any. */
const heldAfterEachStep = (of: Engine, given: Scenario): ReadonlySet<string>[] => {
  const held: ReadonlySet<string>[] = [];
  const now = new Set<string>();
  const listen = (event: Event): void => {
    if (event.type === 'LockTaken') now.add(event.lock);
    if (event.type === 'LockReleased') now.delete(event.lock);
  };
  const pause = (): boolean => held.push(new Set(now)) > 0;
  runScenario(of, given, { listen, pause });
  return [...held, new Set(now)];
};

interface Grid {
  readonly states: number;
  readonly transitions: number;
  /** States in which both have come equally far. */
  readonly diagonal: number;
}

/** Pairs of positions in which no lock is held by both, as far as steps from the first pair lead to them. */
const gridOf = (one: readonly ReadonlySet<string>[], other: readonly ReadonlySet<string>[]): Grid => {
  const isThere = (row: number, column: number): boolean =>
    row < one.length && column < other.length && ![...one[row]!].some((lock) => other[column]!.has(lock));
  const reached = one.map(() => other.map(() => false));
  let [states, transitions, diagonal] = [0, 0, 0];
  reached[0]![0] = true;
  for (const [at, row] of reached.entries())
    for (const [column, isReached] of row.entries()) {
      if (!isReached) continue;
      states += 1;
      if (at === column) diagonal += 1;
      for (const [down, right] of [
        [at + 1, column],
        [at, column + 1],
      ] as const) {
        if (!isThere(down, right)) continue;
        transitions += 1;
        reached[down]![right] = true;
      }
    }
  return { states, transitions, diagonal };
};

const counted = ({ states, transitions, ends, isComplete }: ReturnType<typeof searchOf>) => ({ states, transitions, ends, isComplete });

describe('one task', () => {
  const rows: readonly (readonly [string, Parameters<typeof cutTo>, string, number])[] = [
    ['attach on Intel', ['intel-two-units', '1', '2'], 'attach 1', 179],
    ['attach and detach on Intel', ['intel-two-units', '1', '2'], 'attach 1; detach 1', 289],
    ['attach on SMMUv3', ['virt-smmuv3x3', '7', '8'], 'attach 7', 141],
    ['attach on virtio', ['q35-virtio', '1', '2'], 'attach 1', 165],
  ];
  it.each(rows)('%s: a state more than it has steps', (_, machine, script, steps) => {
    const given = on(cutTo(...machine), [task('t0', script)]);
    expect(heldAfterEachStep(engine, given)).toHaveLength(steps + 1);
    for (const more of [plain, {}])
      expect(searchOf(engine, given, more)).toMatchObject({
        states: steps + 1,
        transitions: steps,
        depth: steps + 1,
        ends: 1,
        isComplete: true,
      });
  });

  it.each([
    ['Intel', twoUnits, 'attach 1', 18, 13, 6],
    ['SMMUv3', oneUnit, 'attach 7; attach 8', 29, 24, 6],
    ['virtio', viommu, 'attach 1', 16, 11, 6],
  ])('with one failure on %s: each allocation begins a path that ends, or meets another one', (_, machine, script, sites, meets, ends) => {
    const given = on(machine, [task('t0', script)]);
    let asked = 0;
    const ask: RunOptions['ask'] = ({ kind }) => {
      if (kind === 'allocation') asked += 1;
      return undefined;
    };
    runScenario(engine, given, { ask });
    expect(asked).toBe(sites);
    const seen = searchOf(engine, given, { faults: 1 });
    expect([seen.transitions - (seen.states - 1), seen.ends]).toEqual([meets, ends]);
    expect(1 + sites).toBe(ends + meets);
  });
});

describe('two tasks', () => {
  it('share nothing: every pair of positions, and with reduction one after the other', () => {
    // Containers without a group: what is mapped is refused by each for itself.
    const [first, second] = [task('t0', 'map 4K; unmap 4K'), task('t1', 'map 4K; map 64K; close', 'c1')];
    const [n, m] = [first, second].map((one) => searchOf(engine, on(twoUnits, [one]), plain).transitions) as [number, number];
    const given = on(twoUnits, [first, second]);
    expect([n, m]).toEqual([4, 7]);
    expect(counted(searchOf(engine, given, plain))).toEqual({
      states: (n + 1) * (m + 1),
      transitions: n * (m + 1) + m * (n + 1),
      ends: 1,
      isComplete: true,
    });
    expect(counted(searchOf(engine, given))).toEqual({ states: n + m + 1, transitions: n + m, ends: 1, isComplete: true });
  });

  it.each([
    ['vfio-type1', twoUnits, 'attach 1', 'attach 2'],
    ['vfio-type1', twoUnits, 'attach 1; detach 1', 'attach 2; map 4K'],
    ['iommufd-auto', twoUnits, 'attach 1', 'attach 2'],
    ['vfio-type1-seed', twoUnits, 'attach 1', 'attach 2'],
  ])('%s, on instances of their own: every pair of positions that no lock forbids', (caller, machine, one, other) => {
    const of = engineFor({ caller, kernel: '6.12.y' });
    const [first, second] = [task('t0', one), task('t1', other, 'c1')];
    const { states, transitions } = gridOf(heldAfterEachStep(of, on(machine, [first])), heldAfterEachStep(of, on(machine, [second])));
    const seen = searchOf(of, on(machine, [first, second]), plain);
    expect(counted(seen)).toEqual({ states, transitions, ends: 1, isComplete: true });
  });

  it.each([
    ['nothing is claimed', []],
    ['the same is claimed of each container', ['domains(c0) <= 1', 'domains(c1) <= 1']],
  ])('that are interchangeable: half of the pairs, and those in which both came equally far, where %s', (_, claimed) => {
    const claims = claimed.map((text) => parseComparison('always', text));
    const given = on(oneUnit, [task('t0', 'attach 7'), task('t1', 'attach 8', 'c1')], { claims });
    const one = heldAfterEachStep(engine, on(oneUnit, [given.tasks[0]!]));
    const other = heldAfterEachStep(engine, on(oneUnit, [given.tasks[1]!]));
    const { states, diagonal } = gridOf(one, other);
    expect(searchOf(engine, given, plain).states).toBe(states);
    const seen = searchOf(engine, given, { reduce: false, symmetry: true });
    expect(seen.exchanges).toEqual(['t0 and t1, c0 and c1, 7 and 8, 0000:01:00.0 and 0000:02:00.0']);
    expect(seen.states).toBe((states + diagonal) / 2);
  });
});
