// How an append is cut into rows: by number, and by size for events as large as a world.
import { expect, it } from 'vitest';
import { chunksOf } from '../../src/store/chunks.ts';
import { counted } from './counted.ts';

it.each([
  [0, []],
  [1, [1]],
  [255, [255]],
  [256, [256]],
  [257, [256, 1]],
  [600, [256, 256, 88]],
])('%i small events', (count, cut) => {
  expect([...chunksOf(counted(1, count))].map((chunk) => chunk.count)).toEqual(cut);
});

it('large events, so that a row does not grow beyond 64 Ki characters and one event', () => {
  const large = { type: 'RunStarted', world: 'x'.repeat(30_000) };
  expect([...chunksOf(Array(8).fill(large))].map((chunk) => chunk.count)).toEqual([3, 3, 2]);
});

it('a row is a JSON array with one canonical event a line', () => {
  expect([...chunksOf(counted(1, 2))]).toEqual([{ count: 2, events: '[{"at":1,"type":"Counted"},\n{"at":2,"type":"Counted"}]' }]);
});
