// What an input that is no text is, by its first bytes: people hand in what a tool wrote instead of what it prints.

/** First bytes as characters, and what they begin. */
const known: readonly (readonly [string, string])[] = [
  ['PERFILE2', 'perf.data (print it: `perf script -i FILE`)'],
  ['2ELIFREP', 'perf.data of the other byte order (print it: `perf script -i FILE`)'],
  ['\x28\xb5\x2f\xfd', 'data compressed by zstd (decompress it first: `zstdcat FILE`)'],
  ['\xfd7zXZ', 'data compressed by xz (decompress it first: `xzcat FILE`)'],
  ['BZh', 'data compressed by bzip2 (decompress it first: `bzcat FILE`)'],
  ['PK\x03\x04', 'a zip archive (unpack it first)'],
  ['\x7fELF', 'an ELF file'],
  ['\xff\xfe', 'text in UTF-16 (convert it: `iconv -f UTF-16 -t UTF-8 FILE`)'],
  ['\xfe\xff', 'text in UTF-16 (convert it: `iconv -f UTF-16 -t UTF-8 FILE`)'],
];

/** Undefined for text. No text holds a zero byte so early. */
export const binaryKind = (first: Uint8Array): string | undefined => {
  const beginning = Buffer.from(first.subarray(0, looked)).toString('latin1');
  const named = known.find(([magic]) => beginning.startsWith(magic));
  if (named) return named[1];
  return beginning.includes('\0') ? `bytes that are no text (${hexadecimal(first)} ...)` : undefined;
};

const looked = 256;

const hexadecimal = (bytes: Uint8Array): string => [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
