// One scenario searched in one state to begin in: learns what its steps touch, then searches until a whole pass rested on nothing that
// turned out otherwise.
import type { AnyDetector } from '../core/finding.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Engine } from '../engine/engine.ts';
import { isConfirmed } from './confirmed.ts';
import type { FaultBounds } from './evaluate.ts';
import { learnBySearch, learnFirst } from './learn.ts';
import type { Uses } from './liveness.ts';
import { Model } from './model.ts';
import type { Labels } from './observer.ts';
import type { PassRecord } from './passRecord.ts';
import { Searcher } from './searcher.ts';
import type { Choice, Control, Crew, Pass } from './strategy.ts';
import type { Turns } from './turns.ts';
import type { Omission } from './visited.ts';

export interface SearchOptions {
  readonly bounds: FaultBounds;
  /** What watches the runs; by default every detector but those of level cost. */
  readonly detectors?: readonly AnyDetector[];
  readonly labels: Labels;
  readonly control: Control;
  /** At most so many switches away from a task that could go on; null: any number. */
  readonly preemptions: number | null;
  readonly reduce: boolean;
  readonly symmetry: boolean;
  /** Bytes for the states seen. */
  readonly memory: number;
  readonly twice?: boolean;
  /** Id of a label with which the search is over. */
  readonly wanted?: string;
  /** Of an earlier search of the scenario, within bounds that cover these. */
  readonly model?: Model;
  /** Told of the model that was made, for another search. */
  readonly made?: (model: Model) => void;
  /** Other workers, for a search in full. */
  readonly crew?: Crew;
  /** A pass of an earlier search to go on with. */
  readonly resume?: PassRecord;
}

export interface Searched extends Pass {
  readonly tasks: readonly string[];
  readonly paths: ReadonlyMap<number, readonly Choice[]>;
  readonly omission: Omission;
  /** What is interchangeable, in words. */
  readonly exchanges: readonly string[];
  readonly evaluations: number;
  readonly uses: Uses;
  readonly rowsMet: ReadonlySet<string>;
  /** What a strategy that bounds or samples says of itself. */
  readonly chance?: string;
  /** Where the pass ended early: what is needed to go on with it. */
  readonly record?: () => PassRecord;
}

export function* search(engine: Engine, scenario: Scenario, options: SearchOptions): Turns<Searched> {
  const model = options.model ?? new Model(engine, scenario, options);
  if (options.model === undefined) options.made?.(model);
  else model.restrict(options.bounds);
  const searcher = new Searcher(model, scenario, options);
  if (model.liveness.keepsAll) yield* learnFirst(model, options.control);
  const resumed = searcher.learn(options.resume);
  const given: Searched[] = [];
  for (let round = 0; ; round++) {
    const searched = yield* searcher.pass(round === 0 ? resumed : null);
    if (!searched.isStale) return searched.isComplete ? searched : withGivenUp(searched, given, { engine, scenario, ...options });
    given.push(searched);
    // What several workers came upon depends on who was where: what one comes upon does not.
    if (searcher.isShared && searcher.hasNews) return yield* search(engine, scenario, alone(options));
    if (searcher.hasLearnedReads) yield* learnBySearch(model, round, options.control);
  }
}

type Search = Pick<SearchOptions, 'bounds' | 'labels'> & { readonly engine: Engine; readonly scenario: Scenario };

/** Where time is up after a pass began anew: the one before says better how far the search was, and what they found is found. */
const withGivenUp = (searched: Searched, given: readonly Searched[], { engine, scenario, bounds, labels }: Search): Searched => {
  const last = given.at(-1);
  if (last === undefined) return searched;
  const paths = new Map(searched.paths);
  for (const { tasks, paths: found } of given)
    for (const [label, path] of found)
      if (!paths.has(label) && isConfirmed(engine, scenario, { tasks, path, bounds, label: labels.list[label]! })) paths.set(label, path);
  const { states, transitions, ends, depth } = last.states > searched.states ? last : searched;
  return { ...searched, states, transitions, ends, depth, paths };
};

const alone = ({ crew: _crew, resume: _resume, ...options }: SearchOptions): SearchOptions => options;
