// From the rows of a checked overlay file to row data: each kind with the keys it has, and a failure where it lacks or exceeds them.
import type { Condition } from '../core/conditions.ts';
import { Failure } from '../core/failure.ts';
import type { AttributeData, RowChange, RowData } from '../core/overlay.ts';
import type { Class, Errno } from '../core/rows.ts';
import { type ConditionFile, conditionOf } from './overlayConditions.ts';
import { overlayKind } from './overlayKind.ts';
import type { RowChangeFile, RowFile } from './overlayRowSchema.ts';
import type { OverlayFile } from './overlaySchema.ts';
import type { PlaceOf, Step } from './source.ts';

type Key = keyof RowFile;
type RowKind = RowData['kind'];

const refusing: readonly Key[] = ['class', 'errno', 'prints', 'unreachable', 'note'];
const common: readonly Key[] = ['id', 'kind', 'words', 'cite'];

/** What each kind needs, and what else it may have. */
const keys: Record<RowKind, { readonly needs: readonly Key[]; readonly may: readonly Key[] }> = {
  check: { needs: ['class', 'errno', 'refuses'], may: refusing },
  alloc: { needs: ['class', 'errno', 'site'], may: [...refusing, 'when', 'what', 'gfp', 'plausible', 'tries', 'failure', 'times'] },
  take: { needs: ['class', 'errno', 'pool'], may: [...refusing, 'when', 'undo'] },
  effect: { needs: ['changes'], may: ['when', 'undo'] },
  call: { needs: ['class', 'errno'], may: [...refusing, 'when', 'api', 'path', 'masks', 'failure'] },
};

const checkKeys = (file: RowFile, at: readonly Step[], place: PlaceOf): void => {
  const { needs, may } = keys[file.kind];
  const missing = needs.find((key) => file[key] === undefined);
  if (missing) throw new Failure(overlayKind.code, `expected the key ${missing} in a row of kind ${file.kind}, found none`, place(at));
  const allowed = [...common, ...needs, ...may];
  const extra = (Object.keys(file) as Key[]).find((key) => !allowed.includes(key));
  if (extra)
    throw new Failure(
      overlayKind.code,
      `expected a key of a row of kind ${file.kind} (${[...new Set(allowed)].join(', ')}), found ${extra}`,
      place([...at, extra], 'key'),
    );
};

/** `-EINVAL` as the kernel writes it, and a bare 0. */
export const errnoOf = (written: string | number): Errno => String(written).replace(/^-/, '');

export const errnosOf = (written: string | number | readonly (string | number)[]): Errno | readonly Errno[] =>
  Array.isArray(written) ? written.map(errnoOf) : errnoOf(written as string | number);

const condition = (file: ConditionFile | undefined): { when?: Condition } => (file === undefined ? {} : { when: conditionOf(file) });

/** Keys that are not there stay away. */
export const present = <T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(given).filter(([, found]) => found !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };

/** One row of the file; `at` is where it stands. */
export const rowOf = (file: RowFile, at: readonly Step[], place: PlaceOf): RowData => {
  checkKeys(file, at, place);
  const { errno, when, refuses, ...rest } = file;
  const plain = { ...present(rest), ...(errno === undefined ? {} : { errno: errnosOf(errno) }), ...condition(when), place: place(at) };
  return (refuses === undefined ? plain : { ...plain, refuses: conditionOf(refuses) }) as RowData;
};

/** Without a change, or with one of a row that goes, the file cannot mean what it says. */
const checkChange = (id: string, file: RowChangeFile, at: readonly Step[], place: PlaceOf): void => {
  const named = Object.keys(present(file));
  if (named.length === 0) throw new Failure(overlayKind.code, `expected what changes of ${id}, found nothing`, place(at, 'key'));
  const beside = named.find((key) => key !== 'remove');
  if (file.remove && beside !== undefined)
    throw new Failure(overlayKind.code, `expected remove alone, as ${id} goes; found ${beside} beside it`, place([...at, beside], 'key'));
};

export const changeOf = (id: string, file: RowChangeFile, at: readonly Step[], place: PlaceOf): RowChange => {
  checkChange(id, file, at, place);
  const { errno, refuses, when, prints, unreachable, class: rowClass, ...rest } = file;
  return {
    ...(present(rest) as Partial<RowChange>),
    id,
    place: place(at, 'key'),
    ...(rowClass === undefined ? {} : { class: rowClass as Class }),
    ...(errno === undefined ? {} : { errno: errnosOf(errno) }),
    ...(refuses === undefined ? {} : { refuses: conditionOf(refuses) }),
    ...(when === undefined ? {} : { when: when === 'always' ? null : conditionOf(when) }),
    ...(prints === undefined ? {} : { prints: prints === 'none' ? null : prints }),
    ...(unreachable === undefined ? {} : { unreachable: unreachable === false ? null : unreachable }),
  };
};

type AttributesFile = NonNullable<OverlayFile['attributes']>[string];

export const attributesOf = (file: AttributesFile): AttributeData =>
  Object.fromEntries(
    Object.entries(file).flatMap(([part, table]) =>
      table === undefined ? [] : [[part, Object.fromEntries(Object.entries(table).map(([name, facts]) => [name, present(facts)]))]],
    ),
  ) as AttributeData;
