// Numbers in sentences: how many of what.

/** `1 group`, `2 groups`. */
export const counted = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
