// Bytes of a source as text whose lines are those of the file, whatever its encoding and line ends.

export interface Decoded {
  readonly text: string;
  /** What the text does not show as it stands in the file. */
  readonly remarks: readonly string[];
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export const decode = (bytes: Uint8Array): Decoded => {
  const { text, remarks } = characters(bytes);
  if (!text.includes('\r\n')) return { text, remarks };
  return { text: text.replaceAll('\r\n', '\n'), remarks: [...remarks, 'lines end in CR LF; read as LF'] };
};

/** Every byte is a character of Latin-1, so nothing is lost; words that C knows are ASCII in both. */
const characters = (bytes: Uint8Array): Decoded => {
  try {
    return { text: utf8.decode(bytes), remarks: [] };
  } catch {
    const text = Buffer.from(bytes).toString('latin1');
    return { text, remarks: [`not UTF-8 at line ${firstBadLine(bytes)}; read as Latin-1`] };
  }
};

/** Bytes after a newline begin a new character, so lines can be judged one by one. */
const firstBadLine = (bytes: Uint8Array): number => {
  let start = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(10, start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
};

const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
};
