// `attachlab redact RECORDING`: a copy of a recording without addresses, names of machines, users and processes, and paths.
import { counted } from '../../core/counted.ts';
import { Failure } from '../../core/failure.ts';
import { type Redacted, redact } from '../../recordings/redact/redact.ts';
import { tablesIn } from '../../recordings/redact/tables.ts';
import { block } from '../../report/blocks.ts';
import { type CommandFile, type Io, printJson } from '../command.ts';
import { textsAt, writeTexts } from '../redacted.ts';

interface Options {
  readonly out?: string;
  readonly json?: boolean;
}

const aboutTables = "ACPI tables: makers' names blanked; addresses stay, as those of instances and regions do";

const words = ({ parts, leftOut, replaced }: Redacted, out: string): string => {
  const { addresses, comms, hosts, others } = replaced;
  const what = [
    addresses === 1 ? '1 address' : `${addresses} addresses`,
    counted(comms, 'process name'),
    counted(hosts, 'host name'),
    `${counted(others, 'other name')} (users, paths, values of kernel parameters)`,
  ];
  return [
    ...block(`${out}: `, [...parts.keys()].join(', ')),
    ...block('  replaced: ', what.join(', ')),
    ...(tablesIn(parts.get('topology.txt') ?? '').length === 0 ? [] : block('  ', aboutTables)),
    ...(leftOut.length === 0 ? [] : block('  left out: ', leftOut.join(', '))),
  ].join('\n');
};

const redactAt = async (io: Io, path: string, { out, json }: Options): Promise<void> => {
  const texts = await textsAt(path);
  if (out === undefined && (json || !texts.isSingle)) {
    const hint = 'Add --out FOLDER; only a trace alone is printed.';
    throw new Failure('bad-usage', 'expected --out with the name of the copy', undefined, hint);
  }
  const redacted = redact(texts.parts, path);
  if (out === undefined) return io.out(redacted.parts.get('trace.txt')!);
  writeTexts(texts, redacted.parts, out);
  const { parts, leftOut, replaced } = redacted;
  if (json) printJson(io, 'redact', 1, { out, parts: [...parts.keys()], leftOut, replaced });
  else io.out(`${words(redacted, out)}\n`);
};

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('<recording>', 'a trace in text, a folder with one, or an archive')
      .option('--out <name>', 'the copy: a file for a trace alone, else a folder; default: a trace alone is printed')
      .option('--json', 'what was replaced and left out, as JSON')
      .action((path: string, options: Options) => redactAt(io, path, options)),
};
