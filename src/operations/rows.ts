// Rows of the core and of callers, performed in the frame that names them.

import { applyChanges } from '../core/changes.ts';
import { type Operation, type Operations, refused, scopeOf } from '../core/operation.ts';
import { allocationWorks, errnoOf, performRow } from '../core/perform.ts';

/** Performs a core or caller row; its refusal is the outcome. */
const row: Operation = (context, id) => {
  const result = performRow(context.model.row(String(id)), { ...context, scope: scopeOf(context), contract: null });
  return result.kind === 'refused' ? refused(result.errno) : 'OK';
};

/** Performs an allocation whose failure the caller tolerates: FAILED instead of an errno. */
const attempt: Operation = (context, id) => {
  const found = context.model.row(String(id));
  return found.kind === 'alloc' && !allocationWorks(found, { ...context, scope: scopeOf(context), contract: null }) ? 'FAILED' : 'OK';
};

/** Fails with the errno of a row, as the kernel hides its callee's own. */
const failAs: Operation = (context, id) => {
  const found = context.model.row(String(id));
  if (found.kind === 'effect') return 'OK';
  return refused(errnoOf(found, context.column));
};

/** A WARN of the kernel: printed, nothing else happens. */
const warn: Operation = (context, id) => {
  const found = context.model.row(String(id));
  const text = found.kind === 'effect' ? found.words : (found.prints?.[context.column]?.text ?? found.words);
  context.emit({ type: 'KernelPrinted', task: context.task, row: String(id), level: 'WARN', text, device: null });
  return 'OK';
};

/** Performs an effect row that is not in a driver's path. */
const change: Operation = (context, id) => {
  const found = context.model.row(String(id));
  if (found.kind === 'effect') applyChanges(found.id, found.changes, { ...context, scope: scopeOf(context) });
  return 'OK';
};

export const operations: Operations = { row, attempt, failAs, warn, change };
