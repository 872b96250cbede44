// The one file or command that would decide about a cause: by what its row reads and the inputs do not tell.
import type { Path } from '../core/conditions.ts';
import type { Row } from '../core/rows.ts';
import { placeOf, readMachine } from './machineRead.ts';
import type { Question } from './rowCauses.ts';

const traceCalls = 'strace -f -y -e trace=openat,ioctl -p <pid>';
const probes = (series: string, flags = ''): string => `the next attempt, recorded: attachlab probes --kernel ${series}${flags}`;

/** First one that fits the path. */
const commands: readonly (readonly [RegExp, (series: string) => string])[] = [
  [/^user\.isolated$/, () => 'dmesg | grep -i remapping'],
  [/^user\./, () => traceCalls],
  [/^(container|mapping)\./, (series) => probes(series, ' --maps')],
  [/^group\.(owner|ownerCount|container|iommufd|attachedDevices)/, () => "ls -l /proc/[0-9]*/fd 2>/dev/null | grep -E 'vfio|iommu'"],
  [/^(domain|group)\./, (series) => probes(series)],
];

export const decideBy = (row: Row, reads: readonly Path[], { series, inputs, subjects, call, column }: Question): string => {
  if (row.kind === 'alloc') return probes(series);
  const [subject = null] = subjects;
  const unknown = subject === null ? reads : reads.filter((path) => readMachine(inputs, subject, call)(path) === undefined);
  const path = unknown[0] ?? reads[0];
  if (path === undefined) return row.kind === 'call' ? 'dmesg' : probes(series);
  const command = commands.find(([form]) => form.test(path))?.[1];
  return command ? command(series) : placeOf(path, subject, column);
};
