// Whether anything notices a mutant of a workflow machine: each trial is made with the model as it is and with the mutant in it, and what
// the two say is compared. A trial that never comes where the mutant differs is not made again.
import { type Engine, engineOf } from '../../src/engine/engine.ts';
import { type ClosedMachine, close } from '../../src/engine/machines.ts';
import { basisOf, buildModel, operationTable } from '../../src/kernels/build.ts';
import type { Model } from '../../src/kernels/model.ts';
import type { MachineMutant } from './machineMutants.ts';

/** What a run or search says; a search that was cut short did not say all. */
export interface Verdict {
  readonly isComplete: boolean;
  readonly labels: readonly string[];
}

/** A run or search that says something about a machine. */
export interface Trial {
  /** A failure is a run in which one allocation fails; a race is a search of several tasks. */
  readonly kind: 'file' | 'run' | 'failure' | 'race';
  readonly name: string;
  readonly kernel: string;
  readonly caller: string;
  readonly verdict: (engine: Engine) => Verdict;
}

/** The hash that a run names costs more than the run, and nothing that is compared has it. */
const withoutHash = (model: Model): Model => {
  const withCaller = (name: string): Model => withoutHash(model.withCaller(name));
  return Object.create(model, { hash: { value: '' }, withCaller: { value: withCaller } }) as Model;
};

const engineWith = ({ kernel, caller }: Trial, machines: ReadonlyMap<unknown, unknown>): Engine =>
  engineOf(withoutHash(buildModel({ kernel: { ...basisOf(kernel), machines }, caller })), operationTable);

/** Where a run came: states, and outcomes that were looked up in them, by machine. */
type Visited = Map<unknown, Map<string, Set<string>>>;

const noted = (visited: Visited, source: unknown, machine: ClosedMachine): ClosedMachine => {
  const states = visited.get(source) ?? new Map<string, Set<string>>();
  visited.set(source, states);
  const next = (state: string, outcome: string): string | null => {
    states.set(state, (states.get(state) ?? new Set()).add(outcome));
    return machine.next(state, outcome);
  };
  return { ...machine, next };
};

/** The engine, noting what is asked of its machines. */
const watched = (engine: Engine, visited: Visited): Engine => ({
  ...engine,
  machine: (workflow) => {
    const machine = engine.machine(workflow);
    return machine && noted(visited, engine.model.workflows.get(workflow), machine);
  },
  forCaller: (name) => watched(name === engine.model.caller.name ? engine : engine.forCaller(name), visited),
});

interface Known {
  readonly trial: Trial;
  readonly verdict: Verdict;
  readonly visited: Visited;
  /** How much it does: what is quick is tried first, by no clock. */
  readonly size: number;
}

const sizeOf = (visited: Visited, { labels }: Verdict): number =>
  labels.length + [...visited.values()].flatMap((way) => [...way.values()]).reduce((sum, outcomes) => sum + outcomes.size, 0);

const known = (trial: Trial): Known => {
  const visited: Visited = new Map();
  const verdict = trial.verdict(watched(engineWith(trial, new Map()), visited));
  return { trial, verdict, visited, size: sizeOf(visited, verdict) };
};

/** What a verdict says that the other does not; null: nothing. What was cut short may lack something. */
const said = (base: Verdict, other: Verdict): string | null => {
  const had = new Set(base.labels);
  const more = other.labels.find((label) => !had.has(label));
  if (more !== undefined) return more;
  const has = new Set(other.labels);
  const less = other.isComplete ? base.labels.find((label) => !has.has(label)) : undefined;
  return less === undefined ? null : `not: ${less}`;
};

/** What throws is noticed too: the model is wrong and says so. */
const noticedIn = ({ trial, verdict }: Known, machines: ReadonlyMap<unknown, unknown>): string | null => {
  try {
    return said(verdict, trial.verdict(engineWith(trial, machines)));
  } catch (error) {
    return (error as Error).message.split('\n')[0]!;
  }
};

const opIn = (machine: ClosedMachine, state: string): string => JSON.stringify(machine.states.get(state)?.facts.op);

type Way = ReadonlyMap<string, ReadonlySet<string>>;

/** Whether a way through the machine is another in the mutant. */
const differing = ({ machine, mutated }: MachineMutant): ((way: Way) => boolean) => {
  const [base, other] = [close(machine), close(mutated)];
  const isOther = ([state, outcomes]: [string, ReadonlySet<string>]): boolean =>
    opIn(base, state) !== opIn(other, state) || [...outcomes].some((outcome) => base.next(state, outcome) !== other.next(state, outcome));
  return (way) => [...way].some(isOther);
};

/** So many trials of a caller that go the same ways through a machine are enough; the smallest. */
const enough = 3;

const textOf = (way: Way): string =>
  [...way]
    .flatMap(([state, outcomes]) => [...outcomes].map((outcome) => `${state} ${outcome}`))
    .toSorted()
    .join();

export interface Noticed {
  readonly kind: Trial['kind'];
  /** Name, caller and kernel of the trial. */
  readonly by: string;
  /** What it says instead. */
  readonly says: string;
}

const kinds: readonly Trial['kind'][] = ['file', 'run', 'failure', 'race'];

export class MachineJudge {
  readonly #known: readonly Known[];

  constructor(trials: readonly Trial[]) {
    const order = (a: Known, b: Known): number => kinds.indexOf(a.trial.kind) - kinds.indexOf(b.trial.kind) || a.size - b.size;
    this.#known = trials.map(known).toSorted(order);
  }

  /** Trials that come where the mutant differs. */
  reaching(mutant: MachineMutant): readonly Known[] {
    const differs = differing(mutant);
    const times = new Map<string, number>();
    return this.#known.filter(({ trial, visited }) => {
      const way = visited.get(mutant.machine);
      if (!way || !differs(way)) return false;
      const key = `${trial.kind} ${trial.caller} ${textOf(way)}`;
      times.set(key, (times.get(key) ?? 0) + 1);
      return times.get(key)! <= enough;
    });
  }

  /** The first trial that notices the mutant, scenario files first. */
  notice(mutant: MachineMutant, reaching: readonly Known[] = this.reaching(mutant)): Noticed | null {
    const machines = new Map([[mutant.machine, mutant.mutated]]);
    for (const one of reaching) {
      const says = noticedIn(one, machines);
      const { kind, name, kernel, caller } = one.trial;
      if (says !== null) return { kind, by: `${name} under ${caller} on ${kernel}`, says };
    }
    return null;
  }
}
