// Source text as reports and rules quote it: one line, without comments.
import type { Span } from '../c/syntax.ts';

export const quoted = (source: string, { from, to }: Pick<Span, 'from' | 'to'>): string =>
  source
    .slice(from, to)
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ')
    .replace(/\\\n/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

const wrapped = /^\((.*)\)$/s;

/** Without brackets around the whole. */
export const unwrapped = (text: string): string => {
  const inner = wrapped.exec(text)?.[1];
  if (inner === undefined) return text;
  let depth = 0;
  for (const letter of inner) {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
    if (depth < 0) return text;
  }
  return unwrapped(inner.trim());
};
