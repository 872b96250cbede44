// Where in a line JSON.parse stopped. V8 says the position in some of its messages; where a value was expected it does not, and the line
// is read again, token by token, up to the first that is none or that stands in a value's place.

const text = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/u;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/u;
/** One token, after the blanks before it. */
const token = new RegExp(`[ \\t\\r\\n]*([{}[\\],:]|${text.source}|${number.source}|true|false|null)`, 'uy');

/** 1-based column of the error in `line`, for which JSON.parse gave `message`. */
export const jsonErrorColumn = (line: string, message: string): number => {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position) + 1;
  const end = endOfGoodTokens(line);
  return end + /^\s*/.exec(line.slice(end))![0].length + 1;
};

const endOfGoodTokens = (line: string): number => {
  let before = ':';
  let end = 0;
  token.lastIndex = 0;
  for (let match = token.exec(line); match !== null && !misplaced(before, match[1]!); match = token.exec(line)) {
    before = match[1]!;
    end = token.lastIndex;
  }
  return end;
};

/** A value belongs after these; only an empty list closes at once. */
const misplaced = (before: string, now: string): boolean => ':,['.includes(before) && ',:}]'.includes(now) && `${before}${now}` !== '[]';
