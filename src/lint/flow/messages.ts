// Which calls print to the kernel log, and which take or release locks, by their names.
import type { Expression } from '../c/syntax.ts';

/** Debug messages are not printed unless somebody asks for them, so they are no messages here. */
const printers =
  /^(?:(?:dev|pci|pr|netdev|hv)_(?:emerg|alert|crit|err|warn|notice|info)(?:_once|_ratelimited)?|dev_err_probe|dev_WARN(?:_ONCE)?|printk(?:_once|_ratelimited)?|WARN(?:_ON|_ONCE|_ON_ONCE|_TAINT)?|BUG_ON)$/;

export const isPrinter = (name: string): boolean => printers.test(name);

/** These print only when their argument holds. */
export const printsIf = (name: string): boolean => /^(?:WARN|BUG)/.test(name);

const literal = (expression: Expression): string[] => {
  if (expression.kind === 'string') return [expression.text.replace(/"\s*"/g, '').replace(/^"|"$/g, '').replace(/\\n$/, '')];
  return [];
};

export const messageOf = (args: readonly Expression[]): string => args.flatMap(literal)[0] ?? '';

const takers: readonly (readonly [RegExp, string])[] = [
  [/^(?:raw_)?spin_lock(?:_irq|_irqsave|_bh|_nested)?$/, 'spinlock'],
  [/^mutex_lock(?:_nested)?$/, 'mutex'],
  [/^(?:mutex_lock_interruptible|mutex_lock_killable|mutex_trylock)$/, 'mutex'],
  [/^down_(?:read|write)(?:_nested|_killable)?$/, 'rwsem'],
  [/^(?:read|write)_lock(?:_irqsave|_irq|_bh)?$/, 'rwlock'],
  [/^rcu_read_lock$/, 'rcu'],
];
const releasers =
  /^(?:(?:raw_)?spin_unlock(?:_irq|_irqrestore|_bh)?|mutex_unlock|up_(?:read|write)|(?:read|write)_unlock(?:_irqrestore|_irq|_bh)?|rcu_read_unlock)$/;
const kindsOf: { readonly [name: string]: string } = {
  mutex: 'mutex',
  spinlock: 'spinlock',
  spinlock_irq: 'spinlock',
  spinlock_irqsave: 'spinlock',
  raw_spinlock_irqsave: 'spinlock',
  rwsem_read: 'rwsem',
  rwsem_write: 'rwsem',
  rcu: 'rcu',
};

export const takes = (name: string): string | null => takers.find(([pattern]) => pattern.test(name))?.[1] ?? null;
export const releases = (name: string): boolean => releasers.test(name);

/** The class of a guard: `guard(mutex)(&lock)`. */
export const guardKind = (name: string): string => kindsOf[name] ?? name;
