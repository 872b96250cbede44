// Reads a trace.dat into tokens, each of its records counted.
import { counted, newCounts, type Trace, type TraceCounts } from '../account.ts';
import type { Input } from '../input.ts';
import type { TokenStream } from '../token.ts';
import type { TraceFile } from './draft.ts';
import { readTraceFile } from './file.ts';
import { fileAccess, streamAccess } from './open.ts';
import { datTokens } from './tokens.ts';

export const readDat = async ({ name, bytes, file, close }: Input): Promise<Trace> => {
  const access = file === undefined ? { ...(await streamAccess(name, bytes)), close: () => {} } : fileAccess(file);
  if (file !== undefined) await close();
  const counts = newCounts();
  try {
    const found = readTraceFile(access);
    return { format: 'trace.dat', tokens: accounted(found, counts, access.close), counts: () => counts };
  } catch (error) {
    access.close();
    throw error;
  }
};

async function* accounted(file: TraceFile, counts: TraceCounts, close: () => void): TokenStream {
  try {
    for await (const tokens of datTokens(file)) {
      counts.lines += tokens.length;
      for (const token of tokens) counts[counted(token)] += 1;
      yield tokens;
    }
  } finally {
    close();
  }
}
