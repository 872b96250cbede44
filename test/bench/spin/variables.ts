// Variables of a Promela model with the values that each may take, and one transition worked out over them: every question about a
// variable splits the states that a place may be in into those that answer alike, every assignment maps them.
import { canonical } from '../../../src/core/canonical.ts';

/** Value of a field of a part that is not there. */
export const absent = undefined;

/** A value that no run can come to, as far as the translation knows; the model asserts that none does. */
export class Impossible extends Error {}

/** A way that is none: it would spend a fault that is not there, or take a lock that is held. */
export class NoWay extends Error {}

const textOf = (value: unknown): string => (value === undefined ? '' : canonical(value));

/** `shared`: other tasks may change it between two steps of one. `noted`: only the translation looks at it. */
type Kind = 'own' | 'shared' | 'noted';

/** Instances, their pools and what the whole machine has; the rest belongs to the task whose container or group it is of. */
const kindOf = (name: string): Kind =>
  name === 'spent' ? 'noted' : /^(iommus|system|budget|locks\/vfio\.iommu_drivers_lock)/.test(name) ? 'shared' : 'own';

/** Values are numbered as they are found; the first one is the initial one. */
export class Variable {
  readonly name: string;
  readonly index: number;
  readonly kind: Kind;
  readonly values: unknown[] = [];
  readonly #codes = new Map<string, number>();

  constructor(name: string, index: number) {
    this.name = name;
    this.index = index;
    this.kind = kindOf(name);
  }

  code(value: unknown): number {
    const text = textOf(value);
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    this.#codes.set(text, this.values.length);
    return this.values.push(value) - 1;
  }
}

export class Variables {
  readonly all = new Map<string, Variable>();
  readonly list: Variable[] = [];

  /** A variable that nothing set is absent at the start. */
  of(name: string, initial: unknown = absent): Variable {
    const known = this.all.get(name);
    if (known) return known;
    const made = new Variable(name, this.list.length);
    made.code(initial);
    this.all.set(name, made);
    this.list.push(made);
    return made;
  }

  below(prefix: string): Variable[] {
    return this.list.filter(({ name }) => name.startsWith(prefix));
  }

  /** How many values shared variables have: whoever asked about them may ask anew when it grows. */
  get shared(): number {
    return this.list.reduce((sum, { kind, values }) => (kind === 'shared' ? sum + values.length : sum), 0);
  }
}

/** Codes of a task's own variables, by index; 0 where nothing is said. */
export type State = readonly number[];

/** The values for which a way holds, and those for which another does. */
export interface Guard {
  readonly held: readonly number[];
  readonly others: readonly number[];
}

/** What holds before a transition, what each variable becomes by its code before, and the states in which it holds. */
export interface Way {
  readonly guards: ReadonlyMap<Variable, Guard>;
  readonly writes: ReadonlyMap<Variable, ReadonlyMap<number, number>>;
  readonly states: readonly State[];
}

/** The state behind a way. */
export const after = ({ writes }: Way, state: State): State => {
  const next = [...state];
  for (const [{ index, kind }, write] of writes) {
    if (kind === 'shared') continue;
    while (next.length <= index) next.push(0);
    next[index] = write.get(next[index]!)!;
  }
  while (next.at(-1) === 0) next.pop();
  return next;
};

interface Class<Answer> {
  readonly answer: Answer;
  readonly codes: number[];
}

type Choices = { at: number; readonly size: number }[];

/** One way of a transition being worked out. `choices` holds the answer taken at each split so far; later splits take the first. */
export class Transition {
  readonly #variables: Variables;
  #states: readonly State[];
  readonly #choices: Choices;
  #turn = 0;
  readonly #guards = new Map<Variable, Guard>();
  readonly #writes = new Map<Variable, Map<number, number>>();

  constructor(variables: Variables, states: readonly State[], choices: Choices) {
    this.#variables = variables;
    this.#states = states;
    this.#choices = choices;
  }

  get way(): Way {
    return { guards: this.#guards, writes: this.#writes, states: this.#states };
  }

  /** How many may fail in all. */
  get faults(): number {
    return Number(this.#variables.of('budget').values[0]);
  }

  /** One of `size` answers; each is one way. */
  split(size: number): number {
    if (size === 1) return 0;
    if (this.#turn === this.#choices.length) this.#choices.push({ at: 0, size });
    return this.#choices[this.#turn++]!.at;
  }

  #held(variable: Variable): readonly number[] {
    if (variable.kind === 'shared') return this.#guards.get(variable)?.held ?? variable.values.map((_, code) => code);
    return [...new Set(this.#states.map((state) => state[variable.index] ?? 0))];
  }

  #now(variable: Variable, code: number): unknown {
    return variable.values[this.#writes.get(variable)?.get(code) ?? code];
  }

  #classes<Answer>(variable: Variable, answer: (value: unknown) => Answer): Class<Answer>[] {
    const classes = new Map<string, Class<Answer>>();
    for (const code of this.#held(variable)) {
      const found = answer(this.#now(variable, code));
      const key = textOf(found);
      const known = classes.get(key);
      if (known) known.codes.push(code);
      else classes.set(key, { answer: found, codes: [code] });
    }
    return [...classes.values()];
  }

  ask<Answer>(name: string, answer: (value: unknown) => Answer): Answer {
    const variable = this.#variables.of(name);
    const classes = this.#classes(variable, answer);
    const chosen = classes[this.split(classes.length)]!;
    if (classes.length > 1)
      this.#keep(
        variable,
        chosen.codes,
        classes.flatMap((other) => (other === chosen ? [] : other.codes)),
      );
    return chosen.answer;
  }

  #keep(variable: Variable, held: readonly number[], others: readonly number[]): void {
    this.#guards.set(variable, { held, others: [...(this.#guards.get(variable)?.others ?? []), ...others] });
    const codes = new Set(held);
    if (variable.kind !== 'shared') this.#states = this.#states.filter((state) => codes.has(state[variable.index] ?? 0));
  }

  read(name: string): unknown {
    return this.ask(name, (value) => value);
  }

  set(name: string, value: unknown): void {
    this.change(name, () => value);
  }

  /** An impossible result is a way of its own, which ends there. */
  change(name: string, next: (value: unknown) => unknown): void {
    if (!this.ask(name, (value) => isPossible(() => next(value)))) throw new Impossible(name);
    const variable = this.#variables.of(name);
    const writes = new Map<number, number>();
    for (const code of this.#held(variable)) writes.set(code, variable.code(next(this.#now(variable, code))));
    this.#writes.set(variable, writes);
  }

  /** Clears every variable of a part. */
  clear(prefix: string): void {
    for (const { name } of this.#variables.below(prefix)) this.set(name, absent);
  }
}

const isPossible = (work: () => unknown): boolean => {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof Impossible) return false;
    throw error;
  }
};

export interface Found<Result> {
  readonly way: Way;
  /** Or why no run comes to it: the model asserts that. */
  readonly result: Result | Error;
}

const attempted = <Result>(work: () => Result): Result | Error => {
  try {
    return work();
  } catch (error) {
    return error as Error;
  }
};

/** Works out every way of one transition from a place that may be in these states: `perform` is called once for each. */
export const everyWay = <Result>(
  variables: Variables,
  states: readonly State[],
  perform: (transition: Transition) => Result,
): Found<Result>[] => {
  const choices: Choices = [];
  const found: Found<Result>[] = [];
  do {
    const transition = new Transition(variables, states, choices);
    const result = attempted(() => perform(transition));
    if (!(result instanceof NoWay)) found.push({ way: transition.way, result });
  } while (turned(choices));
  return found;
};

const turned = (choices: Choices): boolean => {
  while (choices.length > 0 && choices.at(-1)!.at + 1 === choices.at(-1)!.size) choices.pop();
  const last = choices.at(-1);
  if (last) last.at += 1;
  return last !== undefined;
};
