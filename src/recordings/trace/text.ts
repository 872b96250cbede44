// Small pieces that the formats share: times, system calls, strings that come again and again.

/** Name and text of an event, as a token has them. */
export interface NamedEvent {
  readonly name: string;
  readonly text: string;
}

const digitsOfNanoseconds = 9;

/** Nanoseconds of `12.345678`; a plain integer is the count of a clock that counts something else, and stays. */
export const timeOf = (whole: string, fraction: string | undefined): number =>
  fraction === undefined
    ? Number(whole)
    : Number(whole) * 1e9 + Number(fraction.padEnd(digitsOfNanoseconds, '0').slice(0, digitsOfNanoseconds));

/**
 * System calls have no name of their own in tracefs; both tokens are called by the call, `sys_ioctl`, and differ by their text:
 * `(fd: 5, cmd: 3b67, arg: 7ffd)` on entry, hexadecimal without 0x as 6.1 and 6.12 print it, and `-> 0x0` on return.
 */
export const callText = (args: string): string => `(${args.replace(/: 0x0*(?=[0-9a-f])/g, ': ')})`;

/** `sys_enter_ioctl` and `sys_exit_ioctl`, the events' own names, as tracefs prints them; undefined for any other event. */
export const asSystemCall = (name: string, text: string): NamedEvent | undefined => {
  const found = /^sys_(enter|exit)_(\w+)$/.exec(name);
  if (found === null) return undefined;
  return { name: `sys_${found[2]}`, text: found[1] === 'enter' ? callText(text) : `-> ${text}` };
};

const address = '([0-9a-f]{8,16})';
const bareEntry = new RegExp(String.raw`^\(${address}\)`);
const bareReturn = new RegExp(String.raw`^\(${address} <- ${address}\)`);

/**
 * perf and trace-cmd print probes by the event's format: addresses without 0x, at a return the function first. tracefs says first where
 * the function returns to, and so do tokens: `(0xffffffff81234567 <- 0xffffffff81230000) ret=0`. Symbols are not in their output.
 */
export const probeText = (text: string): string => text.replace(bareReturn, '(0x$2 <- 0x$1)').replace(bareEntry, '(0x$1)');

/** An event as perf and trace-cmd print it, as tracefs would. */
export const asTracefs = (name: string, text: string): NamedEvent => {
  const marked = name === 'print' || name === 'bprint' || name === 'bputs' ? /^(\w+): ?(.*)$/s.exec(text) : null;
  if (marked) return { name: marked[1]!, text: marked[2]! };
  if (name === 'function') return { name, text: text.replace(/ <-- /, ' <-') };
  return asSystemCall(name, text) ?? { name, text: probeText(text) };
};

/** A string of its own: a part of a string keeps the whole piece of input in memory that it was cut out of. */
export const ownCopy = (text: string): string => ` ${text}`.slice(1);

/** The same string for equal ones, so that a token does not hold on to the piece of input it was cut out of. */
export const newNames = (): ((name: string) => string) => {
  const known = new Map<string, string>();
  return (name) => {
    const same = known.get(name);
    if (same !== undefined) return same;
    if (known.size >= namesLimit) known.clear();
    const own = ownCopy(name);
    known.set(own, own);
    return own;
  };
};

const namesLimit = 10_000;
