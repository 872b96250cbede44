// A rule of lint-kernel as a page, and all of them as a list.
import type { LintContract, RuleFacts } from '../core/lintReport.ts';
import { block } from './blocks.ts';
import { wrap } from './text.ts';

const example = (text: string): string[] => text.split('\n').map((line) => `    ${line.replaceAll('\t', '        ')}`);

const part = (title: string, text: string): string[] => [title, ...block('  ', text)];

/** With the sentence of the contract that the rule rests on, where it has one. */
export const printRule = ({ id, title, clause, page }: RuleFacts, contract: LintContract): string => {
  const found = contract.clauses.find(({ meaning }) => meaning === clause);
  const rests = found
    ? `${contract.name} (${contract.source}): ${found.errno}: ${found.text}`
    : `${contract.name} has no clause on it, so this rule finds nothing under it`;
  return [
    wrap(`${id}: ${title}`, '  '),
    '',
    ...part('what it means', page.means),
    'example',
    ...example(page.example),
    ...part('how to mend it', page.mend),
    ...part('when to suppress it', page.suppress),
    ...part('the clause', rests),
  ].join('\n');
};

export const printRules = (rules: readonly RuleFacts[]): string => {
  const width = Math.max(...rules.map(({ id }) => id.length));
  return rules.flatMap(({ id, title }) => block(`${id.padEnd(width)}  `, title)).join('\n');
};
