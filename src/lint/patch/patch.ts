// A series of patches as it was read, before anything is applied.

export interface HunkLine {
  readonly mark: ' ' | '-' | '+';
  /** Without the newline. */
  readonly text: string;
  /** False before `\ No newline at end of file`. */
  readonly newline: boolean;
}

export interface Hunk {
  /** 1-based, in the text that was handed in, decoded. */
  readonly line: number;
  readonly oldStart: number;
  readonly newStart: number;
  readonly lines: readonly HunkLine[];
  /** Lines of context that the header counts and a text that ends too soon does not have. */
  readonly cut: number;
  /** Why it cannot be applied; null where it can be tried. */
  readonly damage: string | null;
}

/** `mode` where nothing else changes. */
export type FileChange = 'changed' | 'added' | 'deleted' | 'renamed' | 'copied' | 'mode';

/** Paths are from the kernel's root; null on the side where there is no file. */
export interface FilePatch {
  readonly change: FileChange;
  readonly from: string | null;
  readonly to: string | null;
  readonly hunks: readonly Hunk[];
  /** Why nothing of it can be applied: binary, a diff of a merge. */
  readonly unusable: string | null;
}

export interface Patch {
  /** Without the tag in brackets; the name of the input where there is none. */
  readonly subject: string;
  /** Of `[PATCH v6 1/5]`: 6, 1 and 5; null where the tag does not say. */
  readonly version: number | null;
  readonly number: number | null;
  readonly total: number | null;
  readonly files: readonly FilePatch[];
}

export interface Series {
  readonly patches: readonly Patch[];
  /** What the author made it on, where the mail says so. */
  readonly baseCommit: string | null;
  /** What is missing or was left out, each in one line. */
  readonly notes: readonly string[];
}

export const pathOf = ({ from, to }: FilePatch): string => to ?? from ?? '';
