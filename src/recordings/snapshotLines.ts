// A snapshot of sysfs as text, `path TAB content` or `path TAB -> link target` a line, made searchable by path.
// Lines that cannot be read become notes; lines that nobody asked for are counted.

/** Something that was not read, or was assumed. Line 0: about the whole snapshot, no single line. */
export interface Note {
  readonly line: number;
  readonly note: string;
  /** The line as found, cut short, without control characters. */
  readonly text: string;
  /** A table of ACPI that is not used, or contradicts the kernel. */
  readonly about?: 'firmware';
}

interface Entry {
  readonly line: number;
  readonly content: string;
  readonly link: boolean;
  readonly text: string;
}

const longestQuote = 60;

/** Text of others for a message: a snapshot may hold anything, also terminal escapes. */
export const quote = (text: string): string => {
  const plain = text.slice(0, longestQuote + 1).replace(/\p{C}/gu, '?');
  return plain.length > longestQuote ? `${plain.slice(0, longestQuote - 3)}...` : plain;
};

/** Last part of a path or of a link's target. */
export const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const linkMark = '-> ';
/** Names are printed later: no blanks, no terminal escapes; a shell's unmatched `*` is no name. */
const pathForm = /^(?:\/[^\s/*\p{C}]+)+$/u;
const targetForm = /^-> [^\s*\p{C}]+$/u;

/** Names become keys of plain objects elsewhere, so this one name cannot be accepted. */
const unusable = (path: string): boolean => path.split('/').some((part) => part === '.' || part === '..' || part === '__proto__');

const problemOf = (path: string, tab: number, content: string): string | undefined => {
  if (tab < 0) return 'expected a path, a TAB and a content, found no TAB';
  if (!pathForm.test(path) || unusable(path)) return 'expected an absolute path without blanks before the TAB';
  if (content.startsWith(linkMark.trim()) && !targetForm.test(content.trimEnd())) return 'expected the target of a link after ->';
  return undefined;
};

export class Snapshot {
  readonly notes: Note[] = [];
  /** Lines that are not blank. */
  total = 0;
  readonly #entries = new Map<string, Entry[]>();
  readonly #folders = new Map<string, { readonly first: Entry; readonly names: Set<string> }>();
  readonly #used = new Set<Entry>();
  readonly #noted = new Set<string>();

  constructor(lines: readonly string[]) {
    lines.forEach((text, index) => {
      this.#add(text.replace(/\r$/, ''), index + 1);
    });
  }

  #add(text: string, line: number): void {
    if (text.trim() === '') return;
    this.total += 1;
    const tab = text.indexOf('\t');
    const path = text.slice(0, Math.max(tab, 0));
    const content = text.slice(tab + 1);
    const problem = problemOf(path, tab, content);
    if (problem) {
      this.note(line, problem, text);
      return;
    }
    const link = content.startsWith(linkMark);
    this.#store(path, { line, link, text, content: (link ? content.slice(linkMark.length) : content).trim() });
  }

  #store(path: string, entry: Entry): void {
    const known = this.#entries.get(path);
    if (known) known.push(entry);
    else this.#entries.set(path, [entry]);
    for (let cut = path.lastIndexOf('/'), below = path; cut > 0; below = below.slice(0, cut), cut = below.lastIndexOf('/')) {
      const folder = below.slice(0, cut);
      const known = this.#folders.get(folder) ?? { first: entry, names: new Set() };
      if (known.names.has(below.slice(cut + 1))) break;
      known.names.add(below.slice(cut + 1));
      this.#folders.set(folder, known);
    }
  }

  /** A file may be read several times; what is odd about it is said once. */
  note(line: number, note: string, text = '', about?: Note['about']): void {
    if (this.#noted.has(`${line} ${note}`)) return;
    this.#noted.add(`${line} ${note}`);
    this.notes.push({ line, note, text: quote(text), ...(about && { about }) });
  }

  /** Notes about the first line at or below the path, the whole snapshot if there is none. */
  noteAt(path: string, note: string, about?: Note['about']): void {
    const entry = this.#entries.get(path)?.[0] ?? this.#folders.get(path)?.first;
    this.note(entry?.line ?? 0, note, about === 'firmware' ? '' : entry?.text, about);
  }

  /** Names in a folder, in the order of the snapshot. */
  children(folder: string): string[] {
    return [...(this.#folders.get(folder)?.names ?? [])];
  }

  has(path: string): boolean {
    return this.#entries.has(path) || this.#folders.has(path);
  }

  /** Every line of a file with its number; `undefined` when the snapshot does not have the file. */
  lines(path: string): { line: number; content: string; text: string }[] | undefined {
    const found = this.#entries.get(path)?.filter((entry) => !entry.link);
    for (const entry of found ?? []) this.#used.add(entry);
    return found;
  }

  /** The content of a file of one line. */
  value(path: string): string | undefined {
    return this.#only(this.lines(path) ?? [])?.content;
  }

  /** The target of a link. */
  link(path: string): string | undefined {
    const found = (this.#entries.get(path) ?? []).filter((entry) => entry.link);
    for (const entry of found) this.#used.add(entry);
    return this.#only(found)?.content;
  }

  /** The line that has the link, as found. */
  linkLine(path: string): { line: number; text: string } | undefined {
    return this.#entries.get(path)?.find((entry) => entry.link);
  }

  #only<T extends { line: number; text: string }>(found: readonly T[]): T | undefined {
    for (const extra of found.slice(1)) this.note(extra.line, `found a second time; line ${found[0]?.line} is kept`, extra.text);
    return found[0];
  }

  /** Well-formed lines that nothing here needs, e.g. vendor ids. */
  ignored(): number {
    let all = 0;
    for (const entries of this.#entries.values()) all += entries.length;
    return all - this.#used.size;
  }
}
