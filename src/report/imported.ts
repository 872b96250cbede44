// What was imported, and what of it could not be read: a recording with gaps is still a recording, and says where they are.
import type { EventOf } from '../core/events.ts';
import { block } from './blocks.ts';
import { section } from './text.ts';

export interface ImportedRecording {
  readonly events: number;
  readonly gaps: GapSummary;
  readonly format: string;
  readonly release: string;
  readonly nearest: { readonly profile: string; readonly isExact: boolean };
  /** Tables of ACPI that are not used, or contradict the kernel. */
  readonly notes: readonly string[];
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

/** Gaps by kind, as they come: how many, and the first few. */
export class GapSummary {
  readonly #kinds = new Map<string, { count: number; readonly first: EventOf<'RecordingGap'>[] }>();

  note(gap: EventOf<'RecordingGap'>): void {
    const known = this.#kinds.get(gap.what) ?? { count: 0, first: [] };
    known.count += 1;
    if (known.first.length < SHOWN) known.first.push(gap);
    this.#kinds.set(gap.what, known);
  }

  get total(): number {
    return [...this.#kinds.values()].reduce((sum, { count }) => sum + count, 0);
  }

  lines(): string[] {
    return [...this.#kinds.values()].flatMap(({ count, first }) => [
      ...first.flatMap(({ line, text }) => block(`  line ${line}: `, text)),
      ...(count > first.length ? [`  and ${count - first.length} more of this kind`] : []),
    ]);
  }
}

export const printImport = (id: string, found: ImportedRecording): string => {
  const { lines, events, lost, unread, unfinished } = found.counts;
  return [
    `${id}: ${found.events} events`,
    ...block('  ', kernelWords(found)),
    ...block('  ', `${lines} lines of ${found.format}: ${events} events, ${lost} places where events were lost, ${unread} unread`),
    ...(unfinished ? ['  the last line has no end: whatever wrote the trace was cut off'] : []),
    ...found.notes.flatMap((note) => block('  ', note)),
    ...section('not seen, or not for certain', found.gaps.lines()),
    `look: attachlab attaches ${id}, attachlab why ${id}, attachlab audit ${id}`,
  ].join('\n');
};
