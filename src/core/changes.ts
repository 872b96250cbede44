// Changes of attributes and pools with a row's id, and what undoes them when a later row of the same path refuses.
import { computedValue, type Value } from './conditions.ts';
import type { Kind } from './events.ts';
import type { Before, RowContext } from './perform.ts';
import type { Change, Row } from './rows.ts';
import { reader, target } from './scope.ts';

/** Counts a pool down or up; an instance whose last id goes is exhausted. */
export const changePool = (type: 'IdTaken' | 'IdGiven', row: { id: string; pool: string }, left: number, context: RowContext): void => {
  const { part, id, attribute } = target(context.world, context.scope, row.pool);
  const trigger = type === 'IdGiven' ? 'ID_GIVEN' : left === 0 ? 'LAST_ID_TAKEN' : 'ID_TAKEN';
  const phase = part === 'iommu' ? context.phase('iommu', id, trigger) : '';
  context.emit({ type, task: context.task, row: row.id, part, id, pool: attribute, left, phase });
};

/** Applies attribute changes with the row's id; a counter that goes down to nothing is dropped by evolve. */
export const applyChanges = (row: string, changes: readonly Change[], context: RowContext): void => {
  for (const change of changes) {
    const read = reader(context.world, context.scope);
    if ('give' in change) {
      changePool('IdGiven', { id: row, pool: change.give }, Number(read(change.give)) + 1, context);
      continue;
    }
    const path = 'set' in change ? change.set : change.add;
    const found = 'set' in change ? computedValue(change.to, read) : Number(read(path) ?? 0) + change.by;
    const { part, id, attribute, key } = target(context.world, context.scope, path);
    emitChange(row, part, id, attribute, key, found, context);
  }
};

const emitChange = (row: string, part: Kind, id: string, attribute: string, key: string | null, found: Value, context: RowContext): void =>
  context.emit({ type: 'AttributeChanged', task: context.task, row, part, id, attribute, key, value: found });

/** What the kernel does with this row when a later one refuses. */
export const undoRow = (row: Row, before: Before, context: RowContext): void => {
  if (row.kind === 'take' && row.undo === 'reverse') {
    const left = Number(reader(context.world, context.scope)(row.pool)) + 1;
    changePool('IdGiven', row, left, context);
  }
  if (row.kind !== 'effect' && row.kind !== 'take') return;
  if (row.undo === 'reverse' && row.kind === 'effect') applyChanges(row.id, reversed(row.changes, before), context);
  else if (typeof row.undo !== 'string') applyChanges(row.id, row.undo, context);
};

const reversed = (changes: readonly Change[], before: Before): Change[] =>
  changes.toReversed().flatMap((change): Change[] => {
    if ('set' in change) return [{ set: change.set, to: { value: before[change.set] ?? null } }];
    // An id that was given back is not taken again: others may have it.
    return 'add' in change ? [{ add: change.add, by: -change.by }] : [];
  });
