// The C expressions in `print fmt`, compiled once for an event: what they refer to are fields of a record and a few helpers.

import type { EventFormat, RecordBytes } from './eventFormat.ts';
import { numberOf, textOf } from './eventFormat.ts';
import { helpers } from './helpers.ts';
import type { Value } from './printf.ts';

export type Expression = (record: RecordBytes) => Value;

/** Thrown at compile time; the records of the event are unread then. */
export class NotUnderstood extends Error {}

/** A string, a number, a name, `REC->name`, or punctuation. */
const token =
  /\s*("(?:[^"\\]|\\.)*"|0[xX][0-9a-fA-F]+[uUlL]*|\d+[uUlL]*|'(?:[^'\\]|\\.)'|\w+|->|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^~!<>?:(){}[\],])/y;

export const tokensOf = (text: string): string[] => {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (found === null) {
      if (text.slice(at).trim() === '') break;
      throw new NotUnderstood(text.slice(at, at + 20));
    }
    tokens.push(found[1]!);
  }
  return tokens;
};

const truth = (value: boolean): bigint => (value ? 1n : 0n);

/** From loosest to tightest. */
const binary: readonly Readonly<Record<string, (a: bigint, b: bigint) => bigint>>[] = [
  { '||': (a, b) => truth(a !== 0n || b !== 0n) },
  { '&&': (a, b) => truth(a !== 0n && b !== 0n) },
  { '|': (a, b) => a | b },
  { '^': (a, b) => a ^ b },
  { '&': (a, b) => a & b },
  { '==': (a, b) => truth(a === b), '!=': (a, b) => truth(a !== b) },
  { '<': (a, b) => truth(a < b), '>': (a, b) => truth(a > b), '<=': (a, b) => truth(a <= b), '>=': (a, b) => truth(a >= b) },
  { '<<': (a, b) => a << (b & 63n), '>>': (a, b) => a >> (b & 63n) },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b, '/': (a, b) => (b === 0n ? 0n : a / b), '%': (a, b) => (b === 0n ? 0n : a % b) },
];

const number = (value: Value): bigint => (typeof value === 'bigint' ? value : 0n);

const typeWords =
  /^(?:unsigned|signed|long|int|short|char|void|const|struct|enum|[us](?:8|16|32|64)|__[us](?:8|16|32|64)|\w+_t|bool|pid_t|gfp_t)$/;

/** Narrows as a cast does; to any other type nothing changes. */
const casts: Readonly<Record<string, (value: bigint) => bigint>> = {
  u8: (value) => BigInt.asUintN(8, value),
  u16: (value) => BigInt.asUintN(16, value),
  u32: (value) => BigInt.asUintN(32, value),
  'unsigned int': (value) => BigInt.asUintN(32, value),
  int: (value) => BigInt.asIntN(32, value),
  s32: (value) => BigInt.asIntN(32, value),
  u64: (value) => BigInt.asUintN(64, value),
  'unsigned long': (value) => BigInt.asUintN(64, value),
  'unsigned long long': (value) => BigInt.asUintN(64, value),
};

/** Reads one expression of a list of tokens after another. */
export interface Compiler {
  readonly format: EventFormat;
  readonly peek: () => string | undefined;
  readonly take: (wanted?: string) => string;
  readonly expression: () => Expression;
}

export const compilerOf = (format: EventFormat, tokens: readonly string[]): Compiler => {
  let at = 0;
  const compiler: Compiler = {
    format,
    peek: () => tokens[at],
    take: (wanted) => {
      const found = tokens[at++];
      if (found === undefined || (wanted !== undefined && found !== wanted)) throw new NotUnderstood(`${wanted} at ${found}`);
      return found;
    },
    expression: () => conditional(compiler),
  };
  return compiler;
};

const conditional = (compiler: Compiler): Expression => {
  const condition = operators(compiler, 0);
  if (compiler.peek() !== '?') return condition;
  compiler.take('?');
  const yes = compiler.expression();
  compiler.take(':');
  const no = compiler.expression();
  return (record) => (number(condition(record)) !== 0n ? yes(record) : no(record));
};

const operators = (compiler: Compiler, level: number): Expression => {
  const row = binary[level];
  if (row === undefined) return unary(compiler);
  let left = operators(compiler, level + 1);
  for (let sign = compiler.peek(); sign !== undefined && Object.hasOwn(row, sign); sign = compiler.peek()) {
    compiler.take();
    const [operation, first, second] = [row[sign]!, left, operators(compiler, level + 1)];
    left = (record) => operation(number(first(record)), number(second(record)));
  }
  return left;
};

const prefixes: Readonly<Record<string, (value: bigint) => bigint>> = {
  '-': (value) => -value,
  '~': (value) => ~value,
  '!': (value) => truth(value === 0n),
  '+': (value) => value,
};

const unary = (compiler: Compiler): Expression => {
  const sign = compiler.peek();
  if (sign === undefined || !Object.hasOwn(prefixes, sign)) return primary(compiler);
  compiler.take();
  const operand = unary(compiler);
  return (record) => prefixes[sign]!(number(operand(record)));
};

const primary = (compiler: Compiler): Expression => {
  const first = compiler.take();
  if (first === '(') return parenthesised(compiler);
  if (first.startsWith('"')) return constant(strings(compiler, first));
  if (/^\d/.test(first)) return constant(BigInt(first.replace(/[uUlL]+$/, '')));
  if (first.startsWith("'")) return constant(BigInt(unescaped(first.slice(1, -1)).charCodeAt(0)));
  if (first === 'REC') return field(compiler);
  const helper = Object.hasOwn(helpers, first) ? helpers[first] : undefined;
  if (helper === undefined) throw new NotUnderstood(first);
  compiler.take('(');
  const found = helper(compiler);
  compiler.take(')');
  return found;
};

const constant =
  (value: Value): Expression =>
  () =>
    value;

/** C joins strings that follow each other. */
const strings = (compiler: Compiler, first: string): string => {
  let text = unescaped(first.slice(1, -1));
  while (compiler.peek()?.startsWith('"')) text += unescaped(compiler.take().slice(1, -1));
  return text;
};

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' };
const unescaped = (text: string): string => text.replace(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter);

/** A cast, or an expression in parentheses. */
const parenthesised = (compiler: Compiler): Expression => {
  if (!typeWords.test(compiler.peek() ?? '')) {
    const inner = compiler.expression();
    compiler.take(')');
    return inner;
  }
  const words: string[] = [];
  while (compiler.peek() !== ')') words.push(compiler.take());
  compiler.take(')');
  const narrow = casts[words.join(' ')];
  const operand = unary(compiler);
  if (narrow === undefined) return operand;
  return (record) => {
    const value = operand(record);
    return typeof value === 'bigint' ? narrow(value) : value;
  };
};

const field = (compiler: Compiler): Expression => {
  compiler.take('->');
  const name = compiler.take();
  const found = compiler.format.fields.get(name);
  if (found === undefined) throw new NotUnderstood(`REC->${name}`);
  if (compiler.peek() === '[') {
    compiler.take('[');
    const index = compiler.expression();
    compiler.take(']');
    return (record) => numberOf(record, found, Number(index(record)));
  }
  return found.count !== 0 && found.isText ? (record) => textOf(record, found) : (record) => numberOf(record, found);
};
