// One pass through a search's loop in which the first attach gives a chosen errno and later ones succeed: what its expressions come to.
import type { Expression } from '../c/syntax.ts';

export type Answer =
  | { readonly kind: 'errno'; readonly name: string }
  | { readonly kind: 'zero'; readonly name: null }
  | { readonly kind: 'set'; readonly name: null }
  | { readonly kind: 'unknown'; readonly name: null };

const zero: Answer = { kind: 'zero', name: null };
const set: Answer = { kind: 'set', name: null };
const unknown: Answer = { kind: 'unknown', name: null };

export type IsAttach = (expression: Expression) => boolean;

/** Immutable: ways through the loop part at every test that is not decided. */
export class Attempt {
  readonly errno: string;
  readonly isAttach: IsAttach;
  /** The first attach has been tried. */
  readonly attached: boolean;
  private readonly values: ReadonlyMap<string, Answer>;

  constructor(errno: string, isAttach: IsAttach, attached = false, values: ReadonlyMap<string, Answer> = new Map()) {
    this.errno = errno;
    this.isAttach = isAttach;
    this.attached = attached;
    this.values = values;
  }

  with(name: string, answer: Answer): Attempt {
    return new Attempt(this.errno, this.isAttach, this.attached, new Map([...this.values, [name, answer]]));
  }

  valueOf(name: string): Answer {
    return this.values.get(name) ?? (name === 'NULL' ? zero : unknown);
  }

  /** Later attaches give back what was there before. */
  attach(): Evaluated {
    const answer: Answer = this.attached ? zero : { kind: 'errno', name: this.errno };
    return { answer, attempt: new Attempt(this.errno, this.isAttach, true, this.values) };
  }
}

export interface Evaluated {
  readonly answer: Answer;
  readonly attempt: Attempt;
}

const both = ({ attempt }: Evaluated): Evaluated[] => [
  { answer: zero, attempt },
  { answer: set, attempt },
];

const isTrue = ({ kind }: Answer): boolean => kind === 'errno' || kind === 'set';

/** Both ways where it is not known. */
export const truthsOf = (test: Expression, attempt: Attempt): { truth: boolean; attempt: Attempt }[] =>
  answerOf(test, attempt)
    .flatMap((one) => (one.answer.kind === 'unknown' ? both(one) : [one]))
    .map(({ answer, attempt: then }) => ({ truth: isTrue(answer), attempt: then }));

/** Each argument is evaluated; the last answer is given. */
const inOrder = (expressions: readonly Expression[], attempt: Attempt): Evaluated[] =>
  expressions.reduce<Evaluated[]>(
    (all, expression) => all.flatMap(({ attempt: then }) => answerOf(expression, then)),
    [{ answer: unknown, attempt }],
  );

const handOn = new Set(['PTR_ERR', 'ERR_PTR', 'ERR_CAST', 'likely', 'unlikely', 'WARN_ON', 'WARN_ON_ONCE', 'READ_ONCE']);

const call = (expression: Extract<Expression, { kind: 'call' }>, attempt: Attempt): Evaluated[] => {
  const name = expression.callee.kind === 'name' ? expression.callee.name : '';
  const after = inOrder(expression.arguments, attempt);
  if (attempt.isAttach(expression)) return after.map(({ attempt: then }) => then.attach());
  if (handOn.has(name)) return after;
  if (name !== 'IS_ERR' && name !== 'IS_ERR_OR_NULL') return after.map(({ attempt: then }) => ({ answer: unknown, attempt: then }));
  return after.map((one) => (one.answer.kind === 'unknown' ? one : { ...one, answer: one.answer.kind === 'errno' ? set : zero }));
};

const joined = ({ operator, left, right }: Extract<Expression, { kind: 'binary' }>, attempt: Attempt): Evaluated[] =>
  truthsOf(left, attempt).flatMap(({ truth, attempt: then }) => {
    if (truth === (operator === '||')) return [{ answer: truth ? set : zero, attempt: then }];
    return truthsOf(right, then).map((second) => ({ answer: second.truth ? set : zero, attempt: second.attempt }));
  });

const equal = (a: Answer, b: Answer): boolean | null => {
  if (a.kind === 'unknown' || b.kind === 'unknown' || (a.kind === 'set' && b.kind === 'set')) return null;
  return a.kind === b.kind && a.name === b.name;
};

const compared = (operator: string, a: Answer, b: Answer): Answer => {
  const same = operator === '==' || operator === '!=' ? equal(a, b) : null;
  if (same !== null) return same === (operator === '==') ? set : zero;
  if (a.kind === 'errno' && b.kind === 'zero' && /^[<>]=?$/.test(operator)) return operator.startsWith('<') ? set : zero;
  return unknown;
};

const binary = (expression: Extract<Expression, { kind: 'binary' }>, attempt: Attempt): Evaluated[] => {
  const { operator, left, right } = expression;
  if (operator === '&&' || operator === '||') return joined(expression, attempt);
  return answerOf(left, attempt).flatMap(({ answer: a, attempt: then }) =>
    answerOf(right, then).map(({ answer: b, attempt: last }) => ({ answer: compared(operator, a, b), attempt: last })),
  );
};

const unary = ({ operator, operand }: Extract<Expression, { kind: 'unary' }>, attempt: Attempt): Evaluated[] => {
  if (operator === '-' && operand.kind === 'name' && /^E[A-Z0-9]+$/.test(operand.name))
    return [{ answer: { kind: 'errno', name: operand.name }, attempt }];
  if (operator !== '!') return answerOf(operand, attempt).map(({ attempt: then }) => ({ answer: unknown, attempt: then }));
  return truthsOf(operand, attempt).map(({ truth, attempt: then }) => ({ answer: truth ? zero : set, attempt: then }));
};

export const answerOf = (expression: Expression, attempt: Attempt): Evaluated[] => {
  switch (expression.kind) {
    case 'name':
      return [{ answer: attempt.valueOf(expression.name), attempt }];
    case 'number':
      return [{ answer: expression.value === 0 ? zero : set, attempt }];
    case 'call':
      return call(expression, attempt);
    case 'unary':
      return unary(expression, attempt);
    case 'binary':
      return binary(expression, attempt);
    case 'assign':
      return answerOf(expression.value, attempt).map(({ answer, attempt: then }) => ({
        ...{ answer, attempt: expression.target.kind === 'name' ? then.with(expression.target.name, answer) : then },
      }));
    case 'list':
      return inOrder(expression.items, attempt);
    case 'either':
      return truthsOf(expression.test, attempt).flatMap(({ truth, attempt: then }) => {
        const value = truth ? expression.yes : expression.no;
        return value === null ? [{ answer: set, attempt: then }] : answerOf(value, then);
      });
    default:
      return [{ answer: unknown, attempt }];
  }
};
