// `replay RUN --at N`: what event N changed, and the state after it.
import type { Event } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import type { World } from '../core/world.ts';
import { changesBy, type WorldChange } from '../engine/patches.ts';
import { eventLine } from '../report/events.ts';
import { printState } from '../report/state.ts';
import { type Io, printJson } from './command.ts';

/** Values longer than this are cut in text; JSON has them whole. */
const widthMax = 44;

const valueText = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= widthMax ? text : `${text.slice(0, widthMax - 3)}...`;
};

const changeText = ({ path, operation, value }: WorldChange): string =>
  operation === 'remove' ? `         ${path} is removed` : `         ${path} = ${valueText(value)}`;

/** `before` is the world before `event`, and is changed; 0 events have no changes. */
export const showAt = (io: Io, run: string, at: number, before: World, event: Event | null, json: boolean): void => {
  const changes = event === null ? [] : changesBy(before, event);
  if (event !== null) evolve(before, event);
  const line = event === null ? [] : [eventLine(at, event, true), ...changes.map(changeText)];
  if (json) printJson(io, 'state', 1, { run, at, event, changes, world: before });
  else io.out(`${[...line, printState(before)].join('\n')}\n`);
};
