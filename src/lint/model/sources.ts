// Makes what is kept of a tree, and what the seed series on top of 6.1 makes of that.

import type { AllocationOrder, CitedRow, ModelSources, Place, RowSource } from '../../core/rowSources.ts';
import type { Column } from '../../core/rows.ts';
import type { ModelTree } from './modelTree.ts';
import { sourceOf } from './pick.ts';
import { calleeOf } from './placeKeys.ts';

export const sourcesOf = (
  tree: ModelTree,
  rows: readonly CitedRow[],
  column: Column,
  { title, orders }: { readonly title: string; readonly orders: readonly AllocationOrder[] },
): ModelSources => {
  const found = rows.flatMap((row) => {
    const source = sourceOf(tree, row, column);
    return source === null ? [] : [[row.id, source] as const];
  });
  const files = [...new Set(found.flatMap(([, { places }]) => places.map(({ file }) => file)))].sort();
  return {
    ...{ tree: title, orders, rows: Object.fromEntries(found) },
    functions: Object.fromEntries(files.map((file) => [file, [...new Set(tree.namesIn(file))]])),
  };
};

/** What a kernel function gives is not the driver's to change. */
const seeded = (row: CitedRow, place: Place): Place => {
  const [old, recent] = [row.errnos['v6.1'] ?? [], row.errnos['seed-v6'] ?? []];
  const isOwn = place.kind === 'return' && place.errnos.some((errno) => old.includes(errno)) && calleeOf(place.text) === null;
  if (!isOwn) return place;
  const errnos = old.join() === recent.join() ? place.errnos : recent;
  return { ...place, errnos, prints: row.prints['v6.1'] && !row.prints['seed-v6'] ? [] : place.prints };
};

const conditionAt = ({ file, function: name, text }: Place): string => `${file} ${name} ${text}`;

/** The series changes errnos and takes messages away; its rows say where. Other rows may cite the same tests. */
export const seededSources = (sources: ModelSources, rows: readonly CitedRow[]): ModelSources => {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const kept = Object.entries(sources.rows).filter(([id]) => byId.get(id)?.cite['seed-v6'] !== undefined);
  const found = kept.map(([id, { places, problem }]) => [id, problem, places.map((place) => seeded(byId.get(id)!, place))] as const);
  const returns = found.flatMap(([, , places]) => places.filter(({ kind }) => kind === 'return'));
  const errnos = new Map(returns.map((place) => [conditionAt(place), place.errnos]));
  const tested = (place: Place): Place =>
    place.kind === 'test' && place.errnos.length > 0 ? { ...place, errnos: errnos.get(conditionAt(place)) ?? place.errnos } : place;
  const source = (problem: string | null, places: readonly Place[]): RowSource => ({ problem, places: places.map(tested) });
  return { ...sources, rows: Object.fromEntries(found.map(([id, problem, places]) => [id, source(problem, places)])) };
};
