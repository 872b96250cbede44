// JSON with the place of every value, so that a mistake in a file written by hand is named by line and column.
import type { Place } from '../core/failure.ts';

export type Json = { readonly at: number } & (
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Member> }
  | { readonly kind: 'array'; readonly items: readonly Json[] }
  | { readonly kind: 'text'; readonly value: string }
  /** A number, true, false or null. */
  | { readonly kind: 'other'; readonly value: unknown }
);

export interface Member {
  readonly at: number;
  readonly value: Json;
}

/** What was expected at `at`; thrown by the reader and by who checks the values. */
export class Mismatch extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

const blank = /[ \t\r\n]*/y;
const scalar = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;
/** Far deeper than anything that is meant. */
const depthMax = 32;

class Reader {
  readonly #text: string;
  #at = 0;
  constructor(text: string) {
    this.#text = text;
  }

  whole(): Json {
    const value = this.#value(0);
    if (this.#skip() < this.#text.length) throw this.#expected('the end');
    return value;
  }

  #skip(): number {
    blank.lastIndex = this.#at;
    blank.exec(this.#text);
    this.#at = blank.lastIndex;
    return this.#at;
  }

  #expected(what: string): Mismatch {
    const found = this.#text.codePointAt(this.#at);
    return new Mismatch(
      this.#at,
      `expected ${what}, found ${found === undefined ? 'the end' : JSON.stringify(String.fromCodePoint(found))}`,
    );
  }

  #takes(mark: string): boolean {
    const isThere = this.#text[this.#skip()] === mark;
    if (isThere) this.#at += 1;
    return isThere;
  }

  #value(depth: number): Json {
    const at = this.#skip();
    if (depth > depthMax) throw new Mismatch(at, `expected at most ${depthMax} levels`);
    if (this.#takes('{')) return { at, kind: 'object', members: this.#members(depth) };
    if (this.#takes('[')) return { at, kind: 'array', items: this.#items(depth) };
    const value = this.#scalar();
    return typeof value === 'string' ? { at, kind: 'text', value } : { at, kind: 'other', value };
  }

  #scalar(): unknown {
    scalar.lastIndex = this.#at;
    const match = scalar.exec(this.#text);
    if (match === null) throw this.#expected(this.#text[this.#at] === '"' ? 'text that ends on its line and has no bad escape' : 'a value');
    this.#at = scalar.lastIndex;
    return JSON.parse(match[0]);
  }

  #items(depth: number): Json[] {
    const items: Json[] = [];
    if (this.#takes(']')) return items;
    do items.push(this.#value(depth + 1));
    while (this.#takes(','));
    if (!this.#takes(']')) throw this.#expected('a comma or ]');
    return items;
  }

  #members(depth: number): Map<string, Member> {
    const members = new Map<string, Member>();
    if (this.#takes('}')) return members;
    do this.#member(members, depth);
    while (this.#takes(','));
    if (!this.#takes('}')) throw this.#expected('a comma or }');
    return members;
  }

  #member(members: Map<string, Member>, depth: number): void {
    const at = this.#skip();
    if (this.#text[at] !== '"') throw this.#expected('a key in double quotes');
    const key = String(this.#scalar());
    if (members.has(key)) throw new Mismatch(at, `expected each key once, found "${key}" again`);
    if (!this.#takes(':')) throw this.#expected('a colon');
    members.set(key, { at, value: this.#value(depth + 1) });
  }
}

export const readJson = (text: string): Json => new Reader(text).whole();

/** 1-based line and column of a character of the text. */
export const placeIn = (file: string, text: string, at: number): Place => {
  const before = text.slice(0, at).split('\n');
  return { file, line: before.length, column: before.at(-1)!.length + 1 };
};
