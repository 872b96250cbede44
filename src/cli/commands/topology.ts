// `attachlab topology [SNAPSHOT]`: a machine from a snapshot file or folder, an archive of one, or the live one; as text, YAML or JSON.

import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { Failure } from '../../core/failure.ts';
import { driverTable } from '../../kernels/build.ts';
import { machineIn, type ReadMachine } from '../../recordings/readRecording.ts';
import { readSnapshot } from '../../recordings/snapshotFile.ts';
import { readMachine } from '../../recordings/sysfs.ts';
import { openInput } from '../../recordings/trace/input.ts';
import { openRecording } from '../../recordings/trace/recording.ts';
import { isTar } from '../../recordings/trace/tar.ts';
import { printTopology } from '../../report/topology.ts';
import { printTopologyYaml } from '../../scenario/topologyYaml.ts';
import { type CommandFile, printJson } from '../command.ts';

/** What the script of `attachlab probes` leaves: text is neither packed nor an archive. */
const isPacked = async (path: string): Promise<boolean> => {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
  const { first, file, close } = await openInput(path, 512);
  await close();
  return file === undefined || isTar(first);
};

const machineAt = async (path: string): Promise<ReadMachine> => {
  if (!(await isPacked(path))) return readSnapshot(path);
  const found = machineIn(await openRecording(path));
  if (found) return found;
  throw new Failure('bad-topology', 'expected an archive with topology.txt, found none in it', { file: path });
};

const notesText = ({ notes }: ReadMachine): string =>
  notes.map(({ line, note, text }) => `${line === 0 ? '' : `line ${line}: `}${note}${text ? `: ${text}` : ''}\n`).join('');

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('[snapshot]', 'snapshot file, a folder or an archive with topology.txt; default: this machine')
      .option('--yaml', 'as a topology file for scenarios')
      .option('--json', 'as JSON')
      .action(async (path: string | undefined, options: { yaml?: boolean; json?: boolean }) => {
        const imported = path === undefined ? readMachine('/', hostname()) : await machineAt(path);
        if (options.json)
          return printJson(io, 'topology', 1, { topology: imported.topology, notes: imported.notes, tables: imported.tables });
        io.err(notesText(imported));
        io.out(
          options.yaml
            ? printTopologyYaml(imported.topology)
            : `${printTopology(imported.topology, [...driverTable.values()], imported.tables)}\n`,
        );
      }),
};
