// An overlay as data: what a patch changes in a profile's rows, rules and drivers, before it is written. Files and programs make this.
import type { Condition } from './conditions.ts';
import type { Contract } from './contract.ts';
import type { Place } from './failure.ts';
import type { AttributeTable, Change, Class, Driver, Errno, Plausible, Undo } from './rows.ts';

/** Where something was said, so that a refusal can point at it. */
interface Said {
  readonly place?: Place;
}

export interface Printed {
  readonly level: string;
  readonly text: string;
}

interface FactsData extends Said {
  readonly id: string;
  readonly words: string;
  readonly class: Class;
  readonly errno: Errno | readonly Errno[];
  readonly cite?: string;
  readonly prints?: Printed;
  readonly unreachable?: string;
  readonly note?: string;
}

/** A row as a file says it: the values of one column. */
export type RowData =
  | (FactsData & { readonly kind: 'check'; readonly refuses: Condition })
  | (FactsData & {
      readonly kind: 'alloc';
      readonly site: string;
      readonly what?: string;
      readonly gfp?: string;
      readonly plausible?: Plausible;
      readonly tries?: 1 | 2;
      readonly failure?: 'errno' | 'ignored' | 'next';
      /** A number, or the path of an attribute that holds one. */
      readonly times?: number | string;
      readonly when?: Condition;
    })
  | (FactsData & { readonly kind: 'take'; readonly pool: string; readonly undo?: Undo; readonly when?: Condition })
  | (Said & {
      readonly kind: 'effect';
      readonly id: string;
      readonly words: string;
      readonly cite?: string;
      readonly changes: readonly Change[];
      readonly undo?: Undo;
      readonly when?: Condition;
    })
  | (FactsData & {
      readonly kind: 'call';
      readonly api?: string;
      readonly path?: string;
      readonly masks?: boolean;
      readonly failure?: 'errno' | 'ignored';
      readonly when?: Condition;
    });

/** What changes of a row that is there; a key that is absent stays as it is. */
export interface RowChange extends Said {
  readonly id: string;
  readonly errno?: Errno | readonly Errno[];
  readonly class?: Class;
  readonly words?: string;
  readonly note?: string;
  readonly cite?: string;
  /** Of a check. */
  readonly refuses?: Condition;
  /** Of every other kind; null: always. */
  readonly when?: Condition | null;
  /** Null: prints nothing. */
  readonly prints?: Printed | null;
  readonly undo?: Undo;
  readonly failure?: 'errno' | 'ignored' | 'next';
  readonly masks?: boolean;
  readonly tries?: 1 | 2;
  /** Null: can be reached now. */
  readonly unreachable?: string | null;
  /** Moves the row in every path that has both. */
  readonly before?: string;
  readonly after?: string;
  readonly remove?: boolean;
}

/** One row more in a driver's path: beside a row that is there, or at the end. */
export interface RowAddition extends Said {
  readonly driver: string;
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
  readonly row: RowData;
}

export type AttributeData = { readonly [part in 'device' | 'iommu' | 'domain' | 'system']?: AttributeTable };

/** A driver that no tree has: another one under a new name, or rows as data; what both say, the data wins. */
export interface DriverData extends Said {
  readonly name: string;
  readonly like?: string;
  readonly files?: string;
  readonly operations?: readonly string[];
  readonly attributes?: AttributeData;
  readonly blocking?: 'static' | 'own' | 'stand-in';
  readonly enforcesCoherency?: Driver['enforcesCoherency'];
  readonly msi?: Driver['msi'];
  readonly paths?: { readonly [name: string]: readonly RowData[] };
  /** Changes of rows that hold for this driver only. */
  readonly rows?: readonly RowChange[];
  readonly sharing?: string;
  readonly note?: string;
}

export interface ApiChange extends Said {
  readonly id: string;
  readonly errnos?: readonly Errno[];
  /** Null: a failure does not stay. */
  readonly sticky?: Errno | null;
}

/** What a caller does with an errno of a candidate. */
export interface ContinueRule extends Said {
  readonly caller: string;
  readonly errnos: 'any' | readonly Errno[];
}

export interface AttributeAddition extends Said {
  readonly driver: string;
  readonly attributes: AttributeData;
}

export interface Overlay extends Said {
  readonly name: string;
  readonly title: string;
  /** The profile that it lies over. */
  readonly from: string;
  readonly continue: readonly ContinueRule[];
  /** By name, or three tables of its own. */
  readonly contract?: string | Contract;
  readonly rows: readonly RowChange[];
  readonly add: readonly RowAddition[];
  readonly attributes: readonly AttributeAddition[];
  readonly drivers: readonly DriverData[];
  readonly apis: readonly ApiChange[];
}

/** An overlay that changes nothing: what programs start from. */
export const emptyOverlay = (from: string, name = from): Overlay => ({
  name,
  title: `${from}, unchanged`,
  from,
  continue: [],
  rows: [],
  add: [],
  attributes: [],
  drivers: [],
  apis: [],
});
