// Names exchanged in values: what a renaming makes of texts, records and lists.

/** Names to other names, both ways complete. */
export type Renaming = ReadonlyMap<string, string>;

const NAME = /[A-Za-z0-9_:.-]+/g;

const ownerIn = (owner: string, renaming: Renaming): string | undefined => {
  const group = owner.startsWith('g') ? renaming.get(owner.slice(1)) : undefined;
  return renaming.get(owner) ?? (group === undefined ? undefined : `g${group}`);
};

/** `c0.d1.attributes.tables` is c0's, `gGROUP.default` a group's; names of devices have dots themselves, so the longest owner counts. */
const renamedWord = (word: string, renaming: Renaming): string => {
  for (let end = word.length; end > 0; end = word.lastIndexOf('.', end - 1)) {
    const owner = ownerIn(word.slice(0, end), renaming);
    if (owner !== undefined) return `${owner}${word.slice(end)}`;
  }
  return word;
};

/** Texts of a world are few, and come up again and again. */
const knownTexts = new WeakMap<Renaming, Map<string, string>>();

const textsOf = (renaming: Renaming): Map<string, string> => {
  const known = knownTexts.get(renaming) ?? new Map<string, string>();
  knownTexts.set(renaming, known);
  return known;
};

const renamedIn = (texts: Map<string, string>, text: string, renaming: Renaming): string => {
  const known = texts.get(text);
  if (known !== undefined) return known;
  const made = text.replace(NAME, (word) => renamedWord(word, renaming));
  texts.set(text, made);
  return made;
};

const valueIn = (texts: Map<string, string>, value: unknown, renaming: Renaming): unknown => {
  if (typeof value === 'string') return renamedIn(texts, value, renaming);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => valueIn(texts, inner, renaming));
  const made: Record<string, unknown> = {};
  for (const key in value) made[renamedIn(texts, key, renaming)] = valueIn(texts, (value as Record<string, unknown>)[key], renaming);
  return made;
};

/** With every name in it exchanged. */
export const renamedText = (text: string, renaming: Renaming): string => renamedIn(textsOf(renaming), text, renaming);

/** A value with every name in it exchanged; keys of records too. Lists that are sets by name stay sorted. The renaming changes no more. */
export const renamed = (value: unknown, renaming: Renaming): unknown => valueIn(textsOf(renaming), value, renaming);
