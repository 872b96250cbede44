// Functions that call one another with the same arguments and hand on what came back: where a trace says otherwise, one of its lines is
// wrong, and nobody can tell which.
import type { Entered, Result, Values } from './seen.ts';

/** By the outer function, those that it calls for its own device, group and domain (6.1 and 6.12: iommu.c). */
const callees: Readonly<Record<string, readonly string[]>> = {
  iommu_attach_group: ['__iommu_attach_group'],
  iommu_attach_group_handle: ['__iommu_attach_group'],
  __iommu_device_set_domain: ['__iommu_attach_device'],
};

/** Those that it calls first for what it was asked for; going back they may be about another domain. */
const firstCallees: Readonly<Record<string, readonly string[]>> = {
  __iommu_attach_group: ['__iommu_group_set_domain_internal', '__iommu_attach_device'],
  __iommu_group_set_domain_internal: ['__iommu_device_set_domain', '__iommu_attach_device'],
  __iommu_group_set_domain: ['__iommu_attach_device'],
};

/** The core moves devices in these and does nothing else. */
const moving: ReadonlySet<string> = new Set([
  ...Object.keys(callees),
  ...Object.keys(firstCallees),
  '__iommu_attach_device',
  'iommu_replace_group_handle',
]);
const leaving: ReadonlySet<string> = new Set([
  'iommu_detach_group',
  'iommu_detach_group_handle',
  'iommu_domain_free',
  'iommu_group_release_dma_owner',
  'iommu_device_release_dma_owner',
  'vfio_iommu_type1_attach_group',
  'vfio_iommu_type1_detach_group',
]);

const roles = ['domain', 'group', 'device'] as const;

/** A driver's own function for attaching, inside the core's. */
const isDriverAttach = ({ values }: Entered): boolean => values.domain !== undefined && values.device !== undefined;

const isCallee = (outer: Entered, inner: Entered): boolean => {
  if (outer.function === '__iommu_attach_device') return isDriverAttach(inner);
  return callees[outer.function]?.includes(inner.function) === true;
};

const differing = (outer: Values, inner: Values): string | undefined =>
  roles.find((role) => outer[role] !== undefined && inner[role] !== undefined && outer[role] !== inner[role]);

/** In words; null: the two agree, or have nothing to do with each other. `isFirst`: nothing was called inside the outer one before. */
export const contradictionAt = (outer: Entered | undefined, inner: Entered, isFirst: boolean): string | null => {
  if (!outer) return null;
  if (moving.has(outer.function) && leaving.has(inner.function))
    return `${inner.function}() inside ${outer.function}(), which never calls it`;
  const isAsked = isFirst && firstCallees[outer.function]?.includes(inner.function) === true;
  if (!isAsked && !isCallee(outer, inner)) return null;
  const role = differing(outer.values, inner.values);
  return role === undefined ? null : `${outer.function}() and ${inner.function}() inside it are about another ${role}`;
};

const errnoOf = (result: Result | null): string | null => (result === null ? null : result.kind === 'errno' ? result.errno : 'OK');

export const contradictionIn = (
  outer: Entered | undefined,
  inner: Entered,
  results: { outer: Result | null; inner: Result | null },
): string | null => {
  if (!outer || !isCallee(outer, inner)) return null;
  const [given, handed] = [errnoOf(results.inner), errnoOf(results.outer)];
  return given === null || handed === null || given === handed
    ? null
    : `${inner.function}() gave ${given}, ${outer.function}() around it ${handed}`;
};
