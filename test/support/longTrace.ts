// A trace without end: a kept recording again and again, each time later, with other threads, and with other kernel addresses.
import { openRecording } from '../../src/recordings/trace/recording.ts';
import { recordedFile } from './recorded.ts';

const line = /^(.*?-)(\d+)( +\[\d+\] \S+ +)(\d+)\.(\d{6})(: .*)$/;

/** Addresses of what is allocated; the kernel's own text and data stay where they are. */
const allocated = /\b0xffff(?!ffff)([0-9a-f]{4})([0-9a-f]{8})\b/g;

const moved =
  (round: number) =>
  (_: string, high: string, low: string): string =>
    `0xffff${((Number.parseInt(high, 16) + round) & 0xfffe).toString(16).padStart(4, '0')}${low}`;

export interface LongTrace {
  readonly linesInRound: number;
  /** One piece a round. */
  readonly pieces: (rounds: number) => AsyncIterable<Uint8Array>;
}

export const traceTextOf = async (name: string): Promise<string> => (await openRecording(recordedFile(name))).text('trace.txt')!;

export const longTrace = async (name: string): Promise<LongTrace> => {
  const parsed = (await traceTextOf(name)).split('\n').flatMap((text) => {
    const found = line.exec(text);
    return found ? [found] : [];
  });
  const last = parsed.at(-1)!;
  const seconds = Number(last[4]) + 1;
  const threads = Math.max(...parsed.map(([, , pid]) => Number(pid))) + 1;
  const round = (index: number): string =>
    parsed
      .map(([, before, pid, between, whole, part, rest]) => {
        const time = `${Number(whole) + index * seconds}.${part}`;
        return `${before}${Number(pid) + index * threads}${between}${time}${rest!.replace(allocated, moved(index * 2))}\n`;
      })
      .join('');
  return {
    linesInRound: parsed.length,
    pieces: async function* (rounds) {
      for (let index = 0; index < rounds; index++) yield Buffer.from(round(index));
    },
  };
};
