// A recording that can be given away: its texts without names, read twice, first to know all names, then to replace them.
import { Failure } from '../../core/failure.ts';
import { collector, replacer } from './names.ts';
import { isRedacted, isTrace, redactPart } from './parts.ts';

export interface Redacted {
  readonly parts: ReadonlyMap<string, string>;
  /** Names of parts that nobody knows how to redact. */
  readonly leftOut: readonly string[];
  readonly replaced: { readonly addresses: number; readonly comms: number; readonly hosts: number; readonly others: number };
}

/** `file` is what messages call the recording. */
export const redact = (texts: ReadonlyMap<string, string>, file: string): Redacted => {
  const known = [...texts].filter(([part]) => isRedacted(part));
  const names = [...texts.keys()];
  if (texts.size > 1 && !names.some(isTrace)) throw noTrace(names, file);
  const collected = collector();
  for (const [part, text] of known) redactPart(part, text, collected, file);
  const replacing = replacer(collected);
  const { comm, host, user, path, value } = collected.found;
  return {
    parts: new Map(known.map(([part, text]) => [part, redactPart(part, text, replacing, file)])),
    leftOut: names.filter((part) => !isRedacted(part)),
    replaced: { addresses: collected.addresses.size, comms: comm.size, hosts: host.size, others: user.size + path.size + value.size },
  };
};

const noTrace = (names: readonly string[], file: string): Failure =>
  new Failure('bad-trace', `expected a recording with a trace in text, as trace.txt; found ${names.slice(0, 8).join(', ')}`, { file });
