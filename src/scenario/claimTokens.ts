// The words of a claim: comparisons are cut into tokens that keep their place in the text.

export interface Token {
  readonly kind: 'operator' | 'mark' | 'quoted' | 'word' | 'end' | 'other';
  readonly text: string;
  /** Characters before it. */
  readonly at: number;
}

const word = `[^\\s(),'"<>=!]+`;
const pattern = new RegExp(
  `\\s*(?:(?<operator>==|!=|<=|>=|<|>)|(?<mark>[(),])|(?<quoted>"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*')|(?<word>${word})|(?<other>.))`,
  'suy',
);
const wholeWord = new RegExp(`^${word}$`, 'u');

export const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = [];
  const trimmed = text.trimEnd();
  pattern.lastIndex = 0;
  while (pattern.lastIndex < trimmed.length) {
    const [kind, found] = groupOf(pattern.exec(trimmed)!);
    tokens.push({ kind, text: found, at: pattern.lastIndex - found.length });
  }
  return [...tokens, { kind: 'end', text: '', at: trimmed.length }];
};

/** The pattern matches any text that has more than blanks. */
const groupOf = (match: RegExpExecArray): [Token['kind'], string] =>
  Object.entries(match.groups!).find(([, found]) => found !== undefined) as [Token['kind'], string];

export const isWord = (text: string): boolean => wholeWord.test(text);

export const unquoted = (quoted: string): string => quoted.slice(1, -1).replaceAll(/\\(.)/gsu, '$1');

export const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
