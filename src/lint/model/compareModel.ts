// All rows of the model looked for in a tree: each with its worst place.
import { type CheckedRow, type Difference, type RowStatus, rowStatuses } from '../../core/checkedModel.ts';
import type { CitedRow, ModelSources, RowSource } from '../../core/rowSources.ts';
import { comparePlace, type Known, knownKey, knownWording } from './comparePlaces.ts';
import type { ModelTree } from './modelTree.ts';

const worst = (differences: readonly Difference[]): RowStatus =>
  rowStatuses.findLast((status) => differences.some((difference) => difference.status === status)) ?? 'same';

const checkRow = (tree: ModelTree, { id, owner }: CitedRow, source: RowSource, known: Known): CheckedRow => {
  if (source.problem !== null) {
    return { row: id, owner, status: 'unclear', differences: [{ status: 'unclear', what: source.problem, ours: '', yours: '' }] };
  }
  const found = source.places.map((place) => comparePlace(tree, place, known)).filter((difference) => difference !== null);
  const differences = [...new Map(found.map((difference) => [JSON.stringify(difference), difference])).values()];
  return { row: id, owner, status: worst(differences), differences };
};

/** Rows of the column, in the order of the model. */
export const checkRows = (tree: ModelTree, rows: readonly CitedRow[], sources: ModelSources): CheckedRow[] => {
  const known: Known = {
    places: new Set(Object.values(sources.rows).flatMap(({ places }) => places.map(knownKey))),
    wordings: new Set(Object.values(sources.rows).flatMap(({ places }) => places.map(knownWording))),
    functions: new Set(Object.values(sources.functions).flat()),
  };
  return rows.flatMap((row) => {
    const source = sources.rows[row.id];
    return source === undefined ? [] : [checkRow(tree, row, source, known)];
  });
};
