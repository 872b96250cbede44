// A recording that can be given away: its texts without names, read twice, first to know all names, then to replace them.
import { Failure } from '../../core/failure.ts';
import { collector, replacer } from './names.ts';
import { isRedacted, isTrace, redactPart } from './parts.ts';
import { tablesIn } from './tables.ts';

export interface Redacted {
  readonly parts: ReadonlyMap<string, string>;
  /** Names of parts that nobody knows how to redact, and damaged tables. */
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
  const parts = new Map(known.map(([part, text]) => [part, redactPart(part, text, replacing, file)]));
  return {
    parts,
    leftOut: [...names.filter((part) => !isRedacted(part)), ...damagedTables(texts, parts)],
    replaced: { addresses: collected.addresses.size, comms: comm.size, hosts: host.size, others: user.size + path.size + value.size },
  };
};

const damagedTables = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] => {
  const [given, kept] = [before, after].map((parts) => tablesIn(parts.get('topology.txt') ?? ''));
  return given!.filter((signature) => !kept!.includes(signature)).map((signature) => `ACPI table ${signature}, which is damaged`);
};

const noTrace = (names: readonly string[], file: string): Failure =>
  new Failure('bad-trace', `expected a recording with a trace in text, as trace.txt; found ${names.slice(0, 8).join(', ')}`, { file });
