// Puts the patches of a mailbox in the order of their numbers, and says what was left out or is missing.
import type { Patch } from './patch.ts';

/** A patch as its mail had it. */
export interface Read {
  readonly patch: Patch;
  readonly isReply: boolean;
  readonly notes: readonly string[];
}

interface Ordered {
  readonly patches: readonly Patch[];
  readonly notes: readonly string[];
}

/** Answers count only where there is nothing else; of several versions the newest. */
export const order = (read: readonly Read[]): Ordered => {
  const sent = read.some(({ isReply }) => !isReply) ? read.filter(({ isReply }) => !isReply) : read;
  const newest = Math.max(...sent.map(versionOf));
  const kept = distinct(sent.filter((one) => one.patch.number === null || versionOf(one) === newest));
  const series = seriesOf(kept.map(({ patch }) => patch));
  const notes = [
    ...older(sent, newest),
    ...(series.length > 1 ? [`several series are in it, of ${series.map(({ length }) => length).join(', ')} patches; in this order`] : []),
    ...series.flatMap(gaps),
    ...kept.flatMap((one) => one.notes),
  ];
  return { patches: series.flat(), notes };
};

const versionOf = ({ patch }: Read): number => (patch.number === null ? 0 : (patch.version ?? 1));

const older = (sent: readonly Read[], newest: number): string[] => {
  const versions = [...new Set(sent.filter(({ patch }) => patch.number !== null).map(versionOf))].filter((version) => version < newest);
  return versions.sort((a, b) => a - b).map((version) => `version ${version} is in it too and was left out; this is version ${newest}`);
};

/** A mail that went to two lists is in an archive twice. */
const distinct = (read: readonly Read[]): Read[] => {
  const keyOf = ({ patch }: Read): string => JSON.stringify([patch.number, patch.total, patch.subject]);
  const known = new Set<string>();
  return read.filter((one) => one.patch.number === null || (!known.has(keyOf(one)) && known.add(keyOf(one))));
};

/** Patches that count to the same total are a series, those without numbers another; in the order of their first. */
const seriesOf = (patches: readonly Patch[]): Patch[][] => {
  const byTotal = Map.groupBy(patches, ({ total }) => total);
  return [...byTotal.values()].map((series) => series.toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0)));
};

const gaps = (series: readonly Patch[]): string[] => {
  const total = series[0]?.total ?? null;
  if (total === null) return [];
  const missing = Array.from({ length: Math.min(total, mostNamed) }, (_, index) => index + 1).filter(
    (number) => !series.some((patch) => patch.number === number),
  );
  return missing.length === 0 ? [] : [`of ${total} patches ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not in it`];
};

/** Totals are written by hand in mails, so one may be anything. */
const mostNamed = 200;
