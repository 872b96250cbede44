// Probe definitions as `kprobe_events` lists them: which probe is which function, and which field of its line is which argument.

export interface ProbeDefinition {
  readonly function: string;
  readonly isReturn: boolean;
  /** Position of the argument, from 1, by the name of the field; 0 is what the function returns. */
  readonly fields: { readonly [field: string]: number };
}

/** By the event's name, without its group. */
export type Definitions = ReadonlyMap<string, ProbeDefinition>;

export const noDefinitions: Definitions = new Map();

const head = /^(p|r\d*|f)(?::(?:([^/\s]+)\/)?(\S+))?\s+(?:(\S+):)?([^\s+%]+)(?:\+(\d+|0x[0-9a-f]+))?(%return)?(?:\s+(.*))?$/;

/** `dom=$arg1:x64`, `gid=+0(+0($arg2)):string`, `ret=$retval:s32`, `$arg3`. */
const fieldOf = (text: string, index: number): [string, number] | null => {
  const named = /^([^=\s]+)=(.+)$/.exec(text);
  const argument = /\$arg(\d+)/.exec(text)?.[1];
  const position = text.includes('$retval') ? 0 : argument === undefined ? null : Number(argument);
  return position === null ? null : [named?.[1] ?? `arg${index + 1}`, position];
};

/** A function's name without what the compiler put behind it. */
export const plainName = (symbol: string): string => symbol.replace(/\.(isra|constprop|part|cold|llvm)\b.*$/, '');

const definitionOf = (line: string): [string, ProbeDefinition] | null => {
  const parts = head.exec(line.trim());
  // A probe in the middle of a function says nothing of its arguments.
  if (!parts || (parts[6] !== undefined && Number(parts[6]) !== 0)) return null;
  const [, kind, , name, , symbol, , marked, rest = ''] = parts;
  const isReturn = kind!.startsWith('r') || marked !== undefined;
  const fields = rest
    .split(/\s+/)
    .filter((text) => text !== '')
    .flatMap((text, index) => {
      const field = fieldOf(text, index);
      return field ? [field] : [];
    });
  return [name ?? `${isReturn ? 'r' : 'p'}_${symbol}_0`, { function: plainName(symbol!), isReturn, fields: Object.fromEntries(fields) }];
};

/** Lines that define no probe of a function are left out: the trace's own lines name the function anyway. */
export const readDefinitions = (text: string): Definitions =>
  new Map(
    text.split('\n').flatMap((line) => {
      const found = line.trim() === '' || line.startsWith('#') ? null : definitionOf(line);
      return found ? [found] : [];
    }),
  );
