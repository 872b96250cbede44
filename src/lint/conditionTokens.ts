// C expressions cut into tokens: names, numbers, strings, operators. A character that begins none ends the reading.

const token =
  /\s*(?:([A-Za-z_]\w*|\d[\w.]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^~!<>=?:.,()[\]{}]))/uy;

/** Null where the text is no expression. */
export const tokensOf = (text: string): string[] | null => {
  const tokens: string[] = [];
  const trimmed = text.trim();
  token.lastIndex = 0;
  while (token.lastIndex < trimmed.length) {
    const match = token.exec(trimmed);
    if (match === null) return null;
    tokens.push(match[1] ?? match[2]!);
  }
  return tokens;
};

export const isOperand = (text: string | undefined): boolean => text !== undefined && /^[\w"']/.test(text);
