// The page tables of a process as text: what is there, what one container would need, which causes remain, and what to record.
import { counted } from '../core/counted.ts';
import type { Sharing, SharingCause, SharingDevice } from '../core/sharing.ts';
import { table, wrap } from './text.ts';

const number = ({ least, most, by }: Sharing['tables']): string =>
  least === most ? `${counted(most, 'page table')}, by ${by}` : `between ${least} and ${most} page tables, by ${by}`;

const cells = ({ device, group, iommu, domainId, root }: SharingDevice): string[] => [
  device,
  group,
  iommu ?? 'none',
  domainId === null ? '?' : String(domainId),
  root ?? '?',
];

const causeLine = ({ words, shown }: SharingCause): string => wrap(`  ${shown ? '+' : '?'} ${words}`, '    ');

const neededText = ({ needed, kernel, obstacles }: Sharing): string =>
  [
    wrap(`One container, nothing failing, in the model of ${kernel}: ${counted(needed.length, 'page table')}`, '  '),
    ...needed.map((groups) => wrap(`  groups ${groups.join(', ')}`, '    ')),
    ...obstacles.map(({ group, from, because }) => wrap(`  group ${group} is not on that of group ${from}: ${because}`, '    ')),
  ].join('\n');

const causesText = (causes: readonly SharingCause[]): string => ['Why more than one', ...causes.map(causeLine)].join('\n');

export const printSharing = (sharing: Sharing): string => {
  const { pid, comm, devices, containers, iommufds, causes, recording } = sharing;
  const who = `process ${pid}${comm === null ? '' : ` (${comm.replace(/\p{C}/gu, '?')})`}`;
  const files = `${counted(containers, 'container file')}, ${counted(iommufds, 'iommufd')}`;
  return [
    wrap(`${who}: ${number(sharing.tables)}; ${files}`, '  '),
    table([['device', 'group', 'instance', 'domain id', 'root'], ...devices.map(cells)], '  '),
    neededText(sharing),
    ...(causes.length === 0 ? [] : [causesText(causes)]),
    ...(causes.some(({ shown, name }) => !shown || name === 'unknown')
      ? [`To tell, record the next attach:\n${wrap(`  ${recording}`, '    ')}`]
      : []),
  ].join('\n\n');
};
