// An errno contract: three small tables over a profile. Names are those of the facts' thread-positions section 5.
import type { Class, Errno } from './rows.ts';

export interface Contract {
  readonly name: string;
  readonly words: string;
  /** Errno that a driver returns for each class; a class without one is as the driver has it. */
  readonly classes: { readonly [name in Class]?: Errno };
  /** What a caller that searches does: try the next on these. Null: as the caller has it. */
  readonly scan: 'any' | readonly Errno[] | null;
  /** What an errno of a kernel API becomes on its way out of a driver. */
  readonly apis: { readonly [errno: Errno]: Errno };
  /** Who argued for it, by post of the thread. */
  readonly source: string;
}
