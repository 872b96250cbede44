// From the table of probes to a plan for one machine: the kernel's functions, of all drivers or of some, and what else to record.
import { Failure } from '../core/failure.ts';
import type { PlannedProbe, ProbePlan, Recorder } from '../core/probes.ts';
import { entryFetch, type ProbeKernel, type ProbeRow, probesOf, probeTable, returnType } from './probeTable.ts';

export interface PlanOptions {
  readonly kernel: string;
  readonly recorder: Recorder;
  readonly maps: boolean;
  readonly results: boolean;
  /** Names of the model's drivers; undefined: all. */
  readonly drivers: readonly string[] | undefined;
}

const kernels: readonly ProbeKernel[] = ['6.1', '6.12', '6.18'];

/** `6.12`, `6.12.y`, `6.12.117+deb12-amd64`; what is newer is of the newest series. */
const seriesOf = (given: string): ProbeKernel => {
  const [, series, major, minor] = /^((\d+)\.(\d+))(?:\.|$)/.exec(given) ?? [];
  const found = kernels.find((kernel) => kernel === series);
  if (found) return found;
  if (Number(major) > 6 || (major === '6' && Number(minor) > 12)) return '6.18';
  throw new Failure(
    'unknown-name',
    `expected a kernel whose functions were read (${kernels.join(', ')}), found ${given}`,
    undefined,
    'the script leaves out what a machine does not have: take the nearest older series',
  );
};

const everywhere: readonly string[] = ['core', 'vfio', 'iommufd'];

const knownDrivers = (names: readonly string[]): readonly string[] => {
  const known = [...new Set(probeTable.map(({ part }) => part))].filter((part) => !everywhere.includes(part));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names;
  throw new Failure('unknown-name', `expected a driver (${known.join(', ')}), found ${unknown}`);
};

const planned = (row: ProbeRow): PlannedProbe => ({ function: row.function, fetch: entryFetch(row), returns: returnType(row) });

/** Two drivers may each have a static function of one name. */
const once = (probes: readonly PlannedProbe[]): PlannedProbe[] => [...new Map(probes.map((probe) => [probe.function, probe])).values()];

const attachEvents = ['add_device_to_group', 'remove_device_from_group', 'attach_device_to_domain', 'io_page_fault'];
const mapEvents = ['map', 'unmap'];

export const probePlan = ({ kernel, recorder, maps, results, drivers }: PlanOptions): ProbePlan => {
  const series = seriesOf(kernel);
  const parts = drivers && [...everywhere, ...knownDrivers(drivers)];
  const rows = probesOf(series).filter(({ part }) => parts?.includes(part) ?? true);
  const detach = series === '6.1' ? ['detach_device_from_domain'] : [];
  const events = [...attachEvents, ...detach, ...(maps ? mapEvents : [])];
  return { kernel: series, recorder, probes: once(rows.map(planned)), events, maps, results };
};
