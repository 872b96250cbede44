// One scenario on top of another: mappings are merged key by key, everything else is replaced, and each part keeps its place.
import { isMapping, type Source, type Step } from './source.ts';

export const merged = (own: Source, base: Source): Source => ({
  value: mergedValue(own.value, base.value),
  place: (path, part, offset) => (comesFromBase(own.value, base.value, path) ? base : own).place(path, part, offset),
});

const mergedValue = (own: unknown, base: unknown): unknown => {
  if (!isMapping(own) || !isMapping(base)) return own;
  const both = Object.keys(own).map((key) => [key, Object.hasOwn(base, key) ? mergedValue(own[key], base[key]) : own[key]]);
  return { ...base, ...Object.fromEntries(both) };
};

/** What neither has is missing in the file that was asked for. */
const comesFromBase = (own: unknown, base: unknown, path: readonly Step[]): boolean => {
  const [step, ...rest] = path;
  if (step === undefined || !isMapping(own) || !isMapping(base)) return false;
  const inBase = Object.hasOwn(base, step);
  return Object.hasOwn(own, step) ? inBase && comesFromBase(own[step], base[step], rest) : inBase;
};

/** The same source without one of its top keys. */
export const without = (source: Source, key: string): Source => {
  if (!isMapping(source.value)) return source;
  return { ...source, value: Object.fromEntries(Object.entries(source.value).filter(([name]) => name !== key)) };
};
