// Line and column of a path in a YAML or JSON document, found through the document's nodes.
import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair, Scalar } from 'yaml';
import type { Place } from '../core/failure.ts';
import type { PlaceOf, Step } from './source.ts';

export interface Located {
  readonly file: string;
  readonly text: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** A path that leaves the document is placed at its last part that is there. */
export const placesIn = (located: Located): PlaceOf => {
  return (path, part = 'value', offset) => {
    const { node, key, whole } = walk(located.document, path);
    if (part === 'key' && whole && key) return placeAt(located, start(key));
    return placeAt(located, start(node) + (offset === undefined ? 0 : within(located.text, node, offset)));
  };
};

/** Line and column of a character of the text. */
export const placeAt = ({ file, lines }: Pick<Located, 'file' | 'lines'>, character: number): Place => {
  const { line, col } = lines.linePos(character);
  return { file, line, column: col };
};

interface Reached {
  readonly node: Node | null;
  readonly key: Node | null;
  readonly whole: boolean;
}

const walk = (document: Document, path: readonly Step[]): Reached => {
  let node = document.contents as Node | null;
  let key: Node | null = null;
  for (const step of path) {
    const next = child(resolved(document, node), step);
    if (next === null) return { node, key, whole: false };
    ({ node, key } = next);
  }
  return { node, key, whole: true };
};

/** A mistake below an alias stands where its anchor is. */
const resolved = (document: Document, node: Node | null): Node | null => (isAlias(node) ? (node.resolve(document) ?? null) : node);

const child = (node: Node | null, step: Step): { node: Node | null; key: Node | null } | null => {
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | undefined;
    return item === undefined ? null : { node: item, key: null };
  }
  if (!isMap(node)) return null;
  const pair = (node.items as Pair<Node, Node | null>[]).find((item) => keyText(item.key) === String(step));
  return pair === undefined ? null : { node: pair.value ?? pair.key, key: pair.key };
};

export const keyText = (key: unknown): string => String(isScalar(key) ? key.value : key);

const start = (node: Node | null): number => node?.range?.[0] ?? 0;

/** Characters from the node's start to the offset in its value; 0 where escapes or folding make the two differ. */
const within = (text: string, node: Node | null, offset: number): number => {
  if (!isScalar(node) || !node.range || typeof node.value !== 'string') return 0;
  const quoted = node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE;
  const written = text.slice(node.range[0], node.range[1]);
  const inner = quoted ? written.slice(1, -1) : written;
  return inner === node.value ? offset + (quoted ? 1 : 0) : 0;
};
