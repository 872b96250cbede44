// A YAML or JSON text as a value with places; whatever is wrong with the text itself is refused here.
import { type Document, isAlias, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { Failure } from '../core/failure.ts';
import { keyText, type Located, placeAt, placesIn } from './locate.ts';
import type { Kind, Source } from './source.ts';

export const parseText = (text: string, file: string, kind: Kind): Source => {
  const lines = new LineCounter();
  const located: Located = { file, text, lines, document: documentOf(text, file, kind, lines) };
  refuseDamage(located, kind);
  refuseKeys(located, kind);
  return { value: valueOf(located, kind), place: placesIn(located) };
};

const documentOf = (text: string, file: string, kind: Kind, lineCounter: LineCounter): Document => {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
  } catch (error) {
    throw unreadable(error, file, kind);
  }
};

/** The parser gives up by exceptions of its own on texts that are nested or aliased beyond reason. */
const unreadable = (error: unknown, file: string, kind: Kind): Failure =>
  new Failure(kind.code, `expected ${kind.words}, found YAML that cannot be read: ${(error as Error).message}`, { file });

const refuseDamage = (located: Located, kind: Kind): void => {
  const { document } = located;
  const error = document.errors.toSorted((a, b) => a.pos[0] - b.pos[0])[0] ?? document.warnings[0];
  if (error) {
    throw new Failure(kind.code, `expected ${kind.words} in YAML or JSON, found an error: ${error.message}`, placeAt(located, error.pos[0]));
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

const valueOf = ({ document, file }: Located, kind: Kind): unknown => {
  try {
    return document.toJS();
  } catch (error) {
    throw unreadable(error, file, kind);
  }
};
