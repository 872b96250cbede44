// The one call for what takes a trace: bytes in any format known, as tokens, with an account of every line.
import type { Trace } from './account.ts';
import { binaryKind } from './binary.ts';
import { isTraceDat } from './dat/file.ts';
import { readDat } from './dat/read.ts';
import { unknownFormat } from './formats.ts';
import { type Input, openInput, type TraceSource } from './input.ts';
import { readText } from './readText.ts';

/** Recognises the format; the tokens can be taken once. */
export const readTrace = async (source: TraceSource): Promise<Trace> => {
  const input = await openInput(source);
  try {
    return await readInput(input);
  } catch (error) {
    await input.close();
    throw error;
  }
};

const readInput = (input: Input): Promise<Trace> => {
  if (isTraceDat(input.first)) return readDat(input);
  const kind = binaryKind(input.first);
  if (kind !== undefined) throw unknownFormat(input.name, kind);
  return readText(input.bytes, input.name);
};
