// A file that is read whole, as text; decompressed where it is gzip.
import { existsSync } from 'node:fs';
import { Failure } from '../core/failure.ts';
import { openInput } from '../recordings/trace/input.ts';
import { textLimit } from '../recordings/trace/recording.ts';

/** `check` sees the first bytes, decompressed. */
export const wholeText = async (file: string, check: (first: Uint8Array) => void = () => {}): Promise<string> => {
  if (!existsSync(file)) throw new Failure('bad-trace', 'cannot be read: ENOENT', { file });
  const { bytes, first } = await openInput(file);
  check(first);
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    pieces.push(piece);
    length += piece.length;
    if (length > textLimit) throw new Failure('bad-trace', `expected at most ${textLimit} bytes, found more`, { file });
  }
  return new TextDecoder().decode(Buffer.concat(pieces));
};
