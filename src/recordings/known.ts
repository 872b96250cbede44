// What cannot be known stays absent: attributes are collected with undefined for unknown, and this leaves those out.
import type { Attributes } from '../core/world.ts';

export const known = (attributes: Record<string, Attributes[string] | undefined>): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter((pair): pair is [string, Attributes[string]] => pair[1] !== undefined));
