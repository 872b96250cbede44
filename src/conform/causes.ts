// Why a recorded call failed, where it was made to: which failures the model is to plan for it. The recorder's log names the n-th
// allocation that it let fail; for limits of memory, which no request says, planned failures stand in, and are counted as inferred.
import type { Fault } from '../core/scenario.ts';
import type { ProgramCall } from '../recordings/kernel/programCalls.ts';
import { placedOf, type TranslatedCall } from './rerun.ts';

/** Pages of page tables are charged to the caller's control group in 6.12, not in 6.1: over its limit, no call gets one. */
const charged = ['pfn_to_dma_pte', '__arm_lpae_map', 'alloc_pte'];

/** `fail-nth=20 hit`, `fail-nth=31 not reached`. */
export const injected = ({ argument }: ProgramCall): { readonly nth: number; readonly hit: boolean } | null => {
  const found = /fail-nth=(\d+) (hit|not reached)/.exec(argument);
  return found ? { nth: Number(found[1]), hit: found[2] === 'hit' } : null;
};

const isSqueezed = ({ argument }: ProgramCall): boolean => /\bsqueezed\b/.test(argument);

/** Out of memory, and nobody injected it: a limit of the process, of its control group, or of the machine. */
const isOverLimit = (call: ProgramCall): boolean => call.errno === 'ENOMEM' && injected(call) === null && !isSqueezed(call);

/** What stands in for a limit; null where nothing has to. */
export const standIn = (call: ProgramCall): string | null => {
  if (isOverLimit(call)) return `${call.op} over a limit of memory`;
  return isSqueezed(call) && call.errno === 'ENOMEM' ? `${call.op} over the limit of the control group` : null;
};

const faultsOf = (call: ProgramCall, task: string, request: number, { kernel, failed }: Causes): Fault[] => {
  const of = { task, request } as const;
  const assumed = failed.get(call);
  if (assumed !== undefined) return [{ kind: 'nth', ...of, nth: assumed, call: call.op }];
  const planned = injected(call);
  if (planned) return [{ kind: 'nth', ...of, nth: planned.nth, call: call.op }];
  if (isSqueezed(call))
    return kernel.startsWith('6.1.') ? [] : charged.map((site) => ({ kind: 'site', site, ...of, nth: 1, sticky: true }));
  return isOverLimit(call) ? [{ kind: 'nth', ...of, nth: 1, call: call.op }] : [];
};

/** The kernel, and the allocations that are assumed to have failed, by call. */
export interface Causes {
  readonly kernel: string;
  readonly failed: ReadonlyMap<ProgramCall, number>;
}

export const plannedFaults = (calls: readonly TranslatedCall[], causes: Causes): Fault[] => {
  const counts = new Map<string, number>();
  return calls.flatMap((one) =>
    placedOf(one).flatMap(({ task }) => {
      const index = counts.get(task) ?? 0;
      counts.set(task, index + 1);
      return faultsOf(one.observed.call, task, index, causes);
    }),
  );
};
