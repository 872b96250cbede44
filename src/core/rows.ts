// The vocabulary of rows: one check, allocation, take, effect or call in a path, with its errno per profile and its source.
import type { Computed, Condition, Operand, Path, Value } from './conditions.ts';

/** The columns of the facts: a profile reads exactly one. */
export type Column = 'v6.1' | 'seed-v6' | 'v6.12';
export const columns: readonly Column[] = ['v6.1', 'seed-v6', 'v6.12'];

export type PerColumn<T> = { readonly [column in Column]?: T };

/** What a refusal means, whatever errno says it. */
export type Class = 'incompatible' | 'device' | 'transient-memory' | 'transient-space' | 'busy' | 'other';
export const classes: readonly Class[] = ['incompatible', 'device', 'transient-memory', 'transient-space', 'busy', 'other'];

/** EINVAL, ...; or a word of the facts: `0` (ignored), `NULL`, `oops`, `driver-errno`, ... */
export type Errno = string;

/** How an allocation's failure can come about, most likely first; see the facts' plausible_rule. */
export type Plausible = 'atomic' | 'accounted' | 'large-order' | 'dma' | 'id-or-xarray' | 'small-sleeping' | 'no-memory';
export const plausibilities: readonly Plausible[] = [
  'atomic',
  'accounted',
  'large-order',
  'dma',
  'id-or-xarray',
  'small-sleeping',
  'no-memory',
];

/** What every row says of itself; own words, from the sources named by `cite`. */
export interface RowFacts {
  readonly id: string;
  /** The entry of the facts that this row belongs to, when it is not the row's own id (an entry may have several sites). */
  readonly entry?: string;
  /** The condition in words. */
  readonly words: string;
  readonly class: Class;
  /** A list when a callee chooses. A column without a value does not have the row. */
  readonly errno: PerColumn<Errno | readonly Errno[]>;
  /** `function:lines`, in the driver's file or `file: function:lines`. */
  readonly cite: PerColumn<string>;
  /** Print level and message of this path, where it prints; `<x>` stands for a value. */
  readonly prints?: PerColumn<{ readonly level: string; readonly text: string }>;
  /** Why no run reaches the row; a test shows that none does. */
  readonly unreachable?: string;
  readonly note?: string;
}

/** One change of an attribute. `add` to an indexed path counts by name; a counter at zero is dropped. */
export type Change =
  | { readonly set: Path; readonly to: Operand | Computed }
  | { readonly add: Path; readonly by: number }
  /** One id goes back to its pool. */
  | { readonly give: Path };

/** What happens when a later row of the same path fails: the opposite, nothing (the kernel forgets it), or changes of its own. */
export type Undo = 'reverse' | 'none' | readonly Change[];

/** The row applies only when this holds. */
interface Conditional {
  readonly when?: Condition | PerColumn<Condition>;
}

/** Refuses when the condition holds. */
export interface CheckRow extends RowFacts {
  readonly kind: 'check';
  readonly refuses: Condition | PerColumn<Condition>;
}

/** One place that takes memory. Its failure gives the errno, is ignored, or leads to the next row. */
export interface AllocRow extends RowFacts, Conditional {
  readonly kind: 'alloc';
  /** `function:line` as fail-nth evidence names it. */
  readonly site: PerColumn<string>;
  readonly what: string;
  readonly gfp: PerColumn<string>;
  readonly plausible: PerColumn<Plausible>;
  /** Array nodes and temporary buffers are tried twice: one injected failure is tolerated. */
  readonly tries?: 1 | 2;
  readonly failure?: 'errno' | 'ignored' | 'next';
  /** How often the site runs: a number, an attribute that holds one, or a computed number. Default 1. */
  readonly times?: Operand | Computed;
}

/** Takes one of a numbered kind (domain ids, context banks, ASIDs): refuses at zero, else counts the attribute down. */
export interface TakeRow extends RowFacts, Conditional {
  readonly kind: 'take';
  readonly pool: Path;
  readonly undo: Undo;
}

/** Changes attributes and cannot fail. */
export interface EffectRow extends Conditional {
  readonly kind: 'effect';
  readonly id: string;
  readonly words: string;
  readonly cite: PerColumn<string>;
  readonly changes: readonly Change[];
  readonly undo: Undo;
  /** Columns that have the row; all when absent. */
  readonly columns?: readonly Column[];
}

/** Calls a kernel API whose errnos its record lists, or walks another path of the driver. */
export interface CallRow extends RowFacts, Conditional {
  readonly kind: 'call';
  /** Id of a kernel-API record; the call fails only by plan, or for ever once its record says so. */
  readonly api?: string;
  /** Name of another path of the same driver, walked in place: its refusals are its own rows'. */
  readonly path?: string;
  /** The errno passed on, when the driver hides the callee's: else the callee's own. */
  readonly masks?: boolean;
  /** Failure does not stop the path. */
  readonly failure?: 'errno' | 'ignored';
}

export type Row = CheckRow | AllocRow | TakeRow | EffectRow | CallRow;

/** An attribute that a driver keeps on a device, instance or domain. */
export interface AttributeFacts {
  /** What a run assumes when the topology does not say. */
  readonly default: Value;
  readonly words: string;
  /** Other values worth trying when the attribute is assumed. */
  readonly alternatives?: readonly Value[];
}

export type AttributeTable = { readonly [name: string]: AttributeFacts };

/**
 * Paths that the model asks a driver for; further names are the driver's own, for rows of kind `call`.
 * `allocate` (by type1 and the core), `allocateUser` (iommufd; default: allocate), `attach` (paging domains), `attachBlocking` and
 * `attachIdentity` (static domains; default: only `leave`), `leave` (the old domain is removed; scope: the device and its old domain),
 * `free`, `map`, `unmap`, `release` (the device goes away). A path that a driver does not name has no rows.
 */
export type PathTable = { readonly [name: string]: PerColumn<readonly Row[]> };

/** One IOMMU driver: data only. Adding one is adding one file to src/drivers. */
export interface Driver {
  readonly name: string;
  readonly files: PerColumn<string>;
  /** Columns without the driver, each with the reason. */
  readonly absent?: PerColumn<string>;
  /** Attach ops per column, e.g. `intel_iommu_attach_device()`. */
  readonly operations: PerColumn<readonly string[]>;
  readonly attributes: {
    readonly device?: AttributeTable;
    readonly iommu?: AttributeTable;
    readonly domain?: AttributeTable;
    readonly system?: AttributeTable;
  };
  /** static: costs nothing; own: the driver answers the blocking type with a domain of its own; stand-in: the core makes an unmanaged one. */
  readonly blocking: PerColumn<'static' | 'own' | 'stand-in'>;
  /** Columns in which every identity group is on one domain, so that it costs one id an instance. */
  readonly sharedIdentity?: readonly Column[];
  /** Whether this instance's domains can be made to enforce coherency (type1 step 17, iommufd at allocation). */
  readonly enforcesCoherency: Condition | false;
  /** Set on the domain when coherency is enforced. */
  readonly coherencyEffects?: readonly Change[];
  /** Whether the device's instance keeps dirty bits, so that user space can ask for a domain that tracks dirty pages. */
  readonly tracksDirty?: Condition;
  /** hardware: the MSI window is an ordinary reserved region; software: the caller prepares a cookie. */
  readonly msi: 'hardware' | 'software';
  /** How enable_nesting of a fresh domain answers: an errno, or what it sets on the domain. Without an answer the core says EINVAL. */
  readonly nesting?: PerColumn<Errno | readonly Change[]>;
  /** Where the driver allocates an entry of its reserved-region list (its failure is ignored). */
  readonly regions?: PerColumn<{ readonly site: string; readonly gfp: string }>;
  readonly paths: PathTable;
  readonly sharing: string;
  readonly note?: string;
}

/** A kernel API that rows call: the errnos it can give, and whether a failure stays. */
export interface ApiFacts {
  readonly id: string;
  readonly api: string;
  readonly file: string;
  readonly errnos: readonly {
    readonly errno: Errno;
    readonly when: string;
    readonly lines?: PerColumn<string>;
    readonly leaks?: boolean;
  }[];
  /** After the first failure every later call gives this, until the device is reset. */
  readonly sticky?: Errno;
  readonly note?: string;
}
