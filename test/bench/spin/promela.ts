// Processes as Promela text: one step of the engine is one d_step, a variable is as many bits as its values need, and one that a single
// task touches is that task's own.
import type { Asserted, Location, Processes } from './processes.ts';
import type { Guard, Variable, Way } from './variables.ts';

/** Only what changes is a variable; its values are numbered in their order, so that counting is adding. */
class Names {
  readonly #names = new Map<Variable, string>();
  readonly #codes = new Map<Variable, number[]>();

  name(variable: Variable): string {
    const known = this.#names.get(variable) ?? `${variable.name.replace(/[^A-Za-z0-9]+/g, '_')}_${this.#names.size}`;
    this.#names.set(variable, known);
    return known;
  }

  /** Numbers in the model by the order in which values were found. */
  codes(variable: Variable): readonly number[] {
    const known = this.#codes.get(variable);
    if (known) return known;
    const order = variable.values.map((value, code) => ({ code, key: sortKey(value) })).sort((a, b) => (a.key < b.key ? -1 : 1));
    const codes: number[] = [];
    order.forEach(({ code }, index) => {
      codes[code] = index;
    });
    this.#codes.set(variable, codes);
    return codes;
  }
}

const sortKey = (value: unknown): string =>
  value === undefined ? '' : JSON.stringify(value).replace(/\d+/g, (digits) => digits.padStart(20, '0'));

const bitsFor = (values: number): number => Math.ceil(Math.log2(values));

/** `v == 1`, `v != 3` or a list of either, whichever is shorter. */
const condition = (name: string, held: readonly number[], others: readonly number[]): string => {
  if (others.length < held.length) return others.map((code) => `${name} != ${code}`).join(' && ');
  const each = held.map((code) => `${name} == ${code}`).join(' || ');
  return held.length > 1 ? `(${each})` : each;
};

const assignment = (name: string, pairs: readonly (readonly [number, number])[]): string => {
  const changed = pairs.filter(([from, to]) => from !== to);
  if (changed.length === 0) return '';
  const [, target] = pairs[0]!;
  if (pairs.every(([, to]) => to === target)) return `${name} = ${target}`;
  const step = pairs[0]![1] - pairs[0]![0];
  if (pairs.every(([from, to]) => to - from === step)) return `${name} = ${name} ${step > 0 ? '+' : '-'} ${Math.abs(step)}`;
  const cases = changed.map(([from, to]) => `:: ${name} == ${from} -> ${name} = ${to}`);
  return `if ${cases.join(' ')} :: else fi`;
};

const splits = ([{ kind }, { others }]: readonly [Variable, Guard]): boolean => kind !== 'noted' && others.length > 0;

const guardText = (names: Names, { guards }: Way): string =>
  [...guards]
    .filter(splits)
    .map(([variable, { held, others }]) => {
      const codes = names.codes(variable);
      return condition(
        names.name(variable),
        held.map((code) => codes[code]!),
        others.map((code) => codes[code]!),
      );
    })
    .join(' && ');

const heldBy = (variable: Variable, { guards, writes, states }: Way): readonly number[] => {
  if (variable.kind === 'shared') return guards.get(variable)?.held ?? [...writes.get(variable)!.keys()];
  return [...new Set(states.map((state) => state[variable.index] ?? 0))];
};

const writesText = (names: Names, way: Way): string[] =>
  [...way.writes]
    .filter(([{ kind }]) => kind !== 'noted')
    .map(([variable, map]) => {
      const codes = names.codes(variable);
      const pairs = heldBy(variable, way).map((from) => [codes[from]!, codes[map.get(from)!]!] as const);
      return assignment(names.name(variable), pairs);
    })
    .filter((text) => text !== '');

/** Looked at wherever a request ends, also where no value that was found could break it. */
const claimText = (names: Names, { variable, holds }: Asserted): string => {
  const codes = names.codes(variable);
  const kept = variable.values.flatMap((value, code) => (holds(value) ? [`${names.name(variable)} == ${codes[code]}`] : []));
  return `assert(${kept.join(' || ')})`;
};

const wayText = (names: Names, claims: readonly Asserted[], from: Location, { way, result }: Location['ways'][number]): string => {
  const guard = guardText(names, way) || 'true';
  if (result instanceof Error) return `:: d_step { ${guard} -> assert(false) /* ${result.message.replace(/[*]/g, '')} */ }`;
  const asserted = result.request > from.request ? claims.map((claim) => claimText(names, claim)) : [];
  const effects = [...writesText(names, way), ...asserted];
  return `:: ${effects.length === 0 ? guard : `d_step { ${[guard, ...effects].join('; ')} }`} -> goto L${result.number}`;
};

const locationText = (names: Names, claims: readonly Asserted[], location: Location): string => {
  if (location.ways.length === 0) return `end${location.number}: L${location.number}: /* ${location.name} */ false`;
  const ways = location.ways.map((way) => wayText(names, claims, location, way));
  return `L${location.number}: /* ${location.name} */ if\n  ${ways.join('\n  ')}\n  fi`;
};

/** What a way really looks at or changes, rather than copies. */
const touchedBy = (names: Names, { way }: Location['ways'][number]): Variable[] => {
  const looked = [...way.guards].filter(splits).map(([variable]) => variable);
  const one = (variable: Variable): boolean =>
    writesText(names, { ...way, writes: new Map([[variable, way.writes.get(variable)!]]) }).length > 0;
  return [...looked, ...[...way.writes.keys()].filter(one)];
};

const usersOf = (names: Names, { tasks, claims }: Processes): Map<Variable, Set<string>> => {
  const users = new Map(claims.map(({ variable }) => [variable, new Set(tasks.keys())]));
  for (const [task, locations] of tasks)
    for (const way of locations.flatMap(({ ways }) => ways))
      for (const variable of touchedBy(names, way)) users.set(variable, (users.get(variable) ?? new Set()).add(task));
  return users;
};

const declaration = (names: Names, variable: Variable): string => {
  const bits = bitsFor(variable.values.length);
  const type = bits <= 1 ? 'bit ' : 'unsigned ';
  return `${type}${names.name(variable)}${bits <= 1 ? '' : ` : ${bits}`} = ${names.codes(variable)[0]};`;
};

export interface Promela {
  readonly text: string;
  readonly variables: number;
  readonly locations: number;
  readonly ways: number;
}

export const promelaOf = (processes: Processes): Promela => {
  const { tasks, claims } = processes;
  const names = new Names();
  const users = usersOf(names, processes);
  const own = (task: string | null): string[] =>
    [...users].filter(([, by]) => (by.size === 1 ? by.has(task ?? '') : task === null)).map(([variable]) => declaration(names, variable));
  const process = (task: string, locations: readonly Location[]): string =>
    `active proctype ${task}() {\n${own(task).join('\n')}\n${locations.map((location) => locationText(names, claims, location)).join(';\n')}\n}\n`;
  const text = [...own(null), ...[...tasks].map(([task, locations]) => process(task, locations))].join('\n');
  const all = [...tasks.values()].flat();
  return { text, variables: users.size, locations: all.length, ways: all.reduce((sum, { ways }) => sum + ways.length, 0) };
};
