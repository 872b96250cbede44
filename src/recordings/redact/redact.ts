// A recording that can be given away: its texts without names, read twice, first to know all names, then to replace them.
import { collector, replacer } from './names.ts';
import { isRedacted, redactPart } from './parts.ts';

export interface Redacted {
  readonly parts: ReadonlyMap<string, string>;
  /** Names of parts that nobody knows how to redact. */
  readonly leftOut: readonly string[];
  readonly replaced: { readonly addresses: number; readonly comms: number; readonly hosts: number; readonly others: number };
}

/** `file` is what messages call the recording. */
export const redact = (texts: ReadonlyMap<string, string>, file: string): Redacted => {
  const known = [...texts].filter(([part]) => isRedacted(part));
  const collected = collector();
  for (const [part, text] of known) redactPart(part, text, collected, file);
  const names = replacer(collected);
  const { comm, host, user, path, value } = collected.found;
  return {
    parts: new Map(known.map(([part, text]) => [part, redactPart(part, text, names, file)])),
    leftOut: [...texts.keys()].filter((part) => !isRedacted(part)),
    replaced: { addresses: collected.addresses.size, comms: comm.size, hosts: host.size, others: user.size + path.size + value.size },
  };
};
