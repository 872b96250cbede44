// What a function's run asks of everything around it: which function a name means, and what that one can return.

import type { SourceLine, WitnessStep } from '../../core/returnSites.ts';
import type { Class } from '../../core/rows.ts';
import type { KernelApi } from '../apis/api.ts';
import type { SourceFile } from '../c/sourceFile.ts';
import type { FunctionSource } from '../c/syntax.ts';
import type { Guard, Value } from './values.ts';

/** A place that takes memory or an id, as seen from the function that was run. */
export interface Allocation extends SourceLine {
  readonly function: string;
  readonly callee: string;
  readonly gfp: string | null;
  readonly class: Class;
  readonly guards: readonly Guard[];
  readonly steps: readonly WitnessStep[];
}

/** A call whose failure nobody looks at. */
export interface Ignored extends SourceLine {
  readonly function: string;
  readonly callee: string;
}

export interface Summary {
  readonly values: readonly Value[];
  readonly allocations: readonly Allocation[];
  readonly ignored: readonly Ignored[];
}

/** What a caller knows of one argument. */
export interface Argument {
  readonly values: readonly Value[];
  readonly roots: number;
}

export type Callee =
  | { readonly kind: 'function'; readonly of: FunctionSource }
  | { readonly kind: 'api'; readonly api: KernelApi }
  /** Called through a pointer: any of them. */
  | { readonly kind: 'any'; readonly of: readonly FunctionSource[]; readonly through: string }
  | { readonly kind: 'unknown'; readonly name: string };

export interface Program {
  /** Definitions that a name can mean in a file. */
  readonly named: (name: string, from: string) => readonly FunctionSource[];
  readonly callee: (name: string, from: FunctionSource) => Callee;
  /** Functions that tables put into a member of this name. */
  readonly members: (name: string, from: FunctionSource) => readonly FunctionSource[];
  readonly summary: (of: FunctionSource, args: readonly Argument[]) => Summary;
  readonly file: (of: FunctionSource) => SourceFile;
}
