// Claims as text: `domains(c0) <= 1`, read and printed; a mistake is placed at its character.

import type { Value } from '../core/conditions.ts';
import { counted } from '../core/counted.ts';
import { assert, Failure, type Place } from '../core/failure.ts';
import type { Claim, Mood, Operator, Term } from '../core/scenario.ts';
import { isWord, quoted, type Token, tokensOf, unquoted } from './claimTokens.ts';
import { demandName } from './names.ts';
import { scenarioKind } from './source.ts';

type Comparison = Extract<Claim, { kind: 'compare' }>;

export interface ClaimOptions {
  /** Arguments of each known reading; any reading when absent. */
  readonly readings?: Readonly<Record<string, number>> | undefined;
  /** Sees each argument of a reading, to refuse what does not exist. */
  readonly argument?: (text: string, place: Place) => void;
  /** Where a character of the text stands. */
  readonly place?: (offset: number) => Place;
}

export const parseComparison = (mood: Mood, text: string, options: ClaimOptions = {}): Comparison => {
  const reader = openReader(text, options);
  const left = readTerm(reader);
  const operator = readOperator(reader);
  const right = readTerm(reader);
  const rest = reader.next();
  if (rest.kind !== 'end') throw reader.refuse('the end of the claim', rest);
  refuseConstants(reader, operator, left, right);
  const parts = { left: left.term, operator: operator.text as Operator, right: right.term };
  return { kind: 'compare', mood, text: printParts(parts), ...parts };
};

export const printComparison = (claim: Comparison): string => printParts(claim);

interface Reader {
  readonly options: ClaimOptions;
  readonly peek: () => Token;
  readonly next: () => Token;
  readonly place: (token: Token) => Place;
  readonly refuse: (expected: string, found: Token) => Failure;
}

const openReader = (text: string, options: ClaimOptions): Reader => {
  const tokens = tokensOf(text);
  let index = 0;
  const peek = (): Token => tokens[Math.min(index, tokens.length - 1)]!;
  const place = ({ at }: Token): Place => (options.place ?? ((offset) => ({ file: 'claim', line: 1, column: offset + 1 })))(at);
  return {
    options,
    peek,
    place,
    next: () => {
      const token = peek();
      index += 1;
      return token;
    },
    refuse: (expected, token) => {
      const found = token.kind === 'end' ? 'the end of the claim' : token.text;
      return new Failure(scenarioKind.code, `expected ${expected}, found ${found}`, place(token));
    },
  };
};

interface ReadTerm {
  readonly term: Term;
  readonly token: Token;
}

const readTerm = (reader: Reader): ReadTerm => {
  const token = reader.next();
  if (token.kind === 'quoted') return { term: { constant: unquoted(token.text) }, token };
  if (token.kind !== 'word') throw reader.refuse('a reading such as domains(c0), a number, or a word', token);
  if (reader.peek().text !== '(') return { term: { constant: constantOf(token.text) }, token };
  const { readings } = reader.options;
  if (readings) {
    const names = Object.keys(readings);
    demandName(token.text, { words: 'a reading', names, kind: scenarioKind, place: reader.place(token) });
  }
  const of = readArguments(reader);
  const arity = readings?.[token.text];
  if (arity !== undefined && arity !== of.length) {
    const found = `${token.text}(${of.join(', ')})`;
    const expected = `${counted(arity, 'argument')} for ${token.text}`;
    throw new Failure(scenarioKind.code, `expected ${expected}, found ${of.length} in ${found}`, reader.place(token));
  }
  return { term: { reading: token.text, of }, token };
};

const readArguments = (reader: Reader): string[] => {
  reader.next();
  const found: string[] = [];
  if (reader.peek().text === ')') {
    reader.next();
    return found;
  }
  for (;;) {
    const token = reader.next();
    if (token.kind !== 'word' && token.kind !== 'quoted') throw reader.refuse('an argument', token);
    const argument = token.kind === 'quoted' ? unquoted(token.text) : token.text;
    reader.options.argument?.(argument, reader.place(token));
    found.push(argument);
    const mark = reader.next();
    if (mark.text === ')') return found;
    if (mark.text !== ',') throw reader.refuse('a comma or a closing parenthesis', mark);
  }
};

const readOperator = (reader: Reader): Token => {
  const token = reader.next();
  if (token.kind === 'operator') return token;
  throw reader.refuse('one of == != < <= > >=', token);
};

/** Two constants say nothing about a run; an order of words would be that of the alphabet. */
const refuseConstants = (reader: Reader, operator: Token, ...terms: readonly ReadTerm[]): void => {
  if (terms.every(({ term }) => 'constant' in term)) throw reader.refuse('a reading such as domains(c0) on one side', terms[0]!.token);
  if (operator.text === '==' || operator.text === '!=') return;
  const word = terms.find(({ term }) => 'constant' in term && typeof term.constant !== 'number');
  if (word) throw reader.refuse(`a number beside ${operator.text}`, word.token);
};

const words: readonly (readonly [string, Value])[] = [
  ['true', true],
  ['false', false],
  ['none', null],
];
const number = /^-?\d+(\.\d+)?(e[+-]?\d+)?$|^0x[0-9a-f]+$/i;

const constantOf = (text: string): Value => {
  const word = words.find(([name]) => name === text);
  if (word) return word[1];
  return number.test(text) ? Number(text) : text;
};

const printParts = ({ left, operator, right }: Pick<Comparison, 'left' | 'operator' | 'right'>): string =>
  `${printTerm(left)} ${operator} ${printTerm(right)}`;

const printTerm = (term: Term): string =>
  'reading' in term ? `${term.reading}(${term.of.map(printWord).join(', ')})` : printConstant(term.constant);

const printWord = (text: string): string => (isWord(text) ? text : quoted(text));

const printConstant = (constant: Value): string => {
  if (typeof constant === 'string') return constantOf(constant) === constant ? printWord(constant) : quoted(constant);
  if (typeof constant === 'number') return String(constant);
  const word = words.find(([, meant]) => meant === constant);
  assert(word, 'a claim compares with a text, a number, true, false or none');
  return word[0];
};
