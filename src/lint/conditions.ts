// Conditions of the source made comparable: white space, parentheses, negated comparisons, swapped sides and null tests in one form.
import { tokensOf } from './conditionTokens.ts';
import { type Expression, readExpression } from './conditionTree.ts';

const opposite: Readonly<Record<string, string>> = { '==': '!=', '!=': '==', '<': '>=', '>=': '<', '>': '<=', '<=': '>' };
const turned: Readonly<Record<string, string>> = { '>': '<', '>=': '<=' };
const nothing = ['NULL', '0'];

/** Both sides of an associative operator in order, so that parentheses among equals do not count. */
const sides = (operator: string, expression: Expression): string[] =>
  expression.kind === 'binary' && expression.operator === operator
    ? [...sides(operator, expression.left), ...sides(operator, expression.right)]
    : [written(expression, true)];

const written = (expression: Expression, isTest: boolean): string => {
  if (expression.kind === 'atom') return expression.text;
  if (expression.kind === 'around') {
    return expression.parts.map((part) => (typeof part === 'string' ? part : grouped(part))).join(' ');
  }
  if (expression.kind === 'binary') return binary(expression.operator, expression.left, expression.right, isTest);
  return expression.operator === '!' ? negated(expression.operand) : `${expression.operator} ${grouped(expression.operand)}`;
};

/** Inside others an expression is a value; only there are parentheses written. */
const grouped = (expression: Expression): string => {
  const text = written(expression, false);
  return expression.kind === 'binary' || expression.kind === 'unary' ? `(${text})` : text;
};

const binary = (operator: string, left: Expression, right: Expression, isTest: boolean): string => {
  if (operator === '&&' || operator === '||') {
    return [...sides(operator, left), ...sides(operator, right)].map((side) => `(${side})`).join(` ${operator} `);
  }
  const [one, other] = [grouped(left), grouped(right)];
  if (operator === '==' || operator === '!=') return equality(operator, one, other, isTest);
  const turnedOperator = turned[operator];
  return turnedOperator === undefined ? `${one} ${operator} ${other}` : `${other} ${turnedOperator} ${one}`;
};

/** `x == NULL` is `! x`, and as a test `x != NULL` is `x`. */
const equality = (operator: string, one: string, other: string, isTest: boolean): string => {
  const tested = nothing.includes(other) ? one : nothing.includes(one) ? other : null;
  if (tested !== null && operator === '==') return `! ${tested}`;
  if (tested !== null && isTest) return tested;
  return one < other ? `${one} ${operator} ${other}` : `${other} ${operator} ${one}`;
};

const negated = (operand: Expression): string => {
  if (operand.kind === 'unary' && operand.operator === '!') return written(operand.operand, true);
  const other = operand.kind === 'binary' ? opposite[operand.operator] : undefined;
  if (operand.kind === 'binary' && other !== undefined) return binary(other, operand.left, operand.right, true);
  return `! ${grouped(operand)}`;
};

/** What is no expression is compared by its tokens, or else by its words. */
export const normalCondition = (text: string): string => {
  const expression = readExpression(text);
  return expression === null ? (tokensOf(text)?.join(' ') ?? text.trim().replace(/\s+/g, ' ')) : written(expression, true);
};
