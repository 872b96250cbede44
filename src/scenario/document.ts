// A YAML or JSON text as a value with places; whatever is wrong with the text itself is refused here.
import { type Alias, type Document, isAlias, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { Failure, type Place } from '../core/failure.ts';
import { keyText, type Located, placeAt, placesIn } from './locate.ts';
import type { Kind, Source } from './source.ts';

export const parseText = (text: string, file: string, kind: Kind): Source => {
  const lines = new LineCounter();
  const located: Located = { file, text, lines, document: documentOf(text, file, kind, lines) };
  refuseDamage(located, kind);
  refuseKeys(located, kind);
  return { value: readValue(located, kind), place: placesIn(located) };
};

const documentOf = (text: string, file: string, kind: Kind, lineCounter: LineCounter): Document => {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
  } catch (error) {
    throw unreadable(error, { file }, kind);
  }
};

/** The parser gives up by exceptions of its own on texts that are nested or aliased beyond reason. */
const unreadable = (error: unknown, place: Place, kind: Kind): Failure =>
  new Failure(kind.code, `expected ${kind.words}, found YAML that cannot be read: ${(error as Error).message}`, place);

/** The parser's messages that speak of its own use, or of nothing a user sees. */
const plainWords: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'a key for the second time',
  MULTIPLE_DOCS: 'a second document',
  RESOURCE_EXHAUSTION: 'nesting that is too deep',
};

const refuseDamage = (located: Located, kind: Kind): void => {
  const { document } = located;
  const error = document.errors.toSorted((a, b) => a.pos[0] - b.pos[0])[0] ?? document.warnings[0];
  if (error) {
    const found = plainWords[error.code] ?? `an error: ${error.message}`;
    throw new Failure(kind.code, `expected ${kind.words} in YAML or JSON, found ${found}`, placeAt(located, error.pos[0]));
  }
  const empty = document.contents === null || (isScalar(document.contents) && document.contents.value === null);
  if (empty) throw new Failure(kind.code, `expected ${kind.words}, found an empty file`, { file: located.file, line: 1, column: 1 });
};

/** Names that mean something else to the program that reads them. */
const reserved = ['__proto__', 'prototype', 'constructor'];

const refuseKeys = (located: Located, kind: Kind): void => {
  visit(located.document, {
    Pair: (_, { key }) => {
      const plain = (isScalar(key) && key.value !== null) || isAlias(key);
      if (plain && !reserved.includes(keyText(key))) return;
      const found = plain ? `the reserved word ${keyText(key)}` : isScalar(key) ? 'nothing' : 'a collection';
      const character = (key as { range?: readonly number[] } | null)?.range?.[0] ?? 0;
      throw new Failure(kind.code, `expected a word as key, found ${found}`, placeAt(located, character));
    },
  });
};

const readValue = (located: Located, kind: Kind): unknown => {
  try {
    return located.document.toJS();
  } catch (error) {
    throw unreadable(error, aliasPlace(located), kind);
  }
};

/** Only aliases can make a sound document unreadable: the first that has no anchor, else the first of too many. */
const aliasPlace = (located: Located): Place => {
  const aliases: Alias[] = [];
  const anchors = new Set<string | undefined>();
  visit(located.document, {
    Alias: (_, node) => void aliases.push(node),
    Value: (_, node) => void anchors.add(node.anchor),
  });
  const alias = aliases.find(({ source }) => !anchors.has(source)) ?? aliases[0];
  return placeAt(located, alias?.range?.[0] ?? 0);
};
