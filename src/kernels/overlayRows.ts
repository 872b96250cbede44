// What an overlay does to rows: a row changed in one column, moved within its paths, taken out, or made from data.
import type { Condition } from '../core/conditions.ts';
import type { RowChange, RowData } from '../core/overlay.ts';
import type { Column, Errno, PerColumn, Row, RowFacts } from '../core/rows.ts';
import { refusal } from './overlayFailures.ts';

/** A value for one column, whatever the others have. */
const withColumn = <T>(old: PerColumn<T> | undefined, column: Column, one: T): PerColumn<T> => ({ ...old, [column]: one });

const conditionIn = (old: Condition | PerColumn<Condition> | undefined, column: Column, one: Condition): PerColumn<Condition> => {
  const spread =
    old === undefined || 'v6.1' in old || 'seed-v6' in old || 'v6.12' in old ? (old as PerColumn<Condition> | undefined) : null;
  return withColumn(
    spread === null ? { 'v6.1': old as Condition, 'seed-v6': old as Condition, 'v6.12': old as Condition } : spread,
    column,
    one,
  );
};

const withoutColumn = <T>(old: PerColumn<T> | undefined, column: Column): PerColumn<T> => {
  const { [column]: _gone, ...rest } = old ?? {};
  return rest;
};

/** Which keys of a change a row of each kind knows, beyond those that all know. */
const keysOf: Record<Row['kind'], readonly (keyof RowChange)[]> = {
  check: ['errno', 'class', 'prints', 'refuses', 'unreachable', 'note'],
  alloc: ['errno', 'class', 'prints', 'when', 'failure', 'tries', 'unreachable', 'note'],
  take: ['errno', 'class', 'prints', 'when', 'undo', 'unreachable', 'note'],
  effect: ['when', 'undo'],
  call: ['errno', 'class', 'prints', 'when', 'failure', 'masks', 'unreachable', 'note'],
};
const everyKind: readonly (keyof RowChange)[] = ['id', 'place', 'words', 'cite', 'before', 'after', 'remove'];

const checkKeys = (row: Row, change: RowChange): void => {
  const allowed = [...keysOf[row.kind], ...everyKind];
  const wrong = (Object.keys(change) as (keyof RowChange)[]).find((key) => change[key] !== undefined && !allowed.includes(key));
  if (wrong === undefined) return;
  const known = keysOf[row.kind].join(', ');
  throw refusal(`${row.id} is a row of kind ${row.kind}, which has no ${wrong}; it has ${known}`, change.place);
};

const factsChanged = (row: RowFacts, change: RowChange, column: Column): Partial<RowFacts> => ({
  ...(change.errno === undefined ? {} : { errno: withColumn<Errno | readonly Errno[]>(row.errno, column, change.errno) }),
  ...(change.class === undefined ? {} : { class: change.class }),
  ...(change.note === undefined ? {} : { note: change.note }),
  ...(change.prints ? { prints: withColumn(row.prints, column, change.prints) } : {}),
  ...(change.prints === null ? { prints: withoutColumn(row.prints, column) } : {}),
  ...(typeof change.unreachable === 'string' ? { unreachable: change.unreachable } : {}),
});

const conditionsChanged = (row: Row, change: RowChange, column: Column): object => {
  if (row.kind === 'check') return change.refuses ? { refuses: conditionIn(row.refuses, column, change.refuses) } : {};
  return change.when ? { when: conditionIn(row.when, column, change.when) } : {};
};

const own = ['undo', 'failure', 'masks', 'tries', 'words'] as const;

/** The row as the overlay has it in the column. */
export const changedRow = (row: Row, change: RowChange, column: Column): Row => {
  checkKeys(row, change);
  const given = Object.fromEntries(own.flatMap((key) => (change[key] === undefined ? [] : [[key, change[key]]])));
  const changed = {
    ...row,
    ...given,
    ...(row.kind === 'effect' ? {} : factsChanged(row, change, column)),
    ...conditionsChanged(row, change, column),
    ...(change.cite === undefined ? {} : { cite: withColumn(row.cite, column, change.cite) }),
  } as Row;
  return dropped(changed, [...(change.when === null ? ['when'] : []), ...(change.unreachable === null ? ['unreachable'] : [])]);
};

const dropped = (row: Row, keys: readonly string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([key]) => !keys.includes(key))) as unknown as Row;

/** A path's rows with one moved beside another; as they are where the path lacks either. */
export const movedRows = (rows: readonly Row[], { id, before, after }: RowChange): readonly Row[] => {
  const row = rows.find((found) => found.id === id);
  const rest = rows.filter((found) => found.id !== id);
  const at = rest.findIndex((found) => found.id === (before ?? after));
  if (!row || at === -1) return rows;
  return rest.toSpliced(before === undefined ? at + 1 : at, 0, row);
};

/** A core or caller row that the column lacks: what names it passes it by. */
export const absentRow = (row: Row, column: Column, change: RowChange): Row => {
  if (row.kind === 'effect') throw refusal(`${row.id} is an effect that a workflow names; it cannot be removed`, change.place);
  return { ...row, errno: withoutColumn(row.errno, column) };
};

/** A row from data, for one column. */
export const rowFrom = (data: RowData, column: Column, origin: string): Row => {
  const only = <T>(one: T): PerColumn<T> => ({ [column]: one });
  const { place: _place, cite = origin, ...rest } = data;
  if (rest.kind === 'effect') return { undo: 'reverse', ...rest, cite: only(cite), columns: [column] };
  const { errno, prints, ...kept } = rest;
  const facts = { errno: only(errno), cite: only(cite), ...(prints ? { prints: only(prints) } : {}) };
  switch (kept.kind) {
    case 'check':
    case 'call':
      return { ...kept, ...facts };
    case 'take':
      return { undo: 'reverse', ...kept, ...facts };
    case 'alloc': {
      const { site, gfp = 'GFP_KERNEL', plausible = 'small-sleeping', what = kept.words, ...others } = kept;
      return { ...others, ...facts, what, site: only(site), gfp: only(gfp), plausible: only(plausible) };
    }
  }
};
