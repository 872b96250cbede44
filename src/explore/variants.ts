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

const statesOf = ({ before = [] }: Scenario, names: readonly string[] | undefined): (PreState | null)[] => {
  if (names === undefined) return before.length === 0 ? [null] : [...before];
  return names.map((name) => {
    const found = before.find((state) => state.name === name);
    if (found) return found;
    const known = before.map((state) => state.name);
    const near = nearest(name, known);
    const hint = near ? `did you mean ${near}?` : `known: ${known.join(', ') || 'none'}`;
    throw new Failure('unknown-name', `no state to begin in is named ${name}; ${hint}`);
  });
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

/** In a fixed order: the scenario as it stands first. Planned faults are set aside: what fails is chosen. */
export const variantsOf = (scenario: Scenario, options: VariantOptions): Variant[] => {
  const variants: Variant[] = [];
  for (const state of statesOf(scenario, options.before))
    for (const set of unknownSettings(options.unknown ?? []))
      for (const gone of unpluggers(scenario, options.unplugs))
        for (const killed of killers(scenario, options.kills)) {
          const extra = [...killed, ...gone];
          const words = [
            ...(state ? [state.name] : []),
            ...extra.map(({ id, requests }) => (id.startsWith('kill') ? `kill ${requests[0]!.target}` : `unplug ${requests[0]!.target}`)),
            ...settingWords(set),
          ];
          const { before: _before, ...rest } = scenario;
          variants.push({
            name: words.join(', '),
            scenario: {
              ...rest,
              faults: [],
              tasks: [...scenario.tasks, ...extra],
              set: mergedSettings([scenario.set, set]),
              ...(state ? { before: [state] } : {}),
            },
          });
        }
  return variants;
};
