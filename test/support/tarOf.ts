// Packs files as POSIX tar does, for tests of what reads archives.

const block = 512;

const field = (text: string, length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  bytes.write(text);
  return bytes;
};
const octal = (value: number, length: number): Buffer => field(value.toString(8).padStart(length - 1, '0'), length);

/** One header; the sum is of all its bytes, those of the sum itself as blanks. */
export const tarHeader = (name: string, size: number, type = '0'): Buffer => {
  const before = [field(name, 100), octal(0o644, 8), octal(0, 8), octal(0, 8), octal(size, 12), octal(0, 12)];
  const after = [field(type, 1), field('', 100), Buffer.from('ustar\x0000'), field('', 247)];
  const sum = [...before, field('        ', 8), ...after].reduce((total, part) => total + part.reduce((all, byte) => all + byte, 0), 0);
  return Buffer.concat([...before, field(`${sum.toString(8).padStart(6, '0')}\0 `, 8), ...after]);
};

export const tarMember = (name: string, content: Uint8Array, type?: string): Buffer =>
  Buffer.concat([tarHeader(name, content.length, type), content, Buffer.alloc((block - (content.length % block)) % block)]);

export const tarEnd = Buffer.alloc(2 * block);

export const tarOf = (files: Readonly<Record<string, Uint8Array>>): Buffer =>
  Buffer.concat([...Object.entries(files).map(([name, content]) => tarMember(name, content)), tarEnd]);
