// The kept sources of the model as a small JSON text, one place, row, file and operation a line, and back.
import type { AllocationOrder, ModelSources, Place, PlaceKind, RowSource } from '../../core/rowSources.ts';

type Written = readonly [
  file: string,
  name: string,
  kind: string,
  text: string,
  errnos: string,
  gfp: string | null,
  prints: readonly string[],
  times: number,
  kin: number,
];

/** Rows name places by their number, or say why there is none. */
export interface EncodedSources {
  readonly tree: string;
  readonly places: readonly (readonly unknown[])[];
  readonly rows: { readonly [row: string]: readonly number[] | string };
  readonly functions: { readonly [file: string]: string };
  readonly orders: readonly AllocationOrder[];
}

const writtenOf = ({ file, function: name, kind, text, errnos, gfp, prints, times, kin }: Place): Written => [
  ...([file, name, kind, text, errnos.join(' '), gfp, prints, times, kin] as const),
];

const placeOf = (written: Written): Place => {
  const [file, name, kind, text, errnos, gfp, prints, times, kin] = written;
  return { file, function: name, kind: kind as PlaceKind, text, errnos: errnos === '' ? [] : errnos.split(' '), gfp, prints, times, kin };
};

const lines = (entries: readonly string[], [open, close]: readonly [string, string]): string =>
  entries.length === 0 ? open + close : `${open}\n${entries.join(',\n')}\n${close}`;

const named = (pairs: readonly (readonly [string, unknown])[]): string =>
  lines(
    pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`),
    ['{', '}'],
  );

const listed = (items: readonly unknown[]): string =>
  lines(
    items.map((item) => JSON.stringify(item)),
    ['[', ']'],
  );

export const encodeSources = ({ tree, rows, functions, orders }: ModelSources): string => {
  const places = new Map<string, number>();
  const number = (place: Place): number => {
    const text = JSON.stringify(writtenOf(place));
    if (!places.has(text)) places.set(text, places.size);
    return places.get(text)!;
  };
  const numbered = Object.entries(rows).map(([row, { places: own, problem }]) => [row, problem ?? own.map(number)] as const);
  const texts = lines([...places.keys()], ['[', ']']);
  const names = Object.entries(functions).map(([file, all]) => [file, all.join(' ')] as const);
  return `{"tree":${JSON.stringify(tree)},\n"places":${texts},\n"rows":${named(numbered)},\n"functions":${named(names)},\n"orders":${listed(orders)}}\n`;
};

export const decodeSources = ({ tree, places, rows, functions, orders }: EncodedSources): ModelSources => {
  const all = (places as readonly Written[]).map(placeOf);
  const source = (value: readonly number[] | string): RowSource =>
    typeof value === 'string' ? { places: [], problem: value } : { places: value.map((at) => all[at]!), problem: null };
  return {
    ...{ tree, orders, rows: Object.fromEntries(Object.entries(rows).map(([row, value]) => [row, source(value)])) },
    functions: Object.fromEntries(Object.entries(functions).map(([file, names]) => [file, names.split(' ')])),
  };
};
