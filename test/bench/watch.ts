// How fast a trace is watched, against the same bytes read into events and no more, as an import does before it keeps them.
import { shownDetectors } from '../../src/detect/audit.ts';
import { openLive } from '../../src/detect/live.ts';
import { recordedProbe } from '../../src/detect/recordedProbe.ts';
import { recordBytes } from '../support/bareTrace.ts';
import { longTrace } from '../support/longTrace.ts';
import { type Figure, ratio } from './measure.ts';

const name = '6.12-x86_64-intel-conc';
const rounds = 12;
const turns = 3;

const cpuOf = async (action: () => Promise<void>): Promise<number> => {
  const start = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

async function* given(pieces: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* pieces;
}

export const watch = async (): Promise<Figure[]> => {
  const long = await longTrace(name);
  const pieces: Uint8Array[] = [];
  for await (const piece of long.pieces(rounds)) pieces.push(piece);
  const taken = { read: [] as number[], watched: [] as number[] };
  for (let turn = 0; turn <= turns; turn++) {
    const read = await cpuOf(() => recordBytes(name, given(pieces), () => {}));
    const live = openLive(shownDetectors, recordedProbe);
    const watched = await cpuOf(() => recordBytes(name, given(pieces), (event) => void live(event)));
    if (turn === 0) continue;
    taken.read.push(read);
    taken.watched.push(watched);
  }
  const [read, watched] = [median(taken.read), median(taken.watched)];
  const perSecond = (long.linesInRound * rounds) / watched;
  const found = `${Math.round(perSecond / 1000)} k lines/s`;
  return [{ name: 'watch a trace', found, against: ratio(read / watched, 'reading'), target: '50 k lines/s', met: perSecond >= 50_000 }];
};
