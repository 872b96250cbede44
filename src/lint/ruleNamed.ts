// A rule by its id, as `--explain RULE` names it.
import { Failure, nearest } from '../core/failure.ts';
import { rules } from './registry.ts';
import type { Rule } from './rule.ts';

export const ruleNamed = (id: string): Rule => {
  const found = rules.find((rule) => rule.id === id);
  if (found !== undefined) return found;
  const ids = rules.map((rule) => rule.id);
  const near = nearest(id, ids);
  const meant = near === undefined ? '' : `; did you mean ${near}?`;
  throw new Failure('unknown-name', `expected a rule, found "${id}"${meant}`, undefined, `The rules are ${ids.join(', ')}.`);
};
