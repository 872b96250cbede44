// Scenario files as the command line reads them: names that are known, snapshots that topologies may name.
import type { Driver } from '../core/rows.ts';
import type { Scenario } from '../core/scenario.ts';
import { detectors, readings } from '../detect/registry.ts';
import { apis } from '../kernels/apis.ts';
import { callerTable, driverTable, profileTable } from '../kernels/build.ts';
import { readSnapshot } from '../recordings/snapshotFile.ts';
import { loadScenario } from '../scenario/load.ts';
import type { Known } from '../scenario/names.ts';

const rowsOf = (driver: Driver) => Object.values(driver.paths).flatMap((path) => Object.values(path).flat());

/** What a fault may name as an API: records, and rows that ask hardware themselves. */
const apiNames = (): string[] => {
  const asking = [...driverTable.values()]
    .flatMap(rowsOf)
    .flatMap((row) => (row.kind === 'call' && row.path === undefined ? [row.id] : []));
  return [...new Set([...apis.map((api) => api.id), ...asking])];
};

/** Names that scenario files may use. */
export const known = (): Known => ({
  kernels: [...profileTable.keys()],
  callers: [...callerTable.keys()],
  detectors: detectors.map(({ id }) => id),
  readings: Object.fromEntries(readings.map(({ name, arity }) => [name, arity])),
  drivers: [...driverTable.keys()],
  apis: apiNames(),
});

/** A scenario from a file; its topology may be a snapshot of a machine. */
export const readScenario = (file: string): Scenario =>
  loadScenario(file, { known: known(), readTopologyFile: (path) => readSnapshot(path).topology });
