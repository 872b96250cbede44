// Names of kernel addresses from /proc/kallsyms as the kernel prints them: `symbol+0x1c/0x80 [module]`.

export interface Symbols {
  /** With offset and size; as hexadecimal number where no symbol is below. */
  readonly withOffset: (address: bigint) => string;
  /** The name alone. */
  readonly plain: (address: bigint) => string;
}

interface Symbol {
  readonly address: bigint;
  /** With ` [module]` after it where it has one. */
  readonly name: string;
  readonly module: string;
}

/** Parsed when the first address is asked for: two hundred thousand symbols take a while. */
export const symbolsOf = (kallsyms: string): Symbols => {
  let sorted: readonly Symbol[] | undefined;
  const find = (address: bigint): readonly [Symbol, bigint] | undefined => {
    sorted ??= parsed(kallsyms);
    const place = lastAtOrBelow(sorted, address);
    if (place === undefined) return undefined;
    return [sorted[place.first]!, (sorted[place.last + 1]?.address ?? sorted[place.first]!.address) - sorted[place.first]!.address];
  };
  return {
    withOffset: (address) => {
      const found = find(address);
      if (found === undefined) return `0x${address.toString(16)}`;
      const [{ address: start, name, module }, size] = found;
      if (start === address && trampolines.includes(name)) return returnedByProbe;
      return `${name}+0x${(address - start).toString(16)}/0x${size.toString(16)}${module}`;
    },
    plain: (address) => {
      const found = find(address);
      return found === undefined ? `0x${address.toString(16)}` : found[0].name + found[0].module;
    },
  };
};

/** Where a function returns to that another probe watches too: the kernel prints these words instead (kernel/trace/trace_output.c). */
const returnedByProbe = "[unknown/kretprobe'd]";
const trampolines: readonly string[] = ['arch_rethook_trampoline', '__kretprobe_trampoline', 'kretprobe_trampoline'];

const line = /^([0-9a-f]+) \S (\S+)(?:\s+\[(\S+)\])?$/;

/** Absolute zeros stand where addresses are hidden from users; the kernel keeps no data symbols of per-CPU offsets apart. */
const parsed = (kallsyms: string): readonly Symbol[] =>
  kallsyms
    .split('\n')
    .flatMap((text) => {
      const found = line.exec(text);
      if (found === null || /^0+$/.test(found[1]!)) return [];
      return [{ address: BigInt(`0x${found[1]}`), name: found[2]!, module: found[3] === undefined ? '' : ` [${found[3]}]` }];
    })
    .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));

/** First and last of the symbols with the greatest address not above this one: of aliases the kernel takes the first. */
const lastAtOrBelow = (sorted: readonly Symbol[], address: bigint): { readonly first: number; readonly last: number } | undefined => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]!.address <= address) low = middle + 1;
    else high = middle;
  }
  const last = low - 1;
  if (last < 0) return undefined;
  let first = last;
  while (first > 0 && sorted[first - 1]!.address === sorted[last]!.address) first--;
  return { first, last };
};
