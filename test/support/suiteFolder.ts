// A folder of scenarios of every outcome: as expected, not, inconclusive, not loadable, n/a; on a machine in a folder below it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, machine, openBench, scenarioText } from './commandLine.ts';

const scenario = (name: string, rest: string): string =>
  `${scenarioText.replace('name: good', `name: ${name}`).replace('machine.yaml', 'topologies/machine.yaml')}${rest}`;

/** A name that every format has to do something about. */
export const brokenFile = '<broken> & #1.yaml';

/** `sound.json` expects what comes; `wrong.yaml` what does not, but under a caller that 6.1 has not. */
const files: Readonly<Record<string, string>> = {
  [brokenFile]: scenario('broken', 'frobnicate: 1\n'),
  'claimed.yml': scenario('claimed', 'claims: [{always: domains(c0) <= 0}]\n'),
  'held.yaml': scenario('held', 'claims: [{always: domains(c0) <= 1}]\n'),
  'open.yaml': scenario(
    'open',
    'claims: [{sometimes: domains(c0) >= 4}]\nfaults: [{site: domain_attach_iommu, domain: c0.d7, request: 3}]\n',
  ),
  'wrong.yaml': scenario(
    'wrong',
    'expect: [{caller: vfio-type1, results: [ok, ok, ENOMEM], domains: 2, findings: []}, {caller: iommufd-auto, result: ok}]\n',
  ),
};

const sound = {
  name: 'sound',
  kernel: '6.12.y',
  caller: 'vfio-type1',
  topology: 'topologies/machine.yaml',
  script: [{ attach: 5 }, { detach: 5 }],
  expect: [
    { kernel: '6.12.y', caller: 'vfio-type1', result: 'ok', domains: 0, findings: [] },
    { caller: 'vhost-vdpa', result: 'ok' },
  ],
};

/** Files are named as in the folder; without names, all of them. */
export const openSuite = (name: string, only: readonly string[] = [...Object.keys(files), 'sound.json']): Bench => {
  const bench = openBench(name);
  mkdirSync(join(bench.folder, 'topologies'));
  bench.file('topologies/machine.yaml', machine);
  bench.file('notes.md', 'no scenario');
  for (const file of only) bench.file(file, file === 'sound.json' ? JSON.stringify(sound) : files[file]!);
  return bench;
};
