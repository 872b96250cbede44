// Finds the rows that a line of a kernel log can come from: shapes made of the rows' messages, where `<x>` stands for a value, are laid
// against the line once time stamp and prefix are off. WARN_ON() lines are found by the function they name.
import type { FoundMessage, IndexEntry } from '../core/facts.ts';
import { columns, type Errno } from '../core/rows.ts';

export interface MessageMatch extends FoundMessage {
  readonly score: number;
}

/** The line without what the log puts before it: priority, date and host, seconds, thread. */
export const bareLine = (line: string): string =>
  line
    .trim()
    .replace(/^<\d+>/, '')
    .replace(/^(\w{3} +\d+ [\d:]+|\d{4}-\d\d-\d\dT\S+) \S+ kernel: /, '')
    .replace(/^(\[[\s\w.]+\]:? *)+/, '')
    .replace(/\s+/g, ' ');

/** Best first. Similar lines count only when nothing is exact. */
export const matchMessage = (index: readonly IndexEntry[], text: string): readonly MessageMatch[] => {
  const lines = text
    .split('\n')
    .map(bareLine)
    .filter((line) => line !== '');
  const all = lines.flatMap((line) => index.flatMap((entry) => matchesOf(entry, line)));
  const sure = all.filter(({ quality }) => quality !== 'similar');
  const rank = (match: MessageMatch): number => (givesPrinted(match) ? 0 : 2) + (match.entry.unreachable === null ? 0 : 1);
  return [...(sure.length > 0 ? sure : all)].sort((a, b) => b.score - a.score || rank(a) - rank(b));
};

/** Linux numbers of the errnos that messages print. */
const errnoNumbers: Readonly<Record<string, Errno>> = {
  '-5': 'EIO',
  '-12': 'ENOMEM',
  '-13': 'EACCES',
  '-16': 'EBUSY',
  '-19': 'ENODEV',
  '-22': 'EINVAL',
  '-95': 'EOPNOTSUPP',
};

/** False when the line names an errno that the row does not give. */
const givesPrinted = ({ entry, columns: printing, values: { ret = '' } }: MessageMatch): boolean => {
  const errno = errnoNumbers[ret];
  return errno === undefined || printing.some((column) => entry.columns[column]!.errno.includes(errno));
};

/** One match for each message of the entry that fits, with the columns that print it. */
const matchesOf = (entry: IndexEntry, line: string): MessageMatch[] => {
  const found = new Map<string, MessageMatch>();
  for (const column of columns) {
    const facts = entry.columns[column];
    if (!facts?.prints) continue;
    const levels = facts.prints.level.split('+');
    messagesIn(facts.prints.text).forEach((shape, at) => {
      const match = found.get(shape) ?? matchShape(entry, shape, levels[at] ?? levels[0]!, facts.cite, line);
      if (match) found.set(shape, { ...match, columns: [...match.columns, column] });
    });
  }
  return [...found.values()];
};

/** A row may print twice: `A; then B`. */
const messagesIn = (text: string): string[] => text.split(/[;,] then /).map((part) => part.replace(/\s+/g, ' '));

const matchShape = (entry: IndexEntry, shape: string, level: string, cite: string, line: string): MessageMatch | null => {
  const base = { entry, columns: [], level, shape, values: {} };
  const values = valuesIn(shape, line);
  if (values) return { ...base, quality: 'exact', values, score: 1 + literal(shape).length };
  if (level.includes('WARN') && warnsAt(line, cite)) return { ...base, quality: 'warn', score: 1 };
  const share = wordShare(shape, line);
  return share >= leastShare ? { ...base, quality: 'similar', score: share } : null;
};

const literal = (shape: string): string => shape.replace(/<[^>]+>/g, '');

const escaped = (text: string): string => text.replace(/[^\w\s]/g, '\\$&').replace(/(\w+)\\\|(\w+)/g, '(?:$1|$2)');

const valuePattern = (name: string): string => {
  if (name.startsWith('hex')) return '((?:0x)?[0-9a-fA-F]+)';
  return name === 'ret' ? '(-?\\d+)' : '(\\S+)';
};

/** Before the message may stand what the print helpers put there, each with a colon: `DMAR: `, `vfio-pci 0000:05:01.0: `. */
const valuesIn = (shape: string, line: string): Record<string, string> | null => {
  const names = [...shape.matchAll(/<([^>]+)>/g)].map(([, name]) => name!);
  const parts = shape.split(/<[^>]+>/).map(escaped);
  const body = parts.map((part, index) => part + (index < names.length ? valuePattern(names[index]!) : '')).join('');
  const found = new RegExp(`^(?:.*: )?${body}$`).exec(line);
  return found && Object.fromEntries(names.map((name, index) => [name, found[index + 1]!]));
};

/** `WARNING: CPU: 0 PID: 1 at drivers/iommu/iommu.c:3197 function+0x12/0x34`, `RIP: 0010:function+0x12/0x34`. */
const warnsAt = (line: string, cite: string): boolean => {
  const name = /(?:WARNING: .*? |RIP: \w+:)(\w+)\+0x/.exec(line)?.[1];
  return name !== undefined && cite.includes(`${name}()`);
};

const leastShare = 0.6;
const leastWords = 4;

const wordsIn = (text: string): string[] => [...new Set(text.toLowerCase().match(/[a-z0-9_-]{3,}/g) ?? [])];

/** Share of the message's words that the line has, or of the line's that the message has: a pasted line may be cut. */
const wordShare = (shape: string, line: string): number => {
  const wanted = wordsIn(literal(shape));
  const seen = wordsIn(line);
  const common = wanted.filter((word) => seen.includes(word)).length;
  return common < leastWords ? 0 : common / Math.min(wanted.length, seen.length);
};
