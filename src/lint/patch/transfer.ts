// Undoes what mail does to a text on its way: quoted-printable, base64, encoded words, character sets.

export type Encoding = 'quoted-printable' | 'base64' | 'plain';

/** `label` names the character set; one that is not known reads as UTF-8. */
export const decodeBody = (body: string, encoding: Encoding, label: string): string => {
  if (encoding === 'plain') return body;
  return decodeBytes(encoding === 'base64' ? fromBase64(body) : fromQuotedPrintable(body), label).replaceAll('\r\n', '\n');
};

const decodeBytes = (bytes: Uint8Array, label: string): string => {
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
};

/** Stops where the text is no base64 any more: archives add footers below it. */
const fromBase64 = (text: string): Uint8Array => {
  const letters = text.replaceAll(/\s/g, '').match(/^[A-Za-z0-9+/]*/)![0];
  const whole = letters.length % 4 === 1 ? letters.slice(0, -1) : letters;
  return bytesOf(atob(whole));
};

const bytesOf = (latin: string): Uint8Array => Uint8Array.from(latin, (character) => character.charCodeAt(0));

/** Characters that should have been quoted and were not are taken as they stand. */
const fromQuotedPrintable = (text: string): Uint8Array => {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const joined = lines.join('\n').replaceAll('=\n', '');
  const pieces = joined.split(/((?:=[0-9A-Fa-f]{2})+)/);
  const encoder = new TextEncoder();
  const bytes = pieces.map((piece, index) => (index % 2 === 1 ? quotedBytes(piece) : encoder.encode(piece)));
  return joinBytes(bytes);
};

const quotedBytes = (piece: string): Uint8Array => Uint8Array.from(piece.slice(1).split('='), (digits) => Number.parseInt(digits, 16));

const joinBytes = (pieces: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
};

const encodedWord = /=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=/gi;

/** `=?UTF-8?q?iommu=3A_x?=` in a header line; white space between two of them is none. */
export const decodeWords = (value: string): string =>
  value.replaceAll(/(\?=)\s+(?==\?)/g, '$1').replaceAll(encodedWord, (_, label: string, kind: string, text: string) => {
    const bytes = kind.toLowerCase() === 'b' ? fromBase64(text) : fromQuotedPrintable(text.replaceAll('_', '=20'));
    return decodeBytes(bytes, label);
  });
