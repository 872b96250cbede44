// At which errnos of an attach a caller's search goes on with the next domain, read from its loop: the loop's body is run once for each
// errno that the first attach in it may give, and where that run ends says whether the search goes on.
import type { Expression, Statement } from '../c/syntax.ts';
import { type Answer, type Attempt, answerOf, truthsOf } from './attempt.ts';
import { expressionsIn, statementsIn } from './statements.ts';

type Loop = Extract<Statement, { kind: 'loop' }>;

/** null: control goes on behind the statement; leave: a `break` of an enclosing switch. */
type Exit = 'next' | 'stop' | 'leave' | null;

interface End {
  readonly exit: Exit;
  readonly attempt: Attempt;
}

const goesOn = (attempt: Attempt): End[] => [{ exit: null, attempt }];
const ends = (exit: Exit, attempt: Attempt): End[] => [{ exit, attempt }];

/** Each way that is not over goes through the next statement. */
const runAll = (loop: Loop, body: readonly Statement[], attempt: Attempt): End[] =>
  body.reduce<End[]>(
    (all, statement) => all.flatMap((end) => (end.exit === null ? runOne(loop, statement, end.attempt) : [end])),
    goesOn(attempt),
  );

const branch = (loop: Loop, test: Expression, yes: readonly Statement[], no: readonly Statement[], attempt: Attempt): End[] =>
  truthsOf(test, attempt).flatMap(({ truth, attempt: then }) => runAll(loop, truth ? yes : no, then));

const isCaseOf = (statement: Statement, { kind, name }: Answer): boolean => {
  if (statement.kind !== 'case' || statement.value === null) return false;
  const value = statement.value;
  const constant = value.kind === 'unary' && value.operator === '-' && value.operand.kind === 'name' ? value.operand.name : null;
  return kind === 'errno' ? constant === name : kind === 'zero' && value.kind === 'number' && value.value === 0;
};

const isDefault = (statement: Statement): boolean => statement.kind === 'case' && statement.value === null;

const choose = (loop: Loop, value: Expression, body: readonly Statement[], attempt: Attempt): End[] => {
  const flat = body.length === 1 && body[0]!.kind === 'block' ? body[0]!.body : body;
  return answerOf(value, attempt).flatMap(({ answer, attempt: then }) => {
    const starts = flat.flatMap((statement, index) => (statement.kind === 'case' ? [index] : []));
    const match = starts.find((index) => isCaseOf(flat[index]!, answer)) ?? starts.find((index) => isDefault(flat[index]!));
    const taken = answer.kind === 'unknown' ? starts : match === undefined ? [] : [match];
    const after = taken.flatMap((index) => runAll(loop, flat.slice(index), then));
    return taken.length === 0 ? goesOn(then) : after.map((end): End => (end.exit === 'leave' ? { ...end, exit: null } : end));
  });
};

const hasLabel = (loop: Loop, name: string): boolean =>
  statementsIn(loop.body).some((statement) => statement.kind === 'label' && statement.name === name);

const evaluated = (expression: Expression | null, attempt: Attempt): Attempt[] =>
  expression === null ? [attempt] : answerOf(expression, attempt).map(({ attempt: then }) => then);

const runOne = (loop: Loop, statement: Statement, attempt: Attempt): End[] => {
  switch (statement.kind) {
    case 'if':
      return branch(loop, statement.test, statement.yes, statement.no, attempt);
    case 'switch':
      return choose(loop, statement.value, statement.body, attempt);
    case 'expression':
      return evaluated(statement.expression, attempt).flatMap(goesOn);
    case 'declare':
      return statement.value === null
        ? goesOn(attempt)
        : answerOf(statement.value, attempt).flatMap(({ answer, attempt: then }) => goesOn(then.with(statement.name, answer)));
    case 'block':
    case 'scope':
      return runAll(loop, statement.body, attempt);
    case 'loop':
      return runAll(loop, statement.body, attempt).map((end): End => ({ ...end, exit: end.exit === 'stop' ? 'stop' : null }));
    case 'continue':
      return ends('next', attempt);
    case 'break':
      return ends('leave', attempt);
    case 'goto':
      return ends(hasLabel(loop, statement.name) ? 'next' : 'stop', attempt);
    case 'return':
      return evaluated(statement.value, attempt).flatMap((then) => ends('stop', then));
    default:
      return goesOn(attempt);
  }
};

/** What the errno leads to; ways on which nothing was attached say nothing. */
const outcomesOf = (loop: Loop, attempt: Attempt): Set<'next' | 'stop'> =>
  new Set(
    runAll(loop, loop.body, attempt)
      .filter(({ attempt: { attached } }) => attached)
      .map(({ exit }) => (exit === null || exit === 'next' ? 'next' : 'stop')),
  );

/** Always tried, besides those that the loop names; the last stands for every errno that nobody names. */
const common = ['EINVAL', 'EMEDIUMTYPE', 'ENOMEM', 'EBUSY', 'ENODEV', 'EIO', 'any other'];

export interface ContinueRule {
  /** Null where the loop's tests do not decide it. */
  readonly scan: 'any' | readonly string[] | null;
  /** `goes on at -EINVAL, stops at others` */
  readonly text: string;
}

const minus = (names: readonly string[]): string => names.map((name) => `-${name}`).join(', ');

const ruleOf = (outcomes: ReadonlyMap<string, Set<'next' | 'stop'>>): ContinueRule => {
  const named = [...outcomes].filter(([name]) => name !== 'any other');
  if ([...outcomes.values()].some(({ size }) => size !== 1)) return { scan: null, text: 'what it does is not decided by the errno alone' };
  const goes = (name: string): boolean => outcomes.get(name)!.has('next');
  const [next, stop] = [named.filter(([name]) => goes(name)), named.filter(([name]) => !goes(name))].map((some) =>
    some.map(([name]) => name),
  );
  if (!goes('any other')) {
    return { scan: next!, text: next!.length === 0 ? 'stops at any errno' : `goes on at ${minus(next!)}, stops at others` };
  }
  return stop!.length === 0
    ? { scan: 'any', text: 'goes on at any errno' }
    : { scan: null, text: `goes on at any errno but ${minus(stop!)}` };
};

const calls = (loop: Loop, isAttach: (expression: Expression) => boolean): boolean => expressionsIn(loop.body).some(isAttach);

const namesIn = (loop: Loop): string[] =>
  expressionsIn(loop.body).flatMap((expression) =>
    expression.kind === 'name' && /^E[A-Z0-9]+$/.test(expression.name) ? [expression.name] : [],
  );

/** Null: no loop of the function attaches. */
export const continueRule = (
  body: readonly Statement[],
  isAttach: (expression: Expression) => boolean,
  begin: (errno: string) => Attempt,
): ContinueRule | null => {
  const loops = statementsIn(body).filter((statement): statement is Loop => statement.kind === 'loop' && calls(statement, isAttach));
  const [loop] = loops;
  if (loop === undefined) return null;
  const errnos = [...new Set([...namesIn(loop), ...common])];
  return ruleOf(new Map(errnos.map((errno) => [errno, outcomesOf(loop, begin(errno))])));
};
