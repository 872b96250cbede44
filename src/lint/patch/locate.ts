// Finds where in a text a hunk belongs, as GNU patch does: nearest to the line it names, then with its outermost context ignored.

/** One side of a hunk: its lines, and how many of them are context in front and behind. */
export interface Side {
  readonly lines: readonly string[];
  readonly leading: number;
  readonly trailing: number;
  /** The hunk says that it begins the file. */
  readonly first: boolean;
  /** Lines at its end are missing, so that its end says nothing. */
  readonly cut: boolean;
}

export interface Found {
  /** 0-based line of the side's first line, though that may be ignored. */
  readonly index: number;
  readonly fuzz: number;
  /** In how many places it fits as well as here. */
  readonly places: number;
}

/** As `patch -F2`, its default: so many lines of context may differ at either end, but not all that there is. */
const mostFuzz = 2;

/** `expected` is 0-based; nothing before `from` is looked at, for hunks come in order. */
export const locate = (text: readonly string[], side: Side, expected: number, from: number, most = mostFuzz): Found | null => {
  const context = Math.max(side.leading, side.trailing);
  for (let fuzz = 0; fuzz <= Math.min(most, context); fuzz++) {
    const found = withFuzz(text, side, expected, from, fuzz);
    if (found) return found;
  }
  return null;
};

const withFuzz = (text: readonly string[], side: Side, expected: number, from: number, fuzz: number): Found | null => {
  const [front, behind] = excess(side, fuzz);
  const ignored: readonly [number, number] = [Math.max(front, 0), Math.max(behind, 0)];
  const wanted = side.lines.slice(ignored[0], side.lines.length - ignored[1]);
  const last = text.length - (side.lines.length - ignored[1]);
  if (wanted.length === 0 && side.lines.length > 0) return null;
  const possible = wanted.length === 0 ? [expected] : front < 0 && side.first ? [0] : behind < 0 && !side.cut ? [last] : upTo(from, last);
  const places = possible.filter((index) => index >= from && index <= last && fits(text, wanted, index + ignored[0]));
  const [index] = places.sort((a, b) => Math.abs(a - expected) - Math.abs(b - expected) || b - a);
  return index === undefined ? null : { index, fuzz, places: places.length };
};

/** Below zero where one side has less context than the other: the file begins or ends there. */
const excess = ({ leading, trailing }: Side, fuzz: number): [number, number] => {
  const context = Math.max(leading, trailing);
  return [fuzz + leading - context, fuzz + trailing - context];
};

const upTo = (from: number, last: number): number[] => Array.from({ length: Math.max(last - from + 1, 0) }, (_, index) => from + index);

const fits = (text: readonly string[], wanted: readonly string[], at: number): boolean =>
  wanted.every((line, index) => text[at + index] === line);
