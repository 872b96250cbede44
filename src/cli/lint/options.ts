// Which options go with which question to a tree: one that would be passed over in silence is refused.
import { Failure } from '../../core/failure.ts';

/** `audit`: no other question. */
export type Question = 'audit' | 'diff' | 'patch' | 'range' | 'assert' | 'checkModel';

const goesWith: { readonly [option: string]: readonly Question[] } = {
  driver: ['audit', 'diff', 'patch', 'range', 'checkModel'],
  contract: ['audit', 'patch', 'range'],
  all: ['audit', 'diff', 'range'],
  sites: ['audit'],
  baseline: ['audit'],
  writeBaseline: ['audit'],
  bisect: ['assert'],
  kernel: ['checkModel'],
  write: ['checkModel'],
};

/** A list of return values is text; as JSON they are in the audit itself. */
const textOnly: readonly string[] = ['sites'];

/** Forms that only an audit has; the others have text and JSON. */
const auditFormats: readonly string[] = ['sarif', 'ktap'];

export const flag = (option: string): string => `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const asked = (question: Question): string => (question === 'audit' ? 'an audit of a tree' : flag(question));

export const checkOptions = (question: Question, options: { readonly [option: string]: unknown }): void => {
  for (const [option, questions] of Object.entries(goesWith)) {
    if (options[option] === undefined || questions.includes(question)) continue;
    throw new Failure('bad-usage', `${flag(option)} goes with ${questions.map(asked).join(', ')}; found it with ${asked(question)}`);
  }
  const format = options['json'] ? 'json' : options['format'];
  const text = format === undefined || format === 'text' ? undefined : textOnly.find((option) => options[option] !== undefined);
  if (text !== undefined)
    throw new Failure('bad-usage', `${flag(text)} is text; --format ${String(format)} without it has the same places`);
  if (question !== 'audit' && typeof format === 'string' && auditFormats.includes(format)) {
    throw new Failure('bad-usage', `--format ${format} goes with an audit of a tree; ${asked(question)} has text and json`);
  }
};
