// The model against a kernel tree: rows, orders of allocations and continue rules, in the column that the tree is nearest to.
import type { CheckedModel } from '../../core/checkedModel.ts';
import type { TreeReading } from '../../core/returnSites.ts';
import type { CitedRow, ModelSources, SearchRule } from '../../core/rowSources.ts';
import type { Column } from '../../core/rows.ts';
import { allocationOrders, checkOrders } from './allocationOrder.ts';
import { checkRows } from './compareModel.ts';
import type { ModelTree } from './modelTree.ts';
import { columnByFit, columnByVersion, type Nearest } from './nearestColumn.ts';
import { checkRules } from './searchRules.ts';

export interface OwnModel {
  readonly rows: readonly CitedRow[];
  readonly rules: readonly SearchRule[];
  readonly sources: { readonly [column in Column]: ModelSources };
  /** `6.12.y` by column. */
  readonly kernels: { readonly [column in Column]: string };
}

const fitOf = (own: OwnModel, tree: ModelTree, column: Column) => {
  const rows = checkRows(tree, own.rows, own.sources[column]);
  return { column, same: rows.filter(({ status }) => status === 'same' || status === 'moved').length, all: rows.length };
};

export const nearestColumn = (own: OwnModel, tree: ModelTree): Nearest =>
  columnByVersion(tree.makefile) ?? columnByFit((['v6.12', 'v6.1'] as const).map((column) => fitOf(own, tree, column)));

export const checkModel = (own: OwnModel, tree: ModelTree, reading: TreeReading, { column, why }: Nearest): CheckedModel => {
  const sources = own.sources[column];
  const drivers = [...new Set(sources.orders.map(({ driver }) => driver))];
  return {
    tree: tree.name,
    column,
    kernel: own.kernels[column],
    why,
    rows: checkRows(tree, own.rows, sources),
    orders: checkOrders(sources.orders, allocationOrders(reading, drivers)),
    rules: checkRules(tree, own.rules, column),
  };
};
