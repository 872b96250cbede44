// Makes kernel C readable for a C grammar without a preprocessor: annotations become blanks and macros that open a block become loops,
// at equal length, so that every line and column stays true.

import { annotation, annotationCall } from './annotations.ts';

/** What stood at an offset where the text now says `while` or `if`. */
export type Opener = 'loop' | 'scope';

export interface Blanked {
  /** As long as the source. */
  readonly text: string;
  /** By offset of the keyword that stands for the macro; its arguments are kept. */
  readonly openers: ReadonlyMap<number, Opener>;
}

const untouched = String.raw`/\*[\s\S]*?(?:\*/|$)|//[^\n]*|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'`;
const tokens = new RegExp(
  `(?<untouched>${untouched})|(?<annotation>${annotation})|(?<called>${annotationCall})|(?<statics>\\bstatic\\s+(?:DEFINE|DECLARE)_\\w+\\s*(?=\\())|(?<variadic>\\b\\w+(?=\\.\\.\\.))|(?<type>\\b(?:__)?typeof(?:__)?\\s*(?=\\())|(?<name>\\b[A-Za-z_]\\w*)\\s*(?=\\()|(?<brace>[{}])`,
  'g',
);

const keywords = new Set([
  'if',
  'for',
  'while',
  'switch',
  'return',
  'sizeof',
  'typeof',
  '__typeof__',
  'do',
  'else',
  'defined',
  'asm',
  '__asm__',
  'case',
  'goto',
]);
/** The grammar knows these with types inside. */
const ownTypes: Readonly<Record<string, true>> = { va_arg: true };
const scopes = /^scoped_|_scoped$|^if_not_guard$|^scoped_cond_guard$/;

/** Offset behind the bracket that closes the one at `open`; -1 when nothing does. Strings and comments are stepped over. */
const closing = (text: string, open: number): number => {
  const inside = new RegExp(`${untouched}|[()]|[{};]`, 'g');
  inside.lastIndex = open;
  let depth = 0;
  for (let found = inside.exec(text); found; found = inside.exec(text)) {
    if (found[0] === '(') depth += 1;
    else if (found[0] === ')' && --depth === 0) return found.index + 1;
  }
  return -1;
};

const blanks = (text: string): string => text.replace(/[^\n\r\t]/g, ' ');

/** A type among the arguments of a macro, as in `container_of(domain, struct dmar_domain, domain)` or `min_t(unsigned long, a, b)`. */
const tagArgument = /(?<=[(,]\s*)(?:const\s+)?\b(?:struct|union|enum)\s+(?=\w+\s*(?:\*\s*)*[,)])/g;
const wordArgument =
  /(?<=[(,]\s*)(?:(?:unsigned|signed|long|short|int|char|bool|size_t|ssize_t|u?int(?:8|16|32|64|ptr)_t|[us](?:8|16|32|64))\b\s*)+(?=(?:\*\s*)*[,)])/g;

/** What follows the name of a loop where it is spoken of, or called as a function; anything else is the loop's statement. */
const goesOn = /^(?:[;,)}]|$)/;

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

class Blanking {
  private readonly edits: Edit[] = [];
  private readonly openers = new Map<number, Opener>();
  private depth = 0;
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  run(): Blanked {
    for (const found of this.source.matchAll(tokens)) this.token(found);
    return { text: this.applied(), openers: this.openers };
  }

  private token(found: RegExpMatchArray): void {
    const { annotation, called, statics, variadic, type, name, brace } = found.groups as { [group: string]: string | undefined };
    const at = found.index!;
    if (annotation !== undefined) this.blank(at, at + annotation.length);
    else if (called !== undefined) this.blank(at, Math.max(closing(this.source, at + called.length), at + called.length));
    else if (variadic !== undefined) this.blank(at, at + variadic.length);
    else if (statics !== undefined) this.statement(at, closing(this.source, at + statics.length));
    else if (type !== undefined) this.typeOf(at, closing(this.source, at + type.length));
    else if (brace !== undefined) this.depth = Math.max(0, this.depth + (brace === '{' ? 1 : -1));
    else if (name !== undefined && !keywords.has(name)) this.call(name, at, at + found[0].length);
  }

  private call(name: string, at: number, open: number): void {
    const end = closing(this.source, open);
    if (end < 0) return;
    if (name === 'offsetof') this.edits.push({ from: at, to: at + 1, text: 'O' });
    if (!(name in ownTypes)) this.types(open, end);
    if (this.depth > 0 && this.opensBlock(name, end)) this.opener(name, at);
  }

  /** A name of fewer letters than `while` cannot take its place; none is known. */
  private opener(name: string, at: number): void {
    const opener = scopes.test(name) ? 'scope' : 'loop';
    const word = opener === 'scope' ? 'if' : 'while';
    if (name.length < word.length) return;
    this.openers.set(at, opener);
    this.edits.push({ from: at, to: at + name.length, text: word.padEnd(name.length) });
  }

  private opensBlock(name: string, end: number): boolean {
    const after = this.source.slice(end, end + 400).replace(/^(?:\s|\/\*[\s\S]*?\*\/|\/\/[^\n]*)+/, '');
    if (after.startsWith('{')) return true;
    return (/for_each|foreach/i.test(name) || scopes.test(name)) && !goesOn.test(after);
  }

  private types(open: number, end: number): void {
    const inside = this.source.slice(open, end);
    for (const found of inside.matchAll(tagArgument)) this.blank(open + found.index, open + found.index + found[0].length);
    for (const found of inside.matchAll(wordArgument)) this.stand(open + found.index, open + found.index + found[0].length);
  }

  private typeOf(at: number, end: number): void {
    if (end > 0 && /^\s*(?:\*\s*)*\w+\s*[;=,]/.test(this.source.slice(end, end + 200))) this.stand(at, end);
  }

  /** A definition that only a macro spells out; it holds no errno. */
  private statement(at: number, end: number): void {
    if (end > 0 && this.depth > 0) this.blank(at, end);
  }

  /** A letter where a type was: an argument or a type that the grammar takes. */
  private stand(from: number, to: number): void {
    this.edits.push({ from, to, text: `T${blanks(this.source.slice(from + 1, to))}` });
  }

  private blank(from: number, to: number): void {
    this.edits.push({ from, to, text: blanks(this.source.slice(from, to)) });
  }

  /** Later edits inside an earlier one change nothing more. */
  private applied(): string {
    const parts: string[] = [];
    let done = 0;
    for (const { from, to, text } of this.edits.sort((a, b) => a.from - b.from || b.to - a.to)) {
      if (from < done) continue;
      parts.push(this.source.slice(done, from), text);
      done = to;
    }
    return parts.join('') + this.source.slice(done);
  }
}

export const blank = (source: string): Blanked => new Blanking(source).run();
