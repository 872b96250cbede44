// The continue rules of the model's callers, compared with what their loops do in a tree.
import type { CheckedRule } from '../../core/checkedModel.ts';
import type { SearchRule } from '../../core/rowSources.ts';
import type { Column } from '../../core/rows.ts';
import type { Expression } from '../c/syntax.ts';
import { Attempt, type IsAttach } from './attempt.ts';
import { type ContinueRule, continueRule } from './continueRule.ts';
import type { ModelTree } from './modelTree.ts';

/** `attach(...)`, or `(*attach)(...)`. */
const callOf =
  (name: string): IsAttach =>
  (expression: Expression): boolean => {
    if (expression.kind !== 'call') return false;
    const { callee } = expression;
    const called = callee.kind === 'unary' && callee.operator === '*' ? callee.operand : callee;
    return called.kind === 'name' && called.name === name;
  };

const ruleIn = (tree: ModelTree, { function: name, attach }: Pick<SearchRule, 'function' | 'attach'>): ContinueRule | null => {
  const [of] = tree.functionsNamed(name);
  if (of === undefined) return null;
  const isAttach = callOf(attach);
  return continueRule(tree.file(of).body(of), isAttach, (errno) => new Attempt(errno, isAttach));
};

const scanText = (scan: SearchRule['scan']): string => {
  if (scan === 'any') return 'goes on at any errno';
  return scan.length === 0 ? 'stops at any errno' : `goes on at ${scan.map((errno) => `-${errno}`).join(', ')}, stops at others`;
};

const checkRule = (tree: ModelTree, rule: SearchRule): CheckedRule => {
  const { caller, file, function: name } = rule;
  const ours = scanText(rule.scan);
  const part = tree.missingPart(file);
  if (part !== null) return { caller, status: 'unclear', ours, yours: `the tree has no ${part}` };
  if (tree.functionsNamed(name).length === 0) return { caller, status: 'gone', ours, yours: `${name}() is not there` };
  const found = ruleIn(tree, rule);
  if (found === null) return { caller, status: 'unclear', ours, yours: `no loop of ${name}() calls ${rule.attach}()` };
  if (found.text === ours) return { caller, status: 'same', ours, yours: found.text };
  return { caller, status: found.text.startsWith('what') ? 'unclear' : 'changed', ours, yours: found.text };
};

export const checkRules = (tree: ModelTree, rules: readonly SearchRule[], column: Column): CheckedRule[] =>
  rules.filter(({ columns }) => columns.includes(column)).map((rule) => checkRule(tree, rule));
