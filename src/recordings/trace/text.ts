// Small pieces that the formats share: times, system calls, strings that come again and again.

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
export const asSystemCall = (name: string, text: string): { readonly name: string; readonly text: string } | undefined => {
  const found = /^sys_(enter|exit)_(\w+)$/.exec(name);
  if (found === null) return undefined;
  return { name: `sys_${found[2]}`, text: found[1] === 'enter' ? callText(text) : `-> ${text}` };
};

/** The same string for equal ones, so that a token does not hold on to the piece of input it was cut out of. */
export const newNames = (): ((name: string) => string) => {
  const known = new Map<string, string>();
  return (name) => {
    const same = known.get(name);
    if (same !== undefined) return same;
    if (known.size >= namesLimit) known.clear();
    known.set(name, name);
    return name;
  };
};

const namesLimit = 10_000;
