// Reading what an older attachlab wrote: the vocabulary of events has one version, and pure functions lift events from each version
// to the next. One event becomes one event, because findings, forks and snapshots name events by number.
import { assert } from '../core/failure.ts';
import type { PlainEvent } from './store.ts';

export type Upcaster = (event: PlainEvent) => PlainEvent;

/** Entry 0 lifts version 1 to 2, entry 1 lifts 2 to 3, ...; types that an entry does not name stay as they are. */
export type Upcasters = readonly { readonly [type: string]: Upcaster }[];

/** Add an entry when the meaning or the shape of an event changes; never edit an old one. */
export const upcasters: Upcasters = [];

/** The version that is written. */
export const currentVersion = (table: Upcasters): number => table.length + 1;

/** Lifts an event of `version` to the current one. A version that is not known must be refused before. */
export const upcast = (event: PlainEvent, version: number, table: Upcasters): PlainEvent => {
  assert(version >= 1 && version <= currentVersion(table), `event version ${version} is not known`);
  let lifted = event;
  for (const step of table.slice(version - 1)) {
    if (Object.hasOwn(step, lifted.type)) lifted = step[lifted.type]!(lifted);
  }
  return lifted;
};
