// The helpers that the kernel's own formats call in `print fmt` (include/trace/stages/stage3_trace_output.h).
import { arrayOf, type Field, textOf } from './eventFormat.ts';
import { type Compiler, type Expression, NotUnderstood } from './expression.ts';
import { fault, type Value } from './printf.ts';

type Helper = (compiler: Compiler) => Expression;

const fieldOf = (compiler: Compiler): Field => {
  const name = compiler.take();
  const field = compiler.format.fields.get(name);
  if (field === undefined) throw new NotUnderstood(name);
  return field;
};

/** A string of no bytes at all is one that could not be read when the event happened. */
const text: Helper = (compiler) => {
  const field = fieldOf(compiler);
  return (record) => (arrayOf(record, field).length === 0 ? fault : textOf(record, field));
};

const lengthOf: Helper = (compiler) => {
  const field = fieldOf(compiler);
  return (record) => BigInt(arrayOf(record, field).length);
};

/** `{ value, "name" }, { value, "name" }` up to the closing parenthesis. */
const namesOf = (compiler: Compiler): (readonly [Expression, Expression])[] => {
  const names: (readonly [Expression, Expression])[] = [];
  while (compiler.peek() === ',') {
    compiler.take(',');
    if (compiler.peek() !== '{') break;
    compiler.take('{');
    const value = compiler.expression();
    compiler.take(',');
    names.push([value, compiler.expression()]);
    compiler.take('}');
  }
  return names;
};

const number = (value: Value): bigint => (typeof value === 'bigint' ? value : 0n);

const symbolic: Helper = (compiler) => {
  const value = compiler.expression();
  const names = namesOf(compiler);
  return (record) => {
    const found = number(value(record));
    const name = names.find(([each]) => number(each(record)) === found);
    return name ? name[1](record) : `0x${BigInt.asUintN(64, found).toString(16)}`;
  };
};

const flags: Helper = (compiler) => {
  const value = compiler.expression();
  compiler.take(',');
  const delimiter = compiler.expression();
  const names = namesOf(compiler);
  return (record) => {
    let left = number(value(record));
    const found: string[] = [];
    for (const [each, name] of names) {
      const mask = number(each(record));
      if ((left & mask) !== mask || (mask === 0n && left !== 0n)) continue;
      found.push(String(name(record)));
      left &= ~mask;
    }
    if (left !== 0n) found.push(`0x${left.toString(16)}`);
    return found.join(String(delimiter(record)));
  };
};

export const helpers: Readonly<Record<string, Helper>> = {
  __get_str: text,
  __get_rel_str: text,
  __get_dynamic_array_len: lengthOf,
  __get_rel_dynamic_array_len: lengthOf,
  __print_symbolic: symbolic,
  __print_flags: flags,
};
