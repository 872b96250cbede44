// A strict reader of XML 1.0 without DTDs, comments and processing instructions: throws where a document is not well-formed.

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** Its own text, that of children left out. */
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const illegal = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

const resolved = (text: string): string => {
  if (text.includes('<') || text.includes(']]>')) throw new Error(`a mark that must be escaped in ${JSON.stringify(text)}`);
  return text.replace(/&([^;&]*;?)/g, (whole, name: string) => {
    const number = /^#(?:x([\da-f]+)|(\d+));$/i.exec(name);
    const found = number
      ? String.fromCodePoint(Number.parseInt(number[1] ?? number[2]!, number[1] ? 16 : 10))
      : entities[name.slice(0, -1)];
    if (found === undefined || !name.endsWith(';') || illegal.test(found)) throw new Error(`no such reference: ${whole}`);
    return found;
  });
};

const attributesOf = (text: string): Record<string, string> => {
  const found: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const match = /^\s+([A-Za-z_][\w.-]*)="([^"]*)"/.exec(rest);
    if (!match) throw new Error(`no attribute: ${rest}`);
    if (match[1]! in found) throw new Error(`attribute ${match[1]} twice`);
    // A reader makes blanks of line ends and tabs that are not written as references.
    found[match[1]!] = resolved(match[2]!.replace(/[\t\n\r]/g, ' '));
    rest = rest.slice(match[0].length);
  }
  return found;
};

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const tag = /<(\/?)([A-Za-z_][\w.-]*)((?:\s+[^<>"\s=]+="[^"]*")*)\s*(\/?)>/y;

/** The root element; the declaration is demanded. */
export const readXml = (document: string): Element => {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!document.startsWith(declaration)) throw new Error('no XML declaration');
  if (illegal.test(document) || !document.isWellFormed()) throw new Error('a character that XML does not have');
  const top: Open = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  for (let at = declaration.length; at < document.length; ) {
    const next = document.indexOf('<', at);
    open.at(-1)!.text += resolved(document.slice(at, next < 0 ? undefined : next));
    if (next < 0) break;
    tag.lastIndex = next;
    const match = tag.exec(document);
    if (!match) throw new Error(`no tag: ${document.slice(next, next + 40)}`);
    at = tag.lastIndex;
    const [, closes, name = '', given = '', empty] = match;
    if (closes) {
      if (open.pop()!.name !== name || given !== '' || empty) throw new Error(`${name} is closed, but not open`);
      continue;
    }
    const element: Open = { name, attributes: attributesOf(given), children: [], text: '' };
    open.at(-1)!.children.push(element);
    if (!empty) open.push(element);
  }
  if (open.length !== 1 || top.children.length !== 1 || top.text.trim() !== '') throw new Error('not one root element');
  return top.children[0]!;
};
