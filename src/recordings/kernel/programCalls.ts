// What a program called and got, from its own log: one JSON object a line, on the trace's clock. It names what a trace knows by address.
import { Failure } from '../../core/failure.ts';

export interface ProgramCall {
  readonly line: number;
  /** Nanoseconds; taken just before the call and just after it. */
  readonly start: number;
  readonly end: number;
  /** The thread, and the process that its descriptors belong to. */
  readonly pid: number;
  readonly process: number;
  /** Part of the program's work that the call belongs to. */
  readonly phase: string | null;
  readonly op: string;
  readonly container: string | null;
  readonly group: string | null;
  readonly device: string | null;
  readonly argument: string;
  readonly result: number;
  readonly errno: string | null;
}

/** Whose algorithm the calls run: user space makes the page tables, iommufd searches, or neither is asked. */
export const callerOf = (calls: readonly ProgramCall[]): 'iommufd-hwpt' | 'iommufd-auto' | 'vfio-type1' => {
  const has = (op: string): boolean => calls.some((call) => call.op === op);
  return has('IOMMU_HWPT_ALLOC') ? 'iommufd-hwpt' : has('open_iommufd') ? 'iommufd-auto' : 'vfio-type1';
};

/** The form in which the log says that a call has no container. */
const noContainer = /^none\d*$|^$/;

const textOr = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const groupOf = (value: unknown): string | null => (typeof value === 'number' && value >= 0 ? String(value) : textOr(value));

const callOf = (found: Record<string, unknown>, line: number): ProgramCall | null => {
  const { t_ns: start, t_end_ns: end, op, tid, pid, container, group, dev, arg, ret, err, phase } = found;
  if (typeof start !== 'number' || typeof end !== 'number' || typeof op !== 'string' || typeof (tid ?? pid) !== 'number') return null;
  return {
    ...{ line, start, end, op, pid: (tid ?? pid) as number, process: (pid ?? tid) as number, phase: textOr(phase) },
    container: noContainer.test(String(container ?? '')) ? null : String(container),
    group: groupOf(group),
    device: textOr(dev),
    argument: textOr(arg) ?? '',
    result: typeof ret === 'number' ? ret : 0,
    errno: typeof ret === 'number' && ret < 0 ? textOr(err) : null,
  };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** In the order of their starts. `bad-trace` for a line that is no call; a last line without an end was cut off and is left out. */
export const readProgramCalls = (text: string, file: string): ProgramCall[] => {
  const lines = text.split('\n');
  const calls = lines.flatMap((content, index) => {
    if (content.trim() === '') return [];
    const found = parsed(content);
    const call = typeof found === 'object' && found !== null ? callOf(found as Record<string, unknown>, index + 1) : null;
    if (call !== null) return [call];
    if (index === lines.length - 1) return [];
    const wanted = 'expected a call: a JSON object with t_ns, t_end_ns, tid, op, ret';
    throw new Failure('bad-trace', `${wanted}; found ${content.slice(0, 60)}`, { file, line: index + 1 });
  });
  return calls.sort((a, b) => a.start - b.start || a.line - b.line);
};
