// What makes a row act beside values of the machine: its allocation fails, its kernel API gives an errno, its pool is used up.
import type { Fault, Scenario } from '../core/scenario.ts';
import type { Engine } from '../engine/engine.ts';
import { errnosOf } from '../engine/rowRequests.ts';
import { firstDomain, type RowMachine, scriptOf, servingOf } from './rowMachine.ts';
import type { PlacedRow } from './rowsOfAttach.ts';

interface Push {
  readonly faults: readonly Fault[];
  readonly set: Scenario['set'];
}

/** The machine alone. */
const none: Push = { faults: [], set: {} };

/** What other domains and the second group's own fresh one take before it counts: more than four never was needed. */
const poolSizes = [0, 1, 2, 3, 4];

const poolPushes = (pool: string, machine: RowMachine): Push[] => {
  const [part, name] = pool.split('.') as [string, string];
  const target = part === 'iommu' ? `iommu/${servingOf(machine)}` : part === 'system' ? 'system' : null;
  return target === null ? [] : poolSizes.map((left) => ({ faults: [], set: { [target]: { [name]: left } } }));
};

/** Faults hit the attach that is meant, and where the row is a driver's the first group's domain. */
const forced = (engine: Engine, { path, row }: PlacedRow, machine: RowMachine): readonly Push[] => {
  const where = { request: scriptOf(machine).length - 1, ...(path === null ? {} : { domain: firstDomain }) };
  switch (row.kind) {
    case 'alloc':
      return [{ faults: [{ kind: 'site', site: row.id, nth: 1, sticky: true, ...where }], set: {} }];
    case 'call':
      return errnosOf(engine, row, engine.model.column).map((errno) => ({
        faults: [{ kind: 'api', api: row.id, errno, nth: 1, sticky: false, ...where }],
        set: {},
      }));
    case 'take':
      return poolPushes(row.pool, machine);
    case 'check':
      return [];
  }
};

/** What is tried, each by itself. A row that the attach does not come to cannot be made to fail by force. */
export const pushesOf = (engine: Engine, placed: PlacedRow, machine: RowMachine, isComeTo: boolean): readonly Push[] => {
  const isMet = placed.row.kind === 'check' || placed.row.kind === 'take';
  return [...(isMet ? [none] : []), ...(isComeTo ? forced(engine, placed, machine) : [])];
};
