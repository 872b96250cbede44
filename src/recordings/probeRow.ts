// A kernel function as a place for a probe: what its arguments are, what it returns, which kernels have it. The rows are in probeTable.ts.

/** A series of kernels whose functions are known: `6.18` stands for 6.13 and later. */
export type ProbeKernel = '6.1' | '6.12' | '6.18';

/** What an argument stands for. Pointers are addresses, `device`, `group` and `bus` are also known by name. */
export type ProbeRole =
  | 'domain'
  /** The driver's own struct around a domain: another address. */
  | 'driver-domain'
  | 'device'
  | 'group'
  | 'bus'
  | 'instance'
  | 'owner'
  /** Of VFIO, or the type1 backend's data. */
  | 'container'
  /** The context behind an iommufd descriptor. */
  | 'iommufd'
  /** A device bound to an iommufd. */
  | 'bound-device'
  /** An hwpt object of iommufd. */
  | 'page-table'
  /** An IOAS object, or the io_pagetable in it. */
  | 'address-space'
  | 'type'
  | 'flags';

export interface ProbeArgument {
  /** From 1, as $arg1. */
  readonly position: number;
  /** The name in front of the value in a trace line, e.g. `dom`. */
  readonly name: string;
  readonly role: ProbeRole;
}

/** `pointer`: an address or an errno; `bool`: one byte. */
export type ProbeReturn = 'errno' | 'pointer' | 'bool' | 'void';

export interface ProbeRow {
  readonly function: string;
  readonly arguments: readonly ProbeArgument[];
  readonly returns: ProbeReturn;
  readonly kernels: readonly ProbeKernel[];
  /** Module that the function is in; null: built in. A module may be built in as well. */
  readonly module: string | null;
  /** `core`, `vfio`, `iommufd`, or a driver of the model. */
  readonly part: string;
  /** Another driver with a static function of this name: where both are built in, a probe by name is ambiguous. */
  readonly sharedWith?: string;
}

/** The name behind a pointer: a device, a bus and a group begin with it, or with a kobject that does (6.1 to 7.3). */
const nameAt = (position: number): string => `+0(+0($arg${position})):string`;

const fetch = ({ name, position, role }: ProbeArgument): string => {
  if (role === 'device' || role === 'bus') return `${name}=${nameAt(position)}`;
  if (role === 'type' || role === 'flags') return `${name}=$arg${position}:x32`;
  const address = `${name}=$arg${position}:x64`;
  return role === 'group' ? `${address} gid=${nameAt(position)}` : address;
};

/** Fetch arguments of the entry probe, as kprobe_events takes them. */
export const entryFetch = ({ arguments: all }: ProbeRow): string => all.map(fetch).join(' ');

const returnTypes = { errno: 's32', pointer: 'x64', bool: 'u8', void: null } as const;

/** Type of the value returned, in kprobe_events' words; null: there is none, and no return probe. */
export const returnType = ({ returns }: ProbeRow): (typeof returnTypes)[ProbeReturn] => returnTypes[returns];

/** Event names; trace lines have them without their group. */
export const entryEvent = (row: ProbeRow): string => `p_${row.function}`;
export const returnEvent = (row: ProbeRow): string => `r_${row.function}`;
