// A 64-bit content hash of text, equal in every process: two 32-bit FNV-1a variants side by side.

const finish = (hash: number): string => ((hash ^ (hash >>> 15)) >>> 0).toString(16).padStart(8, '0');

/** 16 hexadecimal digits. */
export const contentHash = (text: string): string => {
  let first = 0x811c9dc5;
  let second = 0x9747b28c;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second ^ unit, 0x5bd1e995);
  }
  return finish(first) + finish(second);
};
