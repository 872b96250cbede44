// What was imported, and what of it could not be read: a recording with gaps is still a recording, and says where they are.
import type { Event, EventOf } from '../core/events.ts';
import { block } from './blocks.ts';
import { section } from './text.ts';

export interface ImportedRecording {
  readonly events: readonly Event[];
  readonly format: string;
  readonly release: string;
  readonly nearest: { readonly profile: string; readonly isExact: boolean };
  readonly counts: {
    readonly lines: number;
    readonly events: number;
    readonly lost: number;
    readonly unread: number;
    readonly unfinished: boolean;
  };
}

const kernelWords = ({ release, nearest: { profile, isExact } }: ImportedRecording): string => {
  if (release === '') return `a kernel that the recording does not name: compared with ${profile}, the newest that the model has`;
  return `linux ${release}, ${isExact ? `of the series of ${profile}` : `for which there is no profile: the nearest is ${profile}`}`;
};

/** The first few of each kind: a trace with a full buffer has thousands. */
const SHOWN = 3;

const gapLines = (gaps: readonly EventOf<'RecordingGap'>[]): string[] => {
  const kinds = [...new Set(gaps.map(({ what }) => what))];
  return kinds.flatMap((kind) => {
    const found = gaps.filter(({ what }) => what === kind);
    const more = found.length > SHOWN ? [`  and ${found.length - SHOWN} more of this kind`] : [];
    return [...found.slice(0, SHOWN).flatMap(({ line, text }) => block(`  line ${line}: `, text)), ...more];
  });
};

export const printImport = (id: string, found: ImportedRecording): string => {
  const { lines, events, lost, unread, unfinished } = found.counts;
  const gaps = found.events.filter((event): event is EventOf<'RecordingGap'> => event.type === 'RecordingGap');
  return [
    `${id}: ${found.events.length} events`,
    ...block('  ', kernelWords(found)),
    ...block('  ', `${lines} lines of ${found.format}: ${events} events, ${lost} places where events were lost, ${unread} unread`),
    ...(unfinished ? ['  the last line has no end: whatever wrote the trace was cut off'] : []),
    ...section('not seen, or not for certain', gapLines(gaps)),
    `look: attachlab attaches ${id}, attachlab why ${id}, attachlab audit ${id}`,
  ].join('\n');
};
