// The only error class: a code for programs, a message that says where, what was expected and what was found, and a hint for people.

const hints = {
  'bad-usage': 'Run the command with --help to see what it takes.',
  'bad-scenario': 'Correct the file at the place named; the JSON Schema in the package lists every key.',
  'bad-topology': 'Take a snapshot as the README shows, or name a file made by `attachlab topology`.',
  'bad-overlay': 'Run `attachlab facts` to see the rows that can be named.',
  'bad-caller': 'Compare the file with a caller of the package: `attachlab show caller vfio-type1`.',
  'bad-baseline': 'Correct the file at the place named, or write it anew with --write-baseline.',
  'bad-check': 'Write the file anew: attachlab lint-kernel TREE --check-model --write FILE.',
  'bad-event': 'The stream was written by something else or is damaged; export it again.',
  'bad-trace': 'Hand in what the tool printed: `trace`, `trace-cmd report`, `perf script`, bpftrace -f json, or a trace.dat.',
  'bad-tree': 'Name a kernel source folder, its drivers/iommu, or REPOSITORY@REVISION to read from git.',
  'bad-patch': 'Hand in what `git format-patch --stdout` or `git diff` prints, or the raw mail or mbox of an archive.',
  'unknown-name': 'Run `attachlab list`, or `attachlab facts`, to see the names that exist.',
  'version-conflict': 'Another writer was first: read the stream again and decide anew.',
  'store-unusable': 'Name another file with --store; nothing was written to this one.',
  'replay-diverged': 'The model differs from the one that made the run; compare the two with `attachlab diff`.',
  'model-error': 'This is an error in the model itself; please report it with the command that shows it.',
  interrupted: 'Trees that were read are kept: the same command is faster the next time.',
  'old-node': 'Install Node 24 or newer.',
} as const;

export type FailureCode = keyof typeof hints;

/** A place in a file: 1-based line and column. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

const at = (place?: Place): string =>
  place ? `${place.file}${place.line ? `:${place.line}${place.column ? `:${place.column}` : ''}` : ''}: ` : '';

/** Thrown for everything that a user can cause; `code` is stable, the message is for people. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly place: Place | undefined;
  constructor(code: FailureCode, message: string, place?: Place, hint?: string) {
    super(`${at(place)}${message}\n${hint ?? hints[code]}`);
    this.name = 'Failure';
    this.code = code;
    this.place = place;
  }
}

/** Programmer errors: what must hold whatever the user does. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Failure('model-error', message);
}

/** The nearest of `names` to `word`, for "did you mean"; undefined when none is near. */
export const nearest = (word: string, names: readonly string[]): string | undefined => {
  const ranked = names.map((name) => ({ name, distance: distance(word.toLowerCase(), name.toLowerCase()) }));
  const goesOn = ({ name }: { name: string }): number => (name.startsWith(word) ? 0 : 1);
  ranked.sort((a, b) => a.distance - b.distance || goesOn(a) - goesOn(b));
  const best = ranked[0];
  return best && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.name : undefined;
};

/** Edit distance by single characters. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
};
