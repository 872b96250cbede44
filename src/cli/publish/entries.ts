// The library's entries: what a user imports, the source behind it, and the package that the user has to bring along.

export interface Entry {
  /** As in the manifest's `exports`. */
  readonly name: string;
  readonly source: string;
  /** File of the bundle, without its folder and ending. */
  readonly code: string;
}

export const entries: readonly Entry[] = [
  { name: '.', source: 'src/index.ts', code: 'index' },
  { name: './fast-check', source: 'src/arbitraries/fastCheck.ts', code: 'fast-check' },
];

/** Packages that an entry's types show and that its caller hands in: wanted only by those who use the entry. */
export const handedIn: readonly string[] = ['fast-check'];

/** Where the declarations of a source are in the package. */
export const typesOf = (source: string): string => `./types/${source.replace(/\.ts$/, '.d.ts')}`;
