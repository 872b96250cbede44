// Every statement and expression of a function in the order of the source, whatever encloses it.
import { type Expression, type Statement, within } from '../c/syntax.ts';

const bodiesOf = (statement: Statement): readonly (readonly Statement[])[] => {
  switch (statement.kind) {
    case 'if':
      return [statement.yes, statement.no];
    case 'branches':
      return statement.branches;
    case 'loop':
    case 'switch':
    case 'scope':
    case 'block':
      return [statement.body];
    default:
      return [];
  }
};

export const statementsIn = (body: readonly Statement[]): Statement[] =>
  body.flatMap((statement) => [statement, ...bodiesOf(statement).flatMap(statementsIn)]);

/** What a statement itself evaluates, not what it encloses. */
const ownExpressions = (statement: Statement): readonly (Expression | null)[] => {
  switch (statement.kind) {
    case 'expression':
      return [statement.expression];
    case 'declare':
    case 'return':
    case 'switch':
      return [statement.value];
    case 'if':
      return [statement.test];
    case 'loop':
      return [statement.test, statement.step];
    case 'scope':
      return [statement.arguments];
    default:
      return [];
  }
};

const inBlock = (expression: Expression): Expression[] => (expression.kind === 'block' ? expressionsIn(expression.body) : []);

export const expressionsIn = (body: readonly Statement[]): Expression[] =>
  statementsIn(body)
    .flatMap(ownExpressions)
    .flatMap((expression) => (expression === null ? [] : within(expression)))
    .flatMap((expression) => [expression, ...inBlock(expression)]);
