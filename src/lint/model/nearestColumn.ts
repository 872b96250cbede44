// Which of the kernels that were read a tree is nearest to: by the version in its Makefile.
import type { Column } from '../../core/rows.ts';

const versions: readonly { readonly column: Column; readonly number: number }[] = [
  { column: 'v6.1', number: 6001 },
  { column: 'v6.12', number: 6012 },
];

const field = (makefile: string, name: string): number | null => {
  const found = new RegExp(`^${name}\\s*=\\s*(\\d+)\\s*$`, 'm').exec(makefile)?.[1];
  return found === undefined ? null : Number(found);
};

export interface Nearest {
  readonly column: Column;
  readonly why: string;
}

/** Null: the tree does not say its version. Of two that are equally far the newer one. */
export const columnByVersion = (makefile: string | null): Nearest | null => {
  const [version, level] = makefile === null ? [null, null] : [field(makefile, 'VERSION'), field(makefile, 'PATCHLEVEL')];
  if (version === null || level === null) return null;
  const far = ({ number }: { number: number }): number => Math.abs(version * 1000 + level - number);
  const [first] = versions.toReversed().toSorted((a, b) => far(a) - far(b));
  return { column: first!.column, why: `its Makefile says ${version}.${level}` };
};

/** The kernel whose rows more often are where they were. */
export const columnByFit = (fits: readonly { readonly column: Column; readonly same: number; readonly all: number }[]): Nearest => {
  const [best] = fits.toSorted((a, b) => b.same / b.all - a.same / a.all);
  return { column: best!.column, why: `${best!.same} of ${best!.all} rows are where they were` };
};
