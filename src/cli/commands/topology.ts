// `attachlab topology [SNAPSHOT]`: a machine from a snapshot file or folder, or the live one; as text, YAML or JSON.

import { hostname } from 'node:os';
import { driverTable } from '../../kernels/build.ts';
import type { Imported } from '../../recordings/snapshot.ts';
import { readSnapshot } from '../../recordings/snapshotFile.ts';
import { readMachine } from '../../recordings/sysfs.ts';
import { printTopology } from '../../report/topology.ts';
import { printTopologyYaml } from '../../scenario/topologyYaml.ts';
import { type CommandFile, printJson } from '../command.ts';

const notesText = ({ notes }: Imported): string =>
  notes.map(({ line, note, text }) => `${line === 0 ? '' : `line ${line}: `}${note}${text ? `: ${text}` : ''}\n`).join('');

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('[snapshot]', 'snapshot file, or a folder with topology.txt; default: this machine')
      .option('--yaml', 'as a topology file for scenarios')
      .option('--json', 'as JSON')
      .action((path: string | undefined, options: { yaml?: boolean; json?: boolean }) => {
        const imported = path === undefined ? readMachine('/', hostname()) : readSnapshot(path);
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
