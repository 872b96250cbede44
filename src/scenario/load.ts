// Loads a scenario file: what it extends, the topology it names, and everything it says, checked.
import { existsSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { Failure, type Place } from '../core/failure.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Topology } from '../core/topology.ts';
import { assemble } from './assemble.ts';
import { parseText } from './document.ts';
import { merged, without } from './extend.ts';
import { readText, unreadable } from './loadText.ts';
import { isPath, type Known } from './names.ts';
import type { ScenarioFile } from './schema.ts';
import { isMapping, type PlaceOf, type Source, scenarioKind, topologyKind } from './source.ts';
import { topologyFromFile, topologyOf } from './topologies.ts';

export interface LoadOptions {
  /** Imports a snapshot; it lives in another layer. */
  readonly readTopologyFile?: (path: string) => Topology;
  /** Names are not checked when absent. */
  readonly known?: Known;
}

export const loadScenario = (file: string, options: LoadOptions = {}): Scenario =>
  parseScenario(readText(file, scenarioKind), file, options);

/** Paths in the text are relative to `file`; those in the scenario are relative to the current folder, as `file` is. */
export const parseScenario = (text: string, file: string, options: LoadOptions = {}): Scenario => {
  const source = withBases(parseText(text, file, scenarioKind), [file]);
  return assemble(source, {
    known: options.known,
    resolve: pathFrom,
    topology: (given, place, { name }) => topologyIn(given, place, name, options),
  });
};

/** A topology from a YAML or JSON file. */
export const loadTopology = (file: string, known?: Pick<Known, 'drivers'>): Topology => topologyAt(file, undefined, known?.drivers);

/** Stays a path that begins with a dot or a slash, as isPath() wants it. */
const pathFrom = (path: string, { file }: Place): string => {
  if (isAbsolute(path)) return path;
  const joined = join(dirname(file), path);
  return isPath(joined) ? joined : `./${joined}`;
};

const withBases = (source: Source, chain: readonly string[]): Source => {
  const given = isMapping(source.value) ? source.value.extends : undefined;
  if (typeof given !== 'string') return source;
  const place = source.place(['extends']);
  const file = isAbsolute(given) ? given : join(dirname(place.file), given);
  if (chain.some((earlier) => resolve(earlier) === resolve(file))) {
    const circle = [...chain, file].join(' -> ');
    throw new Failure(scenarioKind.code, `expected extends to come to an end, found a circle: ${circle}`, place);
  }
  const base = withBases(parseText(readText(file, scenarioKind, place), file, scenarioKind), [...chain, file]);
  return merged(without(source, 'extends'), actorsOf(source, base));
};

/** A script replaces the base's tasks, and tasks its script: a file has one or the other. */
const actorsOf = (own: Source, base: Source): Source => {
  if (!isMapping(own.value)) return base;
  if ('tasks' in own.value) return without(base, 'script');
  return 'script' in own.value ? without(base, 'tasks') : base;
};

const isYaml = (file: string): boolean => ['.yaml', '.yml', '.json'].includes(extname(file));

const topologyIn = (given: ScenarioFile['topology'], place: PlaceOf, name: string, options: LoadOptions): Topology => {
  const drivers = options.known?.drivers;
  if (typeof given === 'string') {
    const file = pathFrom(given, place([]));
    return isYaml(file) ? topologyAt(file, place([]), drivers) : snapshotAt(file, place([]), options);
  }
  if ('snapshot' in given) return snapshotAt(pathFrom(given.snapshot, place(['snapshot'])), place(['snapshot']), options);
  return topologyFromFile(given, place, { name, source: place([]).file, drivers });
};

const topologyAt = (file: string, from: Place | undefined, drivers: readonly string[] | undefined): Topology =>
  topologyOf(parseText(readText(file, topologyKind, from), file, topologyKind), {
    name: basename(file, extname(file)),
    source: file,
    drivers,
  });

const snapshotAt = (file: string, place: Place, { readTopologyFile }: LoadOptions): Topology => {
  if (!existsSync(file)) throw unreadable(file, topologyKind, place, Object.assign(new Error('no file'), { code: 'ENOENT' }));
  if (readTopologyFile) return readTopologyFile(file);
  throw new Failure(topologyKind.code, `expected a topology in YAML or JSON, found ${file}: snapshots cannot be imported here`, place);
};
