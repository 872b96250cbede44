// What became of a series on a tree: hunk by hunk, file by file, and the tree after each patch.
import type { KernelTree } from '../tree.ts';
import type { FilePatch, Hunk, Patch } from './patch.ts';

/** Where a hunk and the file part: `found` is null below the file's last line. */
export interface Difference {
  /** 1-based, in the file before the patch. */
  readonly line: number;
  readonly expected: string;
  readonly found: string | null;
}

export type HunkOutcome =
  /** `line`: 1-based, where the hunk begins in the patched file. `offset`: lines from where it said. `places`: where it fits as well. */
  | { readonly kind: 'applied'; readonly line: number; readonly offset: number; readonly fuzz: number; readonly places: number }
  /** What it would make stands there. */
  | { readonly kind: 'already'; readonly line: number }
  | { readonly kind: 'failed'; readonly reason: string; readonly difference: Difference | null };

export interface HunkResult {
  readonly hunk: Hunk;
  readonly outcome: HunkOutcome;
}

export interface FileResult {
  readonly file: FilePatch;
  readonly hunks: readonly HunkResult[];
  /** Why the file as a whole is not as the patch would make it, though hunks of it may be applied. */
  readonly problem: string | null;
}

export interface PatchResult {
  readonly patch: Patch;
  readonly files: readonly FileResult[];
  /** No hunk failed and no file has a problem. */
  readonly whole: boolean;
  readonly tree: KernelTree;
}
