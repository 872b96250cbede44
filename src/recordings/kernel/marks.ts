// What people write into a trace by hand (trace_marker) of the machine: a driver that took a device, a group's default domain, a module's
// parameter. Nothing else of a recording says these when they change while it is made.
import type { Value } from '../../core/conditions.ts';

/** An attribute of a part of the machine, from here on. */
export interface Mark {
  /** `device/0000:05:02.0`, `group/5`, `system`. */
  readonly part: string;
  readonly attribute: string;
  /** Null: what it is without anybody's doing. */
  readonly value: Value;
}

const flag = (text: string): boolean => /^[y1]$/i.test(text);

/** Each as the recorder's program writes it; a write that failed (`rc 1`) is none. */
const forms: readonly (readonly [RegExp, (found: readonly string[]) => Mark])[] = [
  [
    /\b([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]) given to ([\w-]+)/,
    ([, device, driver]) => ({ part: `device/${device}`, attribute: 'boundDriver', value: driver! }),
  ],
  [
    /\bgroup (\d+) type <- (DMA|DMA-FQ|identity|auto)(?: rc 0)?(?= *$)/,
    ([, group, type]) => ({ part: `group/${group}`, attribute: 'type', value: type === 'auto' ? null : type! }),
  ],
  [
    /\ballow_unsafe_interrupts <- ([YN10])(?= *$)/i,
    ([, value]) => ({ part: 'system', attribute: 'allowUnsafeInterrupts', value: flag(value!) }),
  ],
];

/** The mark, and its words alone. */
export const markIn = (text: string): { readonly mark: Mark; readonly words: string } | undefined => {
  for (const [form, read] of forms) {
    const found = form.exec(text);
    if (found) return { mark: read(found), words: found[0] };
  }
  return undefined;
};

/** Names of the event that a mark is, by tool. */
export const isMark = (name: string): boolean => /^(?:tracing_mark_write|print|bputs)$/.test(name);
