// The first decision of a search: which state holds at the start, who is killed, which device is unplugged, what unknown attributes are.
// Each variant is an ordinary scenario, so that what is found in it can be run like any other.
import type { Value } from '../core/conditions.ts';
import { Failure, nearest } from '../core/failure.ts';
import type { PreState, Request, Scenario, TaskScript } from '../core/scenario.ts';

/** An attribute that the topology leaves unknown, with the values worth trying. */
export interface Unknown {
  readonly part: string;
  readonly attribute: string;
  readonly values: readonly Value[];
}

export interface VariantOptions {
  readonly kills: number;
  readonly unplugs: number;
  /** Names of pre-states; all when absent. */
  readonly before?: readonly string[];
  readonly unknown?: readonly Unknown[];
}

export interface Variant {
  /** Its place among all, also where only some are searched. */
  readonly number: number;
  /** What differs from the scenario as it stands, in words; empty: nothing. */
  readonly name: string;
  readonly scenario: Scenario;
}

/** Beyond this many combinations of unknown values only one attribute is changed at a time. */
const MOST_COMBINATIONS = 64;

const combinations = <Item>(items: readonly Item[], size: number): Item[][] => {
  if (size === 0) return [[]];
  return items.flatMap((item, index) => combinations(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]));
};

const actorOf = (id: string, container: string, request: Request): TaskScript => ({ id, caller: null, container, requests: [request] });

const killers = ({ tasks }: Scenario, count: number): Variant['scenario']['tasks'][] =>
  combinations(tasks, Math.min(count, tasks.length)).map((victims) =>
    victims.map(({ id, container }) => actorOf(`kill-${id}`, container, { verb: 'kill', target: id })),
  );

/** Devices of the groups that scripts name. */
const devicesNamed = ({ tasks, topology }: Scenario): { readonly device: string; readonly container: string }[] => {
  const found = new Map<string, string>();
  for (const { container, requests } of tasks) {
    const named = new Set(requests.map(({ target }) => target));
    for (const { id, devices } of topology.groups)
      for (const device of devices)
        if (device.iommu !== null && (named.has(id) || named.has(device.id)) && !found.has(device.id)) found.set(device.id, container);
  }
  return [...found].map(([device, container]) => ({ device, container }));
};

const unpluggers = (scenario: Scenario, count: number): TaskScript[][] => {
  const devices = devicesNamed(scenario);
  return combinations(devices, Math.min(count, devices.length)).map((gone) =>
    gone.map(({ device, container }, index) => actorOf(`unplug-${index}`, container, { verb: 'unplug', target: device })),
  );
};

const demandStates = ({ before = [] }: Scenario, names: readonly string[]): void => {
  for (const name of names) {
    if (before.some((state) => state.name === name)) continue;
    const known = before.map((state) => state.name);
    const near = nearest(name, known);
    const hint = near ? `did you mean ${near}?` : `known: ${known.join(', ') || 'none'}`;
    throw new Failure('unknown-name', `no state to begin in is named ${name}; ${hint}`);
  }
};

type Settings = Scenario['set'];

const settingOf = ({ part, attribute }: Unknown, value: Value): Settings => ({ [part]: { [attribute]: value } });

const mergedSettings = (all: readonly Settings[]): Settings => {
  const merged: Settings = {};
  for (const settings of all) for (const [part, attributes] of Object.entries(settings)) merged[part] = { ...merged[part], ...attributes };
  return merged;
};

/** The assumed values themselves come first. */
const unknownSettings = (unknown: readonly Unknown[]): Settings[] => {
  const count = unknown.reduce((product, { values }) => product * (values.length + 1), 1);
  if (count > MOST_COMBINATIONS) return [{}, ...unknown.flatMap((found) => found.values.map((value) => settingOf(found, value)))];
  return unknown.reduce<Settings[]>(
    (sofar, found) => sofar.flatMap((set) => [set, ...found.values.map((value) => mergedSettings([set, settingOf(found, value)]))]),
    [{}],
  );
};

const settingWords = (set: Settings): string[] =>
  Object.entries(set).flatMap(([part, attributes]) =>
    Object.entries(attributes).map(([attribute, value]) => `${part}.${attribute} = ${String(value)}`),
  );

interface Start {
  readonly state: PreState | null;
  readonly extra: readonly TaskScript[];
  readonly set: Settings;
}

const startWords = ({ state, extra, set }: Start): string =>
  [
    ...(state ? [state.name] : []),
    ...extra.map(({ requests: [request] }) => `${request!.verb} ${request!.target}`),
    ...settingWords(set),
  ].join(', ');

const startOf = ({ before: _before, ...scenario }: Scenario, { state, extra, set }: Start): Scenario => ({
  ...scenario,
  faults: [],
  tasks: [...scenario.tasks, ...extra],
  set: mergedSettings([scenario.set, set]),
  ...(state ? { before: [state] } : {}),
});

/** In a fixed order: the scenario as it stands first. Planned faults are set aside: what fails is chosen. */
export const variantsOf = (scenario: Scenario, options: VariantOptions): Variant[] => {
  const { before: states = [] } = scenario;
  demandStates(scenario, options.before ?? []);
  const starts: Start[] = [];
  for (const state of states.length === 0 ? [null] : states)
    for (const set of unknownSettings(options.unknown ?? []))
      for (const gone of unpluggers(scenario, options.unplugs))
        for (const killed of killers(scenario, options.kills)) starts.push({ state, set, extra: [...killed, ...gone] });
  return starts.flatMap((start, number) => {
    const isWanted = options.before === undefined || (start.state !== null && options.before.includes(start.state.name));
    return isWanted ? [{ number, name: startWords(start), scenario: startOf(scenario, start) }] : [];
  });
};
