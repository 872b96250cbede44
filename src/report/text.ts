// Small helpers of every text report: 75 columns, negative errnos as the kernel writes them, aligned tables.

export const columnsMax = 75;

/** `ENOMEM` → `-ENOMEM`, `OK` → `0`. */
export const errnoText = (result: string): string =>
  result === 'OK' || result === '0' ? '0' : result === 'killed' ? 'killed' : `-${result}`;

/** Breaks text at spaces into lines of at most `width`; its own indentation stays, later lines get `indent`. */
export const wrap = (text: string, indent = '', width = columnsMax): string => {
  const lines: string[] = [];
  const lead = /^ */.exec(text)![0];
  let line = '';
  for (const word of text.slice(lead.length).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line.trimEnd());
      line = indent + word;
    } else line = line === '' ? lead + word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
};

/** A word longer than `width` in pieces, with blanks between that lines may be broken at. */
export const cut = (word: string, width: number): string =>
  word.length > width ? word.match(new RegExp(`.{1,${width}}`, 'gu'))!.join(' ') : word;

/** A title and its lines, or nothing. */
export const section = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : [title, ...lines]);

/** Rows of cells, each column as wide as its widest cell; the last column is not padded. */
export const table = (rows: readonly (readonly string[])[], indent = ''): string => {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      `${indent}${row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index]!))).join('  ')}`.trimEnd(),
    )
    .join('\n');
};

/** Address in hexadecimal, as the kernel prints it; ends above 2^53 are the end of addresses. */
export const hex = (address: number): string => (address >= 2 ** 63 ? '0xffffffffffffffff' : `0x${address.toString(16)}`);

/** `65536` → `64K`. */
export const sizeText = (bytes: number): string => {
  const units = ['', 'K', 'M', 'G', 'T'];
  let unit = 0;
  let size = bytes;
  while (size >= 1024 && size % 1024 === 0 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size}${units[unit]}`;
};

/** What a plausibility means to a reader. */
export const plausibleWords: Record<string, string> = {
  atomic: 'cannot sleep: fails under memory pressure',
  accounted: "charged to the caller's memory cgroup: fails at its limit",
  'large-order': 'needs contiguous pages: fails when memory is fragmented',
  dma: 'coherent memory: fails when that pool is used up',
  'id-or-xarray': 'two tries, the second may sleep: practically only by fault injection',
  'small-sleeping': 'small, may sleep: practically only for an OOM victim or by injection',
  'no-memory': 'takes no memory',
};

/** Which errnos of a candidate make a caller try the next. */
export const ruleText = (scan: 'any' | readonly string[]): string =>
  scan === 'any' ? 'any errno' : scan.length === 0 ? 'nothing: it does not search' : scan.map((errno) => `-${errno}`).join(', ');

/** Attributes that were read from a table, of how many devices or instances each: `requireDirect (16), isolatedMsi`. */
export const takenWords = (taken: Readonly<Record<string, number>>): string =>
  Object.entries(taken)
    .map(([name, count]) => (count === 1 ? name : `${name} (${count})`))
    .join(', ');
