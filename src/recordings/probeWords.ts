// Short forms in which the rows of probe tables are written.
import type { ProbeArgument, ProbeKernel, ProbeRole, ProbeRow } from './probeRow.ts';

const argument =
  (role: ProbeRole, usual: string) =>
  (position: number, name = usual): ProbeArgument => ({ position, name, role });

export const domain = argument('domain', 'dom');
export const inner = argument('driver-domain', 'ddom');
export const device = argument('device', 'dev');
export const group = argument('group', 'grp');
export const bus = argument('bus', 'bus');
export const instance = argument('instance', 'iommu');
export const owner = argument('owner', 'owner');
export const container = argument('container', 'cont');
export const iommufd = argument('iommufd', 'ictx');
export const bound = argument('bound-device', 'idev');
export const pageTable = argument('page-table', 'hwpt');
export const space = argument('address-space', 'ioas');
export const type = argument('type', 'type');
export const flags = argument('flags', 'flags');

export const v61: readonly ProbeKernel[] = ['6.1'];
export const v612: readonly ProbeKernel[] = ['6.12'];
export const v618: readonly ProbeKernel[] = ['6.18'];
export const both: readonly ProbeKernel[] = ['6.1', '6.12'];
export const since612: readonly ProbeKernel[] = ['6.12', '6.18'];
export const every: readonly ProbeKernel[] = ['6.1', '6.12', '6.18'];

type Bare = Omit<ProbeRow, 'part' | 'module'>;

export const rowsOf = (part: string, module: string | null, rows: readonly Bare[]): ProbeRow[] =>
  rows.map((row) => ({ ...row, part, module }));
