// The runs of crafted.yaml as scenarios, one for each kernel and caller that they name.
import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import type { Scenario } from '../../src/core/scenario.ts';
import { absence, callerTable, profileTable } from '../../src/kernels/build.ts';
import { parseScenario } from '../../src/scenario/load.ts';

interface Entry {
  readonly name: string;
  readonly callers: readonly string[];
  readonly kernels?: readonly string[];
  readonly reaches?: readonly string[];
  readonly topology: string | object;
}

export interface NamedRun {
  readonly name: string;
  readonly kernel: string;
  readonly caller: string;
  /** Rows that the run is for; none: the whole life of a group, to be varied. */
  readonly reaches: readonly string[] | null;
  readonly scenario: Scenario;
}

const scenarioOf = (
  { name, callers: _callers, kernels: _kernels, reaches: _reaches, ...rest }: Entry,
  kernel: string,
  caller: string,
  file: string,
): Scenario => {
  const topology = typeof rest.topology === 'string' ? `../../scenarios/topologies/${rest.topology}.yaml` : rest.topology;
  return parseScenario(stringify({ name, title: name, kernel, caller, ...rest, topology }), file);
};

const kernelsOf = ({ kernels }: Entry, caller: string): string[] =>
  [...profileTable.values()]
    .filter((profile) => (kernels?.includes(profile.name) ?? true) && absence(callerTable.get(caller)!, profile.column) === null)
    .map((profile) => profile.name);

/** Ids of a context are kept in nodes of 64: the device, its address space and 61 page tables fill the first. */
const crowded = (): Entry & { script: object[] } => ({
  name: 'sixty-four-objects',
  callers: ['iommufd-hwpt'],
  reaches: ['iommufd-hwpt-object-alloc/id'],
  topology: 'q35-intel',
  script: ['bind: 5', ...Array.from({ length: 63 }, (_, index) => `make-page-table: {name: p${index}, device: 0000:00:10.0}`)].map(
    (line) => parse(line) as object,
  ),
  ...{ faults: [{ site: 'iommufd-hwpt-object-alloc/id', sticky: true }] },
});

/** The runs of a file, and of what is added to it; its topologies are named as those of crafted.yaml. */
export const runsOf = (file: string, added: readonly Entry[] = []): NamedRun[] => {
  const entries = [...(parse(readFileSync(file, 'utf8')) as Entry[]), ...added];
  return entries.flatMap((entry) =>
    entry.callers.flatMap((caller) =>
      kernelsOf(entry, caller).map((kernel) => ({
        name: entry.name,
        kernel,
        caller,
        reaches: entry.reaches ?? null,
        scenario: scenarioOf(entry, kernel, caller, file),
      })),
    ),
  );
};

export const craftedRuns = (): NamedRun[] => runsOf('test/rows/crafted.yaml', [crowded()]);
