// A C expression as a tree, read by precedence. Casts and calls stay as they stand; what is no expression is refused with null.
import { isOperand, tokensOf } from './conditionTokens.ts';

export type Expression =
  | { readonly kind: 'atom'; readonly text: string }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  /** A call, index, member or cast around others: its own tokens with the parts between. */
  | { readonly kind: 'around'; readonly parts: readonly (string | Expression)[] };

const levels = ['||', '&&', '|', '^', '&', '== !=', '< > <= >=', '<< >>', '+ -', '* / %'].map((line) => line.split(' '));
const precedence = new Map(levels.flatMap((operators, index) => operators.map((operator) => [operator, index] as const)));
const prefixes = ['!', '~', '-', '+', '*', '&', '++', '--'];

class NoExpression extends Error {}

class Reader {
  readonly #tokens: readonly string[];
  #next = 0;
  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const expression = this.#choice();
    if (this.#next < this.#tokens.length) throw new NoExpression();
    return expression;
  }

  #peek(ahead = 0): string | undefined {
    return this.#tokens[this.#next + ahead];
  }

  #take(wanted?: string): string {
    const found = this.#tokens[this.#next++];
    if (found === undefined || (wanted !== undefined && found !== wanted)) throw new NoExpression();
    return found;
  }

  /** An assignment or the conditional operator. */
  #choice(): Expression {
    const left = this.#binary(0);
    if (this.#peek() === '=') return { kind: 'around', parts: [left, this.#take(), this.#choice()] };
    if (this.#peek() !== '?') return left;
    return { kind: 'around', parts: [left, this.#take('?'), this.#choice(), this.#take(':'), this.#choice()] };
  }

  #binary(floor: number): Expression {
    let left = this.#prefixed();
    for (
      let level = precedence.get(this.#peek() ?? '');
      level !== undefined && level >= floor;
      level = precedence.get(this.#peek() ?? '')
    ) {
      left = { kind: 'binary', operator: this.#take(), left, right: this.#binary(level + 1) };
    }
    return left;
  }

  #prefixed(): Expression {
    if (prefixes.includes(this.#peek() ?? '')) return { kind: 'unary', operator: this.#take(), operand: this.#prefixed() };
    return this.#peek() === '(' ? this.#parenthesised() : this.#postfixed({ kind: 'atom', text: this.#name() });
  }

  #name(): string {
    const name = this.#take();
    if (!isOperand(name)) throw new NoExpression();
    return name;
  }

  /** A group, or a cast: of something that begins with a name, or of a type that is no expression. */
  #parenthesised(): Expression {
    const from = this.#next;
    const close = this.#closing();
    const inside = this.#tokens.slice(from + 1, close);
    const follows = this.#tokens[close + 1];
    const group = follows !== undefined && isOperand(follows) ? null : readTokens(inside);
    this.#next = close + 1;
    if (group !== null) return this.#postfixed(group);
    return { kind: 'around', parts: ['(', ...inside, ')', this.#prefixed()] };
  }

  #closing(): number {
    let depth = 0;
    for (let index = this.#next; index < this.#tokens.length; index++) {
      if (this.#tokens[index] === '(') depth += 1;
      if (this.#tokens[index] === ')') depth -= 1;
      if (depth === 0) return index;
    }
    throw new NoExpression();
  }

  #postfixed(operand: Expression): Expression {
    const next = this.#peek();
    if (next === '->' || next === '.') return this.#postfixed({ kind: 'around', parts: [operand, this.#take(), this.#name()] });
    if (next === '++' || next === '--') return this.#postfixed({ kind: 'around', parts: [operand, this.#take()] });
    if (next === '[') return this.#postfixed({ kind: 'around', parts: [operand, this.#take(), this.#choice(), this.#take(']')] });
    return next === '(' ? this.#postfixed({ kind: 'around', parts: [operand, ...this.#arguments()] }) : operand;
  }

  /** Arguments that are no expressions, as of sizeof, stay as they stand. */
  #arguments(): readonly (string | Expression)[] {
    const from = this.#next;
    const close = this.#closing();
    const parts: (string | Expression)[] = ['('];
    try {
      this.#take('(');
      while (this.#next < close) {
        parts.push(this.#choice());
        if (this.#next < close) parts.push(this.#take(','));
      }
      return [...parts, this.#take(')')];
    } catch (error) {
      if (!(error instanceof NoExpression)) throw error;
      this.#next = close + 1;
      return this.#tokens.slice(from, close + 1);
    }
  }
}

const readTokens = (tokens: readonly string[]): Expression | null => {
  try {
    return new Reader(tokens).whole();
  } catch (error) {
    if (error instanceof NoExpression) return null;
    throw error;
  }
};

export const readExpression = (text: string): Expression | null => {
  const tokens = tokensOf(text);
  return tokens === null ? null : readTokens(tokens);
};
