// Builders for rows wherever they are kept: a row by its kind, and values spread over the columns of the facts.
import type { AllocRow, CallRow, CheckRow, EffectRow, PerColumn, Plausible, TakeRow } from './rows.ts';

export const check = (row: Omit<CheckRow, 'kind'>): CheckRow => ({ kind: 'check', ...row });
export const alloc = (row: Omit<AllocRow, 'kind'>): AllocRow => ({ kind: 'alloc', ...row });
export const take = (row: Omit<TakeRow, 'kind'>): TakeRow => ({ kind: 'take', ...row });
export const effect = (row: Omit<EffectRow, 'kind'>): EffectRow => ({ kind: 'effect', ...row });
export const call = (row: Omit<CallRow, 'kind'>): CallRow => ({ kind: 'call', ...row });

/** Columns of the older tree only; the seed patch shares its order and lines. */
export const in61 = <T>(old: T): PerColumn<T> => ({ 'v6.1': old, 'seed-v6': old });
export const in612 = <T>(recent: T): PerColumn<T> => ({ 'v6.12': recent });
/** `old` for 6.1 and the seed patch on top of it, `recent` for 6.12. */
export const both = <T>(old: T, recent: T): PerColumn<T> => ({ ...in61(old), ...in612(recent) });
export const everywhere = <T>(same: T): PerColumn<T> => both(same, same);
/** One value a column: what the seed patch changes. */
export const each = <T>(old: T, seed: T, recent: T): PerColumn<T> => ({ 'v6.1': old, 'seed-v6': seed, 'v6.12': recent });

/** An allocation that may sleep, in every column. */
export const sleeping = { gfp: everywhere('GFP_KERNEL'), plausible: everywhere<Plausible>('small-sleeping') };

export const print = (level: string, text: string) => ({ level, text });
