// Laws of the search on scenarios by chance: reduction, symmetry and memory of steps change what it costs, never what it says.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boot } from '../../src/engine/boot.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { follow } from '../../src/explore/counterexample.ts';
import { interchangeable } from '../../src/explore/interchange.ts';
import { Labels } from '../../src/explore/observer.ts';
import { type Renaming, renamed } from '../../src/explore/renaming.ts';
import { engineFor } from '../support/runs.ts';
import { finalsOf, type Options, searchOf } from '../support/searching.ts';
import { line, refer } from './reference.ts';
import { type Small, small, twins, words } from './smallScenarios.ts';

/** ATTACHLAB_LAWS=1000 makes as many scenarios; 24 by default, for time. */
const runs = Number(process.env['ATTACHLAB_LAWS'] ?? 24);
const patience = { timeout: 60_000 + runs * 2000 };
/** Larger ones are left out: in them the plain search takes too long. */
const MOST = 40_000;
const MOST_REFERRED = 900;

const engines = new Map<string, Engine>();
const engineOf = ({ caller, kernel }: Small): Engine => {
  const key = `${caller} ${kernel}`;
  const engine = engines.get(key) ?? engineFor({ caller, kernel });
  engines.set(key, engine);
  return engine;
};

interface Told {
  readonly isComplete: boolean;
  readonly states: number;
  readonly labels: readonly string[];
  readonly finals: readonly string[];
}

const tellUpTo = (given: Small, most: number, more: Options): Told => {
  const { seen, finals } = finalsOf(engineOf(given), given.scenario, { faults: given.faults, most, ...more });
  return { isComplete: seen.isComplete, states: seen.states, labels: seen.labels, finals: [...finals].sort() };
};

/** Violated, or met. */
const isOfClaim = (label: string): boolean => /^(always|at-end|sometimes) /.test(label);

const plain = { reduce: false, symmetry: false };

const renamedLine = (text: string, renaming: Renaming): string => {
  const [name = '', ...rest] = text.split('=');
  return line(String(renamed(name, renaming)), renamed(JSON.parse(rest.join('=')), renaming));
};

const renamedLabel = (label: string, renaming: Renaming): string => {
  const [kind, ...rest] = String(renamed(label, renaming)).split(':');
  return kind === 'deadlock' ? `deadlock:${rest.join(':').split(',').sort().join(',')}` : [kind, ...rest].join(':');
};

/** One for all that a renaming makes of it. */
const representatives = (texts: readonly string[], renamings: readonly Renaming[], by: (text: string, renaming: Renaming) => string) =>
  [...new Set(texts.map((text) => [text, ...renamings.map((renaming) => by(text, renaming))].sort()[0]!))].sort();

const upToRenaming = ({ labels, finals }: Told, renamings: readonly Renaming[]) => ({
  labels: representatives(labels, renamings, renamedLabel),
  finals: representatives(finals, renamings, (text, renaming) =>
    text
      .split('\n')
      .map((one) => renamedLine(one, renaming))
      .sort()
      .join('\n'),
  ),
});

const law = (scenarios: fc.Arbitrary<Small>, seed: number, check: (given: Small) => void, numRuns = runs): void =>
  fc.assert(fc.property(scenarios, check), { seed, numRuns, endOnFailure: numRuns > 100 });

describe('on scenarios by chance', () => {
  it(`reduction and symmetry change neither what is found nor where it ends (seed 3)`, patience, () => {
    const kinds = { symmetric: 0, smaller: 0, labelled: 0, largest: 0 };
    law(small, 3, (given) => {
      const whole = tellUpTo(given, MOST, plain);
      fc.pre(whole.isComplete);
      const reduced = tellUpTo(given, MOST, { reduce: true, symmetry: false });
      expect({ ...reduced, states: 0 }, words(given)).toEqual({ ...whole, states: 0 });
      expect(reduced.states).toBeLessThanOrEqual(whole.states);
      if (reduced.states < whole.states) kinds.smaller += 1;
      if (whole.labels.length > 0) kinds.labelled += 1;
      kinds.largest = Math.max(kinds.largest, whole.states);
      const renamings = interchangeable(given.scenario, boot(engineOf(given), given.scenario));
      if (renamings.length === 0) return;
      kinds.symmetric += 1;
      for (const reduce of [false, true]) {
        const symmetric = tellUpTo(given, MOST, { reduce, symmetry: true });
        expect(symmetric.isComplete).toBe(true);
        expect(upToRenaming(symmetric, renamings), words(given)).toEqual(upToRenaming(whole, renamings));
      }
    });
    expect(kinds.symmetric).toBeGreaterThan(0);
    expect(kinds.smaller).toBeGreaterThan(0);
    expect(kinds.labelled).toBeGreaterThan(0);
  });

  it('symmetry decides every claim as a search of all states does, by runs that show it (seed 5)', patience, () => {
    const kinds = { exchanges: 0, decided: 0 };
    law(twins, 5, (given) => {
      const { scenario, faults } = given;
      const control = { goesOn: (states: number) => states < MOST };
      const whole = searchOf(engineOf(given), scenario, { faults, control, symmetry: false });
      fc.pre(whole.isComplete);
      for (const reduce of [false, true]) {
        const labels = new Labels();
        const seen = searchOf(engineOf(given), scenario, { faults, labels, reduce });
        kinds.exchanges = Math.max(kinds.exchanges, seen.exchanges.length);
        const decided = seen.labels.filter(isOfClaim);
        expect(decided, words(given)).toEqual(whole.labels.filter(isOfClaim));
        kinds.decided += decided.length;
        for (const [label, path] of labels.named(seen.paths)) {
          if (label.kind !== 'claim') continue;
          const { judgement } = follow({ ...given, decisions: [] }, seen.tasks, path);
          expect(judgement.claims[label.claim]!.outcome, words(given)).toBe(label.outcome === 'met' ? 'held' : 'violated');
        }
      }
    });
    expect(kinds.exchanges).toBe(5);
    expect(kinds.decided).toBeGreaterThan(0);
  });

  it('says what a search on plain worlds says, which remembers no step and drops no register (seed 4)', patience, () => {
    law(
      small,
      4,
      (given) => {
        const whole = tellUpTo(given, MOST_REFERRED, plain);
        fc.pre(whole.isComplete);
        const reference = refer(engineOf(given), given.scenario, given.faults);
        expect(
          whole.labels.filter((label) => !isOfClaim(label)),
          words(given),
        ).toEqual(reference.labels);
        expect(whole.finals, words(given)).toEqual([...reference.finals].sort());
        expect(whole.states).toBeLessThanOrEqual(reference.states);
      },
      Math.ceil(runs / 2),
    );
  });
});
