// Which rows a search met, of those that its machine's drivers and its caller have: what it says nothing about.
import { isIn } from '../core/perform.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Engine } from '../engine/engine.ts';
import { wholeScripts } from '../engine/preState.ts';

/** Instances that serve devices of the groups which the scripts name. */
const driversNamed = ({ tasks, topology }: Scenario): Set<string> => {
  const named = new Set(tasks.flatMap(({ requests }) => requests.map(({ target }) => target)));
  const devices = topology.groups.flatMap((group) => group.devices.filter(({ id }) => named.has(group.id) || named.has(id)));
  const instances = new Set(devices.map(({ iommu }) => iommu));
  return new Set(topology.iommus.flatMap(({ id, driver }) => (instances.has(id) ? [driver] : [])));
};

export const rowsOf = (engine: Engine, scenario: Scenario, met: ReadonlySet<string>): Verdict['rows'] => {
  const { column, drivers, caller } = engine.model;
  const whole = wholeScripts({ scenario, before: scenario.before?.flatMap(({ tasks }) => tasks) ?? [] });
  const paths = [...driversNamed(whole)].flatMap((name) => Object.values(drivers.get(name)?.paths ?? {}));
  const rows = [...paths.flatMap((path) => path[column] ?? []), ...caller.rows];
  const ids = new Set(rows.filter((row) => row.kind !== 'effect' && isIn(row, column)).map(({ id }) => id));
  const never = [...ids].filter((id) => !met.has(id)).sort();
  return { met: ids.size - never.length, total: ids.size, never };
};
