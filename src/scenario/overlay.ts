// Reads an overlay file: YAML or JSON to plain data, every mistake with file, line and column.
import type { Contract } from '../core/contract.ts';
import type { DriverData, Overlay } from '../core/overlay.ts';
import type { Errno } from '../core/rows.ts';
import { parseText } from './document.ts';
import { conditionOf } from './overlayConditions.ts';
import { overlayKind } from './overlayKind.ts';
import { attributesOf, changeOf, errnoOf, errnosOf, present, rowOf } from './overlayRows.ts';
import { type OverlayFile, overlaySchema } from './overlaySchema.ts';
import { checked } from './schemaParts.ts';
import { below, type PlaceOf } from './source.ts';

type Rule = 'any' | readonly Errno[];

const ruleOf = (written: 'any' | readonly (string | number)[]): Rule => (written === 'any' ? 'any' : written.map(errnoOf));

type ContractFile = Exclude<NonNullable<OverlayFile['contract']>, string>;

const errnoTable = (written: Record<string, string | number> | undefined): Record<string, Errno> =>
  Object.fromEntries(Object.entries(written ?? {}).map(([name, errno]) => [name, errnoOf(errno)]));

const contractOf = (file: ContractFile, origin: string): Contract => ({
  name: file.name ?? origin,
  words: file.words ?? `as ${origin} has it`,
  classes: errnoTable(file.classes),
  scan: file.continue === undefined ? null : ruleOf(file.continue),
  apis: errnoTable(file.apis),
  source: origin,
});

type DriverFile = NonNullable<OverlayFile['drivers']>[string];

const driverOf = (name: string, file: DriverFile, place: PlaceOf): DriverData => {
  const { attributes, enforcesCoherency, paths, rows, ...rest } = file;
  const inDriver = below(place, ['drivers', name]);
  const pathRows = Object.entries(paths ?? {}).map(([path, list]) => [
    path,
    list.map((row, index) => rowOf(row, ['paths', path, index], inDriver)),
  ]);
  const coherency = enforcesCoherency === undefined || enforcesCoherency === false ? enforcesCoherency : conditionOf(enforcesCoherency);
  return {
    ...(present(rest) as Partial<DriverData>),
    name,
    place: place(['drivers', name], 'key'),
    ...(attributes === undefined ? {} : { attributes: attributesOf(attributes) }),
    ...(coherency === undefined ? {} : { enforcesCoherency: coherency }),
    ...(paths === undefined ? {} : { paths: Object.fromEntries(pathRows) }),
    ...(rows === undefined ? {} : { rows: Object.entries(rows).map(([id, row]) => changeOf(id, row, ['rows', id], inDriver)) }),
  };
};

type AdditionFile = NonNullable<OverlayFile['add']>[number];

const additionOf = ({ row, ...rest }: AdditionFile, index: number, place: PlaceOf): Overlay['add'][number] => ({
  ...(present(rest) as Omit<AdditionFile, 'row' | 'before' | 'after'>),
  place: place(['add', index]),
  row: rowOf(row, ['add', index, 'row'], place),
});

type ApiFile = NonNullable<OverlayFile['apis']>[string];

const apiOf = (id: string, { errnos, sticky }: ApiFile, place: PlaceOf): Overlay['apis'][number] => ({
  id,
  place: place(['apis', id], 'key'),
  ...(errnos === undefined ? {} : { errnos: errnosOf(errnos) as readonly Errno[] }),
  ...(sticky === undefined ? {} : { sticky: sticky === false ? null : errnoOf(sticky) }),
});

/** The overlay that a text describes; `file` names it in failures. */
export const readOverlay = (text: string, file: string): Overlay => {
  const source = parseText(text, file, overlayKind);
  const written = checked(overlaySchema, source, overlayKind);
  const { place } = source;
  const entries = <T>(table: Readonly<Record<string, T>> | undefined): [string, T][] => Object.entries(table ?? {});
  const { contract } = written;
  return {
    name: written.name ?? file,
    title: written.title ?? written.name ?? file,
    from: written.from,
    place: place(['from']),
    ...(contract === undefined ? {} : { contract: typeof contract === 'string' ? contract : contractOf(contract, file) }),
    continue: entries(written.continue).map(([caller, rule]) => ({
      caller,
      errnos: ruleOf(rule),
      place: place(['continue', caller], 'key'),
    })),
    rows: entries(written.rows).map(([id, row]) => changeOf(id, row, ['rows', id], place)),
    add: (written.add ?? []).map((addition, index) => additionOf(addition, index, place)),
    attributes: entries(written.attributes).map(([driver, given]) => ({
      driver,
      attributes: attributesOf(given),
      place: place(['attributes', driver], 'key'),
    })),
    drivers: entries(written.drivers).map(([name, driver]) => driverOf(name, driver, place)),
    apis: entries(written.apis).map(([id, api]) => apiOf(id, api, place)),
  };
};
