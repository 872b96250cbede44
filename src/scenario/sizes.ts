// Sizes and addresses as people write them: 4096, 0x1000, 64K, 2M, 1G; K, M, G and T are powers of 1024.

const units = ['K', 'M', 'G', 'T'] as const;

/** What a size may look like when it is no plain number; the JSON Schema shows it. */
export const sizePattern = /^(0[xX][0-9a-fA-F]+|[0-9]+)[KMGTkmgt]?$/;

/** The first value that no 64-bit address holds. */
export const endOfAddresses = 2 ** 64;

/** Null when the text is no size; numbers are taken as they are. */
export const parseSize = (given: string | number): number | null => {
  if (typeof given === 'number') return given;
  if (!sizePattern.test(given)) return null;
  const unit = units.findIndex((letter) => given.toUpperCase().endsWith(letter));
  const digits = unit === -1 ? given : given.slice(0, -1);
  return Number(digits) * 1024 ** (unit + 1);
};

/** The largest unit that leaves a whole number, so that reading it back gives the same. */
export const printSize = (size: number): string => {
  const unit = units.findLastIndex((_, index) => size > 0 && size % 1024 ** (index + 1) === 0);
  return unit === -1 ? String(size) : `${size / 1024 ** (unit + 1)}${units[unit]}`;
};

export const printAddress = (address: number): string => `0x${address.toString(16)}`;
