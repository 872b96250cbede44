// A machine as a user names it: a topology file, a snapshot file, or a folder with a snapshot.
import { existsSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { Failure } from '../core/failure.ts';
import type { Topology } from '../core/topology.ts';
import { readSnapshot } from '../recordings/snapshotFile.ts';
import { loadTopology } from '../scenario/load.ts';

const isWritten = (path: string): boolean => ['.yaml', '.yml', '.json'].includes(extname(path));

export const machineOf = (path: string): Topology => {
  if (!existsSync(path)) throw new Failure('bad-topology', `no topology file or snapshot is at ${path}`);
  return isWritten(path) && !statSync(path).isDirectory() ? loadTopology(path) : readSnapshot(path).topology;
};
