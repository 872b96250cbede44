// A 64-bit content hash of text, equal in every process: two 32-bit FNV-1a variants side by side.

const mix = (text: string, seed: number, prime: number): number => {
  let hash = seed;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), prime);
  return (hash ^ (hash >>> 15)) >>> 0;
};

/** 16 hexadecimal digits. */
export const contentHash = (text: string): string =>
  mix(text, 0x811c9dc5, 0x01000193).toString(16).padStart(8, '0') + mix(text, 0x9747b28c, 0x5bd1e995).toString(16).padStart(8, '0');
