// Names of files as diffs write them: with the side's letter in front, quoted where they hold more than ASCII.

/** Without a rename both names are equal but for their first letters, so the line is cut in the middle. */
export const twoNames = (names: string): [string, string] => {
  const quoted = /^("(?:[^"\\]|\\.)*") ("(?:[^"\\]|\\.)*")$/.exec(names);
  const [first, second] = quoted ? [quoted[1]!, quoted[2]!] : [names.slice(0, names.length / 2), names.slice(names.length / 2 + 1)];
  return [withoutSide(unquoted(first)), withoutSide(unquoted(second))];
};

/** The name of a `---` or `+++` line; a tab parts it from a time. */
export const nameIn = (line: string): string | null => {
  const name = unquoted(line.slice(4).replace(/\t.*$/, '').trimEnd());
  return name === '/dev/null' ? null : withoutSide(name);
};

/** `a/` and `b/`, or git's other letters for index, commit, object and work tree. */
const withoutSide = (name: string): string => name.replace(/^[abciow]\//, '');

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '"': '"', '\\': '\\' };

/** Git quotes names as C does, byte by byte. */
export const unquoted = (name: string): string => {
  if (!/^".*"$/.test(name)) return name;
  const bytes = name.slice(1, -1).replace(/\\([0-7]{3}|.)/g, (_, code: string) => escapes[code] ?? byte(code));
  return new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
};

const byte = (code: string): string => (/^[0-7]{3}$/.test(code) ? String.fromCharCode(Number.parseInt(code, 8) & 255) : code);
