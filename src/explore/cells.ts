// The world as cells: one for each field of each part, its values numbered as they appear. A cell's value has a 64-bit hash of the cell's
// name and the value's canonical bytes, equal in every worker, process and run; a world's fingerprint is the XOR of its cells' hashes. Of
// stacks it leaves out what only tells neighbours apart (src/explore/neighbours.ts), which the fingerprint has in bits of their own.
import { canonical } from '../core/canonical.ts';
import type { Neighbours } from './neighbours.ts';
import { wide } from './wide.ts';

/** Number 0 of every cell: the part or field is not there. Its hash is 0. */
export const ABSENT = 0;

/** Two lanes of 32 bits. */
export type Hash = readonly [low: number, high: number];

/** Mixed so that XOR of many hashes keeps all 64 bits alive. */
const mixed = (lane: number): number => {
  let hash = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
};

/** A cell's name: its part and its field, apart where names of the world (`c0.d1`, `g5.blocking`) never have a space. */
export const fieldName = (part: string, field: string): string => `${part} ${field}`;

/** The hash of a text's beginning, to go on with, before it is mixed. */
export const begun = (text: string, before: Hash = [0x9e3779b1 | 0, 0x27d4eb2f]): Hash => {
  let first = before[0];
  let second = before[1];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    first = Math.imul(first ^ code, 0x5bd1e995);
    first ^= first >>> 13;
    second = Math.imul(second ^ code, 0x5bd1e995);
    second ^= second >>> 13;
  }
  return [first, second];
};

export const ended = (hash: Hash): Hash => [mixed(hash[0]), mixed(hash[1])];

export const hashOf = (text: string): Hash => ended(begun(text));

/** Deep; plain data only. */
export const copied = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== 'object' || value === null) return value;
  const made: Record<string, unknown> = {};
  for (const key in value) made[key] = copied((value as Record<string, unknown>)[key]);
  return made;
};

export const frozen = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const key in value) frozen(value[key as never]);
  return Object.freeze(value);
};

/** A question asked of a cell (src/core/ask.ts): the number of its answer for each value of the cell, found when first needed. */
export interface AskedCell {
  readonly cell: number;
  readonly name: string;
  readonly answers: number[];
  readonly texts: unknown[];
  readonly answer: (value: unknown) => unknown;
}

export class Cells {
  readonly names: string[] = [];
  readonly values: unknown[][] = [];
  readonly low: number[][] = [];
  readonly high: number[][] = [];
  readonly near: number[][] = [];
  /** By cell of a stack. */
  readonly neighbours: Neighbours[] = [];
  readonly questions: AskedCell[] = [];
  /** The current world: the number of each cell's value. */
  current = new Int32Array(256);
  readonly #index = new Map<string, number>();
  readonly #numbers: Map<string, number>[] = [];
  readonly #questionIndex = new Map<string, number>();

  /** The cell of this name, made when it is new. */
  cell(name: string): number {
    const known = this.#index.get(name);
    if (known !== undefined) return known;
    const made = this.names.length;
    this.#index.set(name, made);
    this.names.push(name);
    this.values.push([undefined]);
    this.low.push([0]);
    this.high.push([0]);
    this.near.push([0]);
    this.#numbers.push(new Map());
    this.current = wide(this.current, made + 1);
    return made;
  }

  /** The number of a value; `undefined` is absent. A new value is frozen: nothing may change it any more. */
  number(cell: number, value: unknown): number {
    if (value === undefined) return ABSENT;
    const text = canonical(value);
    const numbers = this.#numbers[cell]!;
    const known = numbers.get(text);
    if (known !== undefined) return known;
    const made = this.add(cell, frozen(value), hashOf(`${this.names[cell]}=${text}`));
    numbers.set(text, made);
    return made;
  }

  /** Gives a new value its number. */
  add(cell: number, value: unknown, hash: Hash, near = 0): number {
    this.low[cell]!.push(hash[0]);
    this.high[cell]!.push(hash[1]);
    this.near[cell]!.push(near);
    return this.values[cell]!.push(value) - 1;
  }

  /** The number of the question; a new one is added. */
  question(cell: number, name: string, answer: (value: unknown) => unknown): number {
    const key = `${cell}?${name}`;
    const known = this.#questionIndex.get(key);
    if (known !== undefined) return known;
    this.#questionIndex.set(key, this.questions.length);
    return this.questions.push({ cell, name, answers: [], texts: [], answer }) - 1;
  }

  /** Of a question that was asked before. */
  questionNumber(cell: number, name: string): number {
    return this.#questionIndex.get(`${cell}?${name}`)!;
  }

  /** The number of the question's answer for a value of its cell. */
  answer(question: AskedCell, value: number): number {
    const known = question.answers[value];
    if (known !== undefined) return known;
    const found = value === ABSENT ? null : question.answer(this.values[question.cell]![value]);
    let number = question.texts.indexOf(found);
    if (number < 0) number = question.texts.push(found) - 1;
    // Holes would make the list slow: every earlier value is answered first.
    for (let index = question.answers.length; index < value; index++) this.answer(question, index);
    question.answers[value] = number;
    return number;
  }

  /** Fingerprint of the current world. */
  fingerprint(): [low: number, high: number, near: number] {
    let low = 0;
    let high = 0;
    let near = 0;
    for (let cell = 0; cell < this.names.length; cell++) {
      low ^= this.low[cell]![this.current[cell]!]!;
      high ^= this.high[cell]![this.current[cell]!]!;
      near ^= this.near[cell]![this.current[cell]!]!;
    }
    return [low, high, near];
  }
}
