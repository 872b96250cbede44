// The contract as a tree states it: the "Return:" lines of @attach_dev in the comment of struct iommu_domain_ops, clause by clause.
import type { Clause, LintContract, Meaning } from '../../core/lintReport.ts';

export const contractHeader = 'include/linux/iommu.h';

/** The first that fits the text says what a clause speaks of. */
const meanings: readonly (readonly [RegExp, Meaning])[] = [
  [/incompatible/i, 'incompatible'],
  [/non-ENOMEM|no space|exhaust|resource allocation/i, 'transient-space'],
  [/out of memory/i, 'transient-memory'],
  [/cannot be changed|can not be changed/i, 'busy'],
  [/device specific/i, 'device'],
];

const meaningOf = (errno: string, text: string): Meaning => {
  if (errno === '0') return 'success';
  if (errno === '<others>') return 'others';
  return meanings.find(([form]) => form.test(text))?.[1] ?? 'listed';
};

/** What the sentence on incompatible pairs says of exclusiveness and of messages. */
const termsOf = (clauses: readonly Clause[]): Pick<LintContract, 'exclusive' | 'messages'> => {
  const text = clauses.find(({ meaning }) => meaning === 'incompatible')?.text ?? '';
  return {
    exclusive: /\bexclusively\b/i.test(text),
    messages: /must avoid[^.]*prints?\b/i.test(text)
      ? 'forbidden'
      : /(shouldn't|should not|must not) log an error/i.test(text)
        ? 'errors-forbidden'
        : /print free|avoid[^.]*prints?\b/i.test(text)
          ? 'discouraged'
          : 'unsaid',
  };
};

interface Line {
  readonly number: number;
  readonly text: string;
}

/** Lines of a comment without their stars, from `@attach_dev` up to the next member. */
const memberLines = (header: string): Line[] => {
  const lines = header.split(/\r?\n/).map((text, index) => ({ number: index + 1, text }));
  const opening = lines.findIndex(({ text }) => /^\s*\*\s+struct iommu_domain_ops\b/.test(text));
  const end = lines.findIndex(({ text }, index) => index > opening && text.includes('*/'));
  if (opening < 0 || end < 0) return [];
  const comment = lines.slice(opening, end).map(({ number, text }) => ({ number, text: text.replace(/^\s*\*/, '') }));
  const from = comment.findIndex(({ text }) => /^\s*@attach_dev:/.test(text));
  if (from < 0) return [];
  const to = comment.findIndex(({ text }, index) => index > from && /^\s*@\w+:/.test(text));
  return comment.slice(from + 1, to < 0 ? comment.length : to);
};

const entry = /^\s*(?:[*-]\s+)?[-%]*(0|E[A-Z0-9]+|<others>)\s+-\s+(\S.*)$/;

const clausesIn = (lines: readonly Line[]): Clause[] => {
  const texts: { errno: string; text: string }[] = [];
  for (const { text } of lines) {
    const match = entry.exec(text);
    const last = texts.at(-1);
    if (match) texts.push({ errno: match[1]!, text: match[2]!.trim() });
    else if (last && text.trim() !== '') last.text += ` ${text.trim()}`;
  }
  return texts.map(({ errno, text }) => ({ errno, text, meaning: meaningOf(errno, text) }));
};

/** Null where the header has no such text: before v6.2 nothing was said. */
export const kdocContract = (header: string): LintContract | null => {
  const lines = memberLines(header);
  const clauses = clausesIn(lines);
  const first = lines.find(({ text }) => entry.test(text));
  if (first === undefined || !clauses.some(({ meaning }) => meaning === 'incompatible')) return null;
  return {
    name: 'kdoc',
    clauses,
    ...termsOf(clauses),
    source: `${contractHeader}:${first.number}, struct iommu_domain_ops, @attach_dev`,
    standing: 'stated',
  };
};
