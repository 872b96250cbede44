// A recording's parts: the trace, and whatever was saved beside it, by the names under which a recorder saves them.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TraceSource } from './trace/input.ts';

export interface RecordingParts {
  readonly name: string;
  readonly trace: TraceSource;
  readonly text: (part: string) => string | undefined;
}

export const recordingParts = (path: string): RecordingParts => {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!isFolder) return { name: basename(path), trace: path, text: () => undefined };
  const text = (part: string): string | undefined => (existsSync(join(path, part)) ? readFileSync(join(path, part), 'utf8') : undefined);
  return { name: basename(path), trace: join(path, 'trace.txt'), text };
};
