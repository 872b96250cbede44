// The vocabulary of workflow machines: a state names one operation, its transitions are on named outcomes, the rest is for readers.
import type { Column, Row } from './rows.ts';
import type { Verb } from './scenario.ts';

/** Name of an operation and its arguments; an argument that names a register is looked up by the operation. */
export type OperationCall = readonly [name: string, ...args: (string | number | boolean | null)[]];

export interface StateFacts {
  readonly op: OperationCall;
  /** Kernel function that does it, as printed: `iommu_attach_group()`. */
  readonly kernel?: string;
  /** Step of the facts, e.g. `2.3/18b`. */
  readonly step?: string;
  /** Row that says what a failure of a called workflow means here; the op's own rows are named by the op. */
  readonly row?: string;
  /** The scan's rule turns an errno of this state into NEXT or leaves it. */
  readonly scan?: boolean;
  /** The errno is not even stored. */
  readonly drops?: boolean;
  /** For a reader: what is undone from here on failure. */
  readonly undo?: string;
}

/** What an end state gives to the caller: OK, NONE, or the errno that the frame holds. */
export interface EndFacts {
  readonly result: 'OK' | 'NONE' | 'errno';
  /** Registers that the calling state gets back under the same names. */
  readonly returns?: readonly string[];
}

/** One state of a workflow machine. */
export const step = (op: OperationCall, on: Record<string, string>, facts: Omit<StateFacts, 'op'> = {}) => ({ meta: { op, ...facts }, on });

/** A state that performs one row: OK goes to `next`, every errno to `fail`; `name` is the step of the facts. */
export const rowStep = (id: string, next: string, fail: string, name?: string) =>
  step(['row', id], { OK: next, 'errno.*': fail }, name === undefined ? {} : { step: name });

/** The states that take and give back the lock of a kind that is held for the part in register `on`, each by where it goes next. */
export const lockSteps = (kind: string, on: string) => ({
  lock: (next: string) => step(['lock', kind, on], { OK: next }),
  unlock: (next: string) => step(['unlock', kind, on], { OK: next }),
});

/** An end state. `errno` returns `errno.X` for the X in register `errno`. */
export const end = (result: EndFacts['result'], ...returns: string[]) => ({
  type: 'final' as const,
  meta: { result, ...(returns.length === 0 ? {} : { returns }) },
});

/** Facts about a whole workflow, in the machine's root meta. */
export interface WorkflowFacts {
  /** The ioctl that user space calls, when the workflow is one. */
  readonly call?: string;
  /** A fault plan that names no call counts in this one; a path: only while it holds something. It is the ioctl that attaches. */
  readonly counts?: boolean | string;
  /** Kernel function of the whole, e.g. `vfio_iommu_type1_attach_group()`. */
  readonly kernel?: string;
}

/** Workflows that hold in some columns: the core's, and what several callers share. */
export interface WorkflowSet {
  readonly columns: readonly Column[];
  /** Machines by name, made with XState's createMachine. */
  readonly machines: { readonly [name: string]: unknown };
}

/** A caller: who asks for attaches. Adding one is adding one file to machines/workflows. */
export interface Caller {
  readonly name: string;
  readonly title: string;
  readonly containerKind: 'vfio' | 'ioas' | 'private';
  /** A user-space caller: the kernel's caller whose ioctls it makes, by column. Its rule and rows then hold for the kernel's part. */
  readonly above?: { readonly [column in Column]?: Caller };
  /** Columns where it never was, each with the reason; such a cell is n/a. */
  readonly absent?: { readonly [column in Column]?: string };
  /** Columns where it was never in one tree with those drivers: the cell is marked hypothetical. */
  readonly hypothetical?: { readonly [column in Column]?: string };
  /** Which errnos of a candidate mean "try the next": `any` or a list. Null: it never searches. */
  readonly scan: 'any' | readonly string[] | null;
  readonly requests: { readonly [verb in Verb]?: string };
  /** Where a request's workflow differs per column. */
  readonly requestsIn?: { readonly [column in Column]?: { readonly [verb in Verb]?: string } };
  readonly rows: readonly Row[];
  /** Machines by name, created with XState's createMachine. */
  readonly workflows: { readonly [name: string]: unknown };
  readonly note?: string;
}
