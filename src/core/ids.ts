// Names of things in a run. All are plain strings as the kernel's users write them; slots are named by their owner.

/** PCI address or device-tree name, e.g. `0000:00:10.0`. */
export type DeviceId = string;
/** Group number as a string, e.g. `5`. */
export type GroupId = string;
/** `c0.d1`: slot 1 of container c0; `g5.default`, `g5.blocking`: the group's own; `intel.identity`: shared by groups. */
export type DomainId = string;
/** Kernel name of an IOMMU instance, e.g. `dmar0`. */
export type IommuId = string;
/** Container or IOAS, e.g. `c0`. */
export type ContainerId = string;
/** One actor, e.g. `t0`. */
export type TaskId = string;
/** `NAME/OWNER`, e.g. `group.mutex/5`. */
export type LockId = string;

/** Containers of one user space are `c0`, `c0+1`, ...: the address space whose memory they map, and which of its containers this is. */
export const spaceOf = (container: ContainerId): { readonly space: string; readonly slot: number } => {
  const [, space, slot] = /^(.*?)(?:\+(\d+))?$/.exec(container)!;
  return { space: space!, slot: Number(slot ?? 0) };
};

export const containerIn = (space: string, slot: number): ContainerId => (slot === 0 ? space : `${space}+${slot}`);

/** The first of `PREFIX0`, `PREFIX1`, ... that is not taken: a slot is reused only when nothing refers to it. */
export const lowestFree = (prefix: string, taken: (id: string) => boolean): string => {
  let slot = 0;
  while (taken(`${prefix}${slot}`)) slot += 1;
  return `${prefix}${slot}`;
};
