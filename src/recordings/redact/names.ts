// Names that a recording must not give away, each replaced by a numbered one of the same width, the same everywhere in the recording.
// A first reading collects them, a second one replaces: so addresses can keep their order, and no new name is one that was there.

/** Hands back what stands in the place of a name. */
export interface Names {
  /** A kernel pointer: 16 hexadecimal digits. */
  readonly address: (digits: string) => string;
  readonly comm: (name: string) => string;
  readonly host: (name: string) => string;
  readonly user: (name: string) => string;
  readonly path: (name: string) => string;
  /** Of a kernel parameter that says nothing of IOMMUs. */
  readonly value: (text: string) => string;
}

type Kind = Exclude<keyof Names, 'address'>;

/** What a new name of each kind begins with. */
const letters: Readonly<Record<Kind, string>> = { comm: 't', host: 'h', user: 'u', path: '/p', value: 'v' };
const kinds = Object.keys(letters) as Kind[];

export interface Collected extends Names {
  readonly addresses: ReadonlySet<string>;
  readonly found: Readonly<Record<Kind, ReadonlySet<string>>>;
}

/** Gives everything back as it is. */
export const collector = (): Collected => {
  const addresses = new Set<string>();
  const sets = {
    comm: new Set<string>(),
    host: new Set<string>(),
    user: new Set<string>(),
    path: new Set<string>(),
    value: new Set<string>(),
  };
  const keep =
    (set: Set<string>) =>
    (name: string): string => {
      set.add(name);
      return name;
    };
  const keeping = Object.fromEntries(kinds.map((kind) => [kind, keep(sets[kind])])) as Record<Kind, (name: string) => string>;
  return { ...keeping, address: keep(addresses), addresses, found: sets };
};

/** High digits of addresses that no kernel has had in the recording. */
const highDigits = (addresses: readonly string[]): string => {
  for (let high = 0xfffe; ; high--) {
    const digits = high.toString(16);
    if (!addresses.some((address) => address.startsWith(digits))) return digits;
  }
};

/** A page apart, in the order of the old ones. */
const newAddresses = (found: ReadonlySet<string>): ReadonlyMap<string, string> => {
  const sorted = [...found].sort();
  const high = highDigits(sorted);
  return new Map(sorted.map((address, rank) => [address, `${high}${((rank + 1) * 4096).toString(16).padStart(12, '0')}`]));
};

/** No name of the recording is the letter, or the letter again and again, and a number. */
const unused = (names: readonly string[], letter: string): string => {
  let beginning = letter;
  while (names.some((name) => name.startsWith(beginning) && /^\d+$/.test(name.slice(beginning.length)))) beginning += letter;
  return beginning;
};

const newNames = (found: ReadonlySet<string>, letter: string): ReadonlyMap<string, string> => {
  const names = [...found];
  const beginning = unused(names, letter);
  return new Map(names.map((name, index) => [name, `${beginning}${String(index + 1).padStart(name.length - beginning.length, '0')}`]));
};

const replacing =
  (known: ReadonlyMap<string, string>) =>
  (name: string): string =>
    known.get(name) ?? name;

export const replacer = ({ addresses, found }: Collected): Names => {
  const named = kinds.map((kind) => [kind, replacing(newNames(found[kind], letters[kind]))] as const);
  return { ...(Object.fromEntries(named) as Record<Kind, (name: string) => string>), address: replacing(newAddresses(addresses)) };
};
