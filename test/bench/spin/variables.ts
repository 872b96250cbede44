// Variables of a Promela model with the values that each may take, and one transition worked out over them: every question about a
// variable splits its values into those that answer alike, every assignment maps them. What the values are follows from the tables.
import { canonical } from '../../../src/core/canonical.ts';

/** Value of a field of a part that is not there. */
export const absent = undefined;

/** A value that no run can come to, as far as the translation knows; the model asserts that none does. */
export class Impossible extends Error {}

const textOf = (value: unknown): string => (value === undefined ? '' : canonical(value));

/** Values are numbered as they are found. */
export class Variable {
  readonly name: string;
  readonly index: number;
  /** Other tasks may change it between two steps of one: each of its values may be found at any time. */
  readonly isShared: boolean;
  readonly values: unknown[] = [];
  readonly #codes = new Map<string, number>();

  constructor(name: string, index: number, isShared: boolean) {
    this.name = name;
    this.index = index;
    this.isShared = isShared;
  }

  code(value: unknown): number {
    const text = textOf(value);
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    this.#codes.set(text, this.values.length);
    return this.values.push(value) - 1;
  }
}

/** Instances, their pools and what the whole machine has; the rest belongs to the task whose container or group it is of. */
const shared = /^(iommus|system|budget|locks\/vfio\.iommu_drivers_lock)/;

export class Variables {
  readonly all = new Map<string, Variable>();

  /** A variable that nothing set is absent at the start; the first value is the initial one. */
  of(name: string, initial: unknown = absent): Variable {
    const known = this.all.get(name);
    if (known) return known;
    const made = new Variable(name, this.all.size, shared.test(name));
    made.code(initial);
    this.all.set(name, made);
    return made;
  }

  below(prefix: string): Variable[] {
    return [...this.all.values()].filter(({ name }) => name.startsWith(prefix));
  }
}

/** A way that is none: it would spend a fault that the budget does not have. */
export class NoWay extends Error {}

/** The values of each variable that may be found in some place, as bits by code. */
export class Values {
  readonly #bits: number[] = [];

  of({ index, isShared, values }: Variable): readonly number[] {
    const bits = isShared ? -1 : (this.#bits[index] ?? 1);
    return values.map((_, code) => code).filter((code) => ((bits >>> code) & 1) === 1);
  }

  /** Takes over what a way leaves behind; whether that is news. */
  add(before: Values, { guards, writes }: Way, variables: Iterable<Variable>): boolean {
    let isNew = false;
    for (const variable of variables) {
      if (variable.isShared) continue;
      const { index } = variable;
      const known = this.#bits[index] ?? 0;
      const write = writes.get(variable);
      const held = guards.get(variable)?.held;
      const left = held === undefined && write === undefined ? (before.#bits[index] ?? 1) : bitsOf(held ?? before.of(variable), write);
      if ((known | left) === known) continue;
      this.#bits[index] = known | left;
      isNew = true;
    }
    return isNew;
  }
}

const MOST_VALUES = 31;

const bitsOf = (codes: readonly number[], write: ReadonlyMap<number, number> | undefined): number => {
  let bits = 0;
  for (const code of codes) {
    const after = write?.get(code) ?? code;
    if (after >= MOST_VALUES) throw new Error('a variable has too many values');
    bits |= 1 << after;
  }
  return bits;
};

/** The values for which a way holds, among those that are found there. */
export interface Guard {
  readonly held: readonly number[];
  readonly among: readonly number[];
}

/** What holds before a transition, by code of each variable that it asks for, and what each variable becomes, by the same codes. */
export interface Way {
  readonly guards: ReadonlyMap<Variable, Guard>;
  readonly writes: ReadonlyMap<Variable, ReadonlyMap<number, number>>;
}

/** One way of a transition being worked out. `choices` holds the answer taken at each split so far; later splits take the first. */
export class Transition {
  readonly #variables: Variables;
  readonly #values: Values;
  readonly #choices: { at: number; readonly size: number }[];
  #turn = 0;
  readonly #guards = new Map<Variable, Guard>();
  readonly #writes = new Map<Variable, Map<number, number>>();

  constructor(variables: Variables, values: Values, choices: { at: number; readonly size: number }[]) {
    this.#variables = variables;
    this.#values = values;
    this.#choices = choices;
  }

  get way(): Way {
    return { guards: this.#guards, writes: this.#writes };
  }

  /** One of `size` answers; each is one way. */
  split(size: number): number {
    if (size === 1) return 0;
    if (this.#turn === this.#choices.length) this.#choices.push({ at: 0, size });
    return this.#choices[this.#turn++]!.at;
  }

  #guard(variable: Variable): Guard {
    const known = this.#guards.get(variable);
    if (known) return known;
    const among = this.#values.of(variable);
    const made = { held: among, among };
    this.#guards.set(variable, made);
    return made;
  }

  #now(variable: Variable, code: number): unknown {
    return variable.values[this.#writes.get(variable)?.get(code) ?? code];
  }

  ask<Answer>(name: string, answer: (value: unknown) => Answer): Answer {
    const variable = this.#variables.of(name);
    const classes = new Map<string, { answer: Answer; codes: number[] }>();
    const { held, among } = this.#guard(variable);
    for (const code of held) {
      const found = answer(this.#now(variable, code));
      const key = textOf(found);
      const known = classes.get(key);
      if (known) known.codes.push(code);
      else classes.set(key, { answer: found, codes: [code] });
    }
    const chosen = [...classes.values()][this.split(classes.size)]!;
    if (classes.size > 1) this.#guards.set(variable, { held: chosen.codes, among });
    return chosen.answer;
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
    for (const code of this.#guard(variable).held) writes.set(code, variable.code(next(this.#now(variable, code))));
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

/** Works out every way of one transition: `perform` is called once for each. */
export const everyWay = <Result>(variables: Variables, values: Values, perform: (transition: Transition) => Result): Found<Result>[] => {
  const choices: { at: number; readonly size: number }[] = [];
  const found: Found<Result>[] = [];
  do {
    const transition = new Transition(variables, values, choices);
    const result = attempted(() => perform(transition));
    if (!(result instanceof NoWay)) found.push({ way: transition.way, result });
  } while (turned(choices));
  return found;
};

const turned = (choices: { at: number; readonly size: number }[]): boolean => {
  while (choices.length > 0 && choices.at(-1)!.at + 1 === choices.at(-1)!.size) choices.pop();
  const last = choices.at(-1);
  if (last) last.at += 1;
  return last !== undefined;
};
