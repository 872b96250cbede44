// The text of `perf script`: `comm tid [cpu] time: system:event: text`, with the fields that -F left.
import type { LineReader, TextFormat } from '../format.ts';
import { unknown } from '../graphCalls.ts';
import { asTracefs, newNames, timeOf } from '../text.ts';
import type { LostEvents } from '../token.ts';

/**
 * What comes before the event. The thread counts: it is what tracefs calls pid. Between time and event may stand a period. Every
 * repetition has a limit, so that no line takes long.
 */
const head = String.raw`^ {0,20}(\S.{0,20}?) {1,20}(?:-?\d{1,10}/)?(-?\d{1,10}) {1,20}(?:\[(\d{1,5})\] {1,20})?(?:(\d{1,12})\.(\d{1,9}): {1,64})?`;
const sample = new RegExp(String.raw`${head}(?:\d{1,20} {1,64})?[\w-]{1,64}:([\w.]{1,128}): ?(.*)$`, 's');
const record = new RegExp(String.raw`${head}PERF_RECORD_(\w+)(.*)$`, 's');

/** Frames of a call chain, empty lines between them, notes of perf itself. */
const saysNothing = (text: string): boolean => text.startsWith('#') || /^\t *[0-9a-f]+ \S/.test(text) || text.trim() === '';

/** `PERF_RECORD_LOST lost 12`, of --show-lost-events. */
const lostIn = (text: string, line: number, cpu: string | undefined): LostEvents => {
  const count = /\blost (?:samples )?(\d{1,15})/.exec(text)?.[1];
  return { kind: 'lost', line, cpu: cpu === undefined ? null : Number(cpu), count: count === undefined ? null : Number(count) };
};

const reader = (): LineReader => {
  const same = newNames();
  return (text, line, tokens) => {
    const found = sample.exec(text);
    if (found) {
      const [, comm, thread, cpu, seconds, fraction, printed, words] = found;
      const { name, text: said } = asTracefs(printed!, words!);
      const time = seconds === undefined ? 0 : timeOf(seconds, fraction);
      const placed = { kind: 'line', line, time, cpu: cpu === undefined ? unknown : Number(cpu), pid: Number(thread) } as const;
      tokens.push({ ...placed, comm: same(comm!), name: same(name), text: said });
      return undefined;
    }
    const other = record.exec(text);
    if (other === null) return saysNothing(text) ? undefined : 'no line of perf script';
    // Comms, forks, exits and maps say nothing that an event does not.
    if (other[6]!.startsWith('LOST')) tokens.push(lostIn(other[7]!, line, other[3]));
    return undefined;
  };
};

export const perfScript: TextFormat = { name: 'perf script', fits: (line) => sample.test(line) || record.test(line), reader };
