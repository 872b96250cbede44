// Address ranges: what overlaps, what is left when a reserved region is cut out, and how many list entries that allocates.
import type { Mapping, Range, Region } from './world.ts';

export const overlaps = (a: Range, b: Range): boolean => a.start <= b.end && b.start <= a.end;

export const rangeOf = (mapping: Mapping): Range => ({ start: mapping.iova, end: mapping.iova + mapping.size - 1 });

/** The pieces of `range` outside `cut`: none to two. */
export const pieces = (range: Range, cut: Range): Range[] => {
  if (!overlaps(range, cut)) return [range];
  const below = range.start < cut.start ? [{ start: range.start, end: cut.start - 1 }] : [];
  const above = range.end > cut.end ? [{ start: cut.end + 1, end: range.end }] : [];
  return [...below, ...above];
};

/** A list with one region cut out; each piece of a cut entry is a new entry (vfio_iommu_resv_exclude). */
export const cutOut = (list: readonly Range[], cut: Range): { list: Range[]; allocated: number } => {
  let allocated = 0;
  const left = list.flatMap((range) => {
    const rest = pieces(range, cut);
    if (overlaps(range, cut)) allocated += rest.length;
    return rest;
  });
  return { list: left, allocated };
};

/** Direct-relaxable regions are for the kernel's own use: user space may map there. */
export const restricts = (region: Region): boolean => region.type !== 'direct-relaxable';

/** The list narrowed to a window. */
export const narrowed = (list: readonly Range[], window: Range): Range[] =>
  list.flatMap((range) =>
    overlaps(range, window) ? [{ start: Math.max(range.start, window.start), end: Math.min(range.end, window.end) }] : [],
  );

/** Whether one entry of the list holds the whole range. */
export const within = (list: readonly Range[], range: Range): boolean =>
  list.some((entry) => entry.start <= range.start && range.end <= entry.end);
