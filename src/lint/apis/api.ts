// What is known of a kernel function outside the drivers: what it can return, what a failure means, and where that can be read.
import type { Class } from '../../core/rows.ts';

/**
 * `errno`: zero or a negative errno. `pointer`: null (or the number zero) when it fails. `errorPointer`: an errno in a pointer.
 * `entry`: null, a pointer or an errno in a pointer (xa_store). `index`: a number that is no errno; the caller compares it with a limit to
 * see a failure. `flag`: zero or one, or a pointer that may be null without anything having failed. `status`: zero, or a number that is no
 * errno. `argument`: one of its arguments, unchanged. `callback`: what the function that is its argument returns. `nothing`: void, or a
 * value that no check reads.
 */
export type Returns = 'errno' | 'pointer' | 'errorPointer' | 'entry' | 'index' | 'flag' | 'status' | 'argument' | 'callback' | 'nothing';

export interface KernelApi {
  readonly names: readonly string[];
  readonly returns: Returns;
  /** Without sign, of both trees together; missing or empty: it hands on what something unknown returns. */
  readonly errnos?: readonly string[];
  /** Besides `errnos`, it hands on what a callback or the driver of other hardware returns. */
  readonly andOthers?: true;
  /** Of `errno`: a positive number is an answer, and zero may be one that a caller leaves at. */
  readonly counts?: true;
  /** What a failure means; of single errnos where they differ. For a flag: its being set is a failure. */
  readonly class?: Class;
  readonly classes?: { readonly [errno: string]: Class };
  /** It takes memory or an id. */
  readonly takes?: 'memory' | 'id';
  /** Which argument holds the allocation flags, from 0; or the flags that it uses itself. */
  readonly gfp?: number | string;
  /** Which argument it hands on or calls, from 0. */
  readonly argument?: number;
  /** It belongs to drivers/iommu itself: where the tree that is read defines it, that definition says more. */
  readonly unlessDefined?: true;
  /** `file: function:lines` in 6.1.192 and in 6.12.117; the function that decides. */
  readonly cite?: { readonly 'v6.1'?: string; readonly 'v6.12'?: string };
}
