// What the explorer's tests share: small machines cut from the scenarios' topologies, searches with every bound named, and what they saw.
import type { AnyDetector } from '../../src/core/finding.ts';
import type { Scenario, TaskScript } from '../../src/core/scenario.ts';
import type { Topology } from '../../src/core/topology.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { FaultBounds } from '../../src/explore/evaluate.ts';
import type { Model } from '../../src/explore/model.ts';
import { Labels } from '../../src/explore/observer.ts';
import { type Searched, type SearchOptions, search } from '../../src/explore/search.ts';
import { atOnce } from '../../src/explore/turns.ts';
import { loadTopology } from '../../src/index.ts';
import { line } from '../explore/reference.ts';
import { engineFor, scenario } from './runs.ts';

/** The groups named and their instances, of a topology of scenarios/topologies. */
export const cutTo = (name: string, ...groups: readonly string[]): Topology => {
  const whole = loadTopology(`scenarios/topologies/${name}.yaml`);
  const kept = whole.groups.filter(({ id }) => groups.includes(id));
  const used = new Set(kept.flatMap(({ devices }) => devices.map(({ iommu }) => iommu)));
  return { ...whole, iommus: whole.iommus.filter(({ id }) => used.has(id)), groups: kept };
};

export const type1 = (kernel = '6.12.y'): Engine => engineFor({ kernel, caller: 'vfio-type1' });

export const bounds = (faults: number, apiFaults = 0): FaultBounds => ({ faults, apiFaults, mayFail: () => true });

export interface Seen extends Searched {
  /** Ids of everything that was come upon, sorted. */
  readonly labels: readonly string[];
}

export type Options = Partial<SearchOptions> & {
  readonly faults?: number;
  readonly apiFaults?: number;
  readonly detectors?: readonly AnyDetector[];
};

export const optionsFor = ({ faults = 0, apiFaults = 0, ...more }: Options = {}): SearchOptions => ({
  bounds: bounds(faults, apiFaults),
  labels: new Labels(),
  control: { goesOn: () => true },
  preemptions: null,
  reduce: true,
  symmetry: true,
  memory: 2 ** 28,
  ...more,
});

export const labelsOf = ({ list }: Labels, { paths }: Searched): string[] => [...paths.keys()].map((label) => list[label]!.id).sort();

export const searchOf = (engine: Engine, given: Scenario, more: Options = {}): Seen => {
  const options = optionsFor(more);
  const searched = atOnce(search(engine, given, options));
  return { ...searched, labels: labelsOf(options.labels, searched) };
};

/** Tasks on a machine, with nothing planned and nothing claimed. */
export const on = (topology: Topology, tasks: readonly TaskScript[], more: Partial<Scenario> = {}): Scenario =>
  scenario(topology, tasks, more);

const KINDS = /^(devices|groups|iommus|tasks|domains|containers|locks|system)[/ ]/;

/** Every world in which nobody can step, as sorted lines, one a field. */
export const finalsOf = (
  engine: Engine,
  given: Scenario,
  { most = Number.POSITIVE_INFINITY, ...more }: Options & { readonly most?: number } = {},
): { readonly seen: Seen; readonly finals: ReadonlySet<string> } => {
  const finals = new Set<string>();
  const ended = ({ cells }: Model): void => {
    const lines = cells.names.flatMap((name, cell) => {
      const value = cells.values[cell]![cells.current[cell]!];
      return value === undefined || !KINDS.test(name) ? [] : [line(name.replaceAll(' ', '.'), value)];
    });
    finals.add(lines.sort().join('\n'));
  };
  const seen = searchOf(engine, given, { ...more, control: { goesOn: (states) => states < most, ended } });
  return { seen, finals };
};
