// The options of a trace.dat that change how its events read; the others (dates, maps, guests, statistics) are passed over.
import type { Cursor } from './cursor.ts';
import type { Draft } from './draft.ts';

export const buffer = 3;
export const traceClock = 4;

const options: Readonly<Record<number, (draft: Draft, data: Cursor) => void>> = {
  [traceClock]: (draft, data) => {
    draft.clock = clockOf(data.rest());
  },
  7: (draft, data) => {
    const offset = Number(data.rest().replace(/\0.*/s, ''));
    draft.timeOffset = Number.isFinite(offset) ? offset : 0;
  },
  8: (draft, data) => {
    draft.cpuCount = data.u32('the number of CPUs');
  },
  14: (draft, data) => {
    const multiplier = data.u32('a multiplier');
    draft.tsc = { multiplier, shift: data.u32('a shift') };
  },
};

export const takeOption = (draft: Draft, id: number, data: Cursor): void => options[id]?.(draft, data);

/** `local [mono] boot`: the one in brackets is in use. */
export const clockOf = (text: string): string => /\[([\w-]+)\]/.exec(text)?.[1] ?? 'local';

/** Version 6 keeps the buffer of an instance beside the top one. */
export const instanceOf = (data: Cursor): string => {
  data.u64('the place of a buffer');
  return data.name('the name of an instance');
};
