// Folders and archives of a recording: parts by name, the trace among them, and what is no recording.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { openRecording, type Recording } from '../../../src/recordings/trace/recording.ts';
import { tarEnd, tarHeader, tarMember, tarOf } from '../../support/tarOf.ts';
import { all, inPieces, traceText } from '../../support/traces.ts';

const trace = traceText('6.1-x86_64-vm-two.trace');
const files = { 'trace.txt': Buffer.from(trace), 'uname.txt': Buffer.from('Linux 6.1\n'), 'acpi.bin': Buffer.from([0, 255]) };
const folder = mkdtempSync(join(tmpdir(), 'attachlab-recording-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const below = (directory: string): Record<string, Buffer> =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [`${directory}${name}`, content]));

const opened = (bytes: Buffer): Promise<Recording> => openRecording({ name: 'r.tar', bytes: inPieces(bytes, 1000) });

const expectWhole = async (recording: Recording): Promise<void> => {
  expect([...recording.parts]).toEqual([
    ['acpi.bin', 2],
    ['trace.txt', files['trace.txt'].length],
    ['uname.txt', 10],
  ]);
  expect(recording.text('uname.txt')).toBe('Linux 6.1\n');
  expect(recording.text('none.txt')).toBeUndefined();
  const { tokens, counts } = await recording.trace();
  await all(tokens);
  expect(counts()).toMatchObject({ lines: 288, events: 276, unread: 0 });
};

describe('a recording', () => {
  it('in a folder', async () => {
    const own = join(folder, 'own');
    mkdirSync(join(own, 'deeper'), { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(own, name), content);
    await expectWhole(await openRecording(own));
  });

  it.each([
    ['an archive', () => tarOf(below('6.1/'))],
    ['an archive packed from inside', () => tarOf(below('./'))],
    ['an archive in gzip', () => gzipSync(tarOf(below('6.1/')))],
    [
      'an archive with a folder, a link and other folders',
      () =>
        Buffer.concat([
          tarMember('6.1/', Buffer.alloc(0), '5'),
          tarMember('6.1/l', Buffer.alloc(0), '2'),
          tarOf({ ...below('6.1/'), 'b/notes.txt': Buffer.from('x') }),
        ]),
    ],
    ['an archive without an end', () => tarOf(below('6.1/')).subarray(0, -1024)],
  ])('in %s', async (_, bytes) => {
    await expectWhole(await opened(bytes()));
  });

  it('with the long names of GNU and POSIX', async () => {
    const long = `${'d'.repeat(120)}/`;
    const gnu = Object.entries(files).map(([name, content]) =>
      Buffer.concat([tarMember('././@LongLink', Buffer.from(`${long}${name}\0`), 'L'), tarMember(name, content)]),
    );
    await expectWhole(await opened(Buffer.concat([...gnu, tarEnd])));
    const posix = Object.entries(files).map(([name, content]) =>
      Buffer.concat([tarMember('x', Buffer.from(`140 path=${long}${name}\n`), 'x'), tarMember('y', content)]),
    );
    await expectWhole(await opened(Buffer.concat([...posix, tarEnd])));
  });

  it('whose names lead elsewhere only lends its parts', async () => {
    await expectWhole(await opened(tarOf(below('../../../etc/'))));
  });

  it('lends only its own files', async () => {
    const recording = await opened(tarOf(below('a/')));
    await expect(recording.trace('../trace.txt')).rejects.toThrow('r.tar: expected ../trace.txt in the recording, found no such file');
    const other = await openRecording(join(folder, 'own'));
    await expect(other.trace('../own/trace.txt')).rejects.toThrow('expected ../own/trace.txt in the recording, found no such file');
  });

  it('of the trace alone', async () => {
    const recording = await opened(Buffer.from(trace));
    expect([...recording.parts]).toEqual([]);
    expect(await all((await recording.trace()).tokens)).toHaveLength(276);
  });
});

describe('no recording', () => {
  const refused = async (bytes: Buffer): Promise<string> => {
    const found = opened(bytes).then((recording) => recording.trace());
    return found.then(
      () => 'opened',
      (error: Error) => error.message.split('\n')[0]!,
    );
  };
  it.each([
    [
      'without a trace',
      () => tarOf({ 'a.txt': Buffer.from('x') }),
      /^r\.tar: expected a recording with one of trace\.txt, .*, found a\.txt$/,
    ],
    ['with two', () => tarOf({ ...below('a/'), ...below('b/') }), /^r\.tar: expected one recording, found 2: a\/, b\/$/],
    [
      'cut off',
      () => tarOf(below('a/')).subarray(0, 2000),
      /^r\.tar: expected in an archive of tar \d+ bytes of a file, found the end of the archive$/,
    ],
    [
      'with a damaged head',
      () => Buffer.concat([tarMember('a', Buffer.from('x')), Buffer.alloc(512, 1)]),
      /^r\.tar: expected in an archive of tar the head of a file, found other bytes$/,
    ],
    ['too large', () => tarHeader('trace.txt', 2 ** 30), /^r\.tar: expected an archive of at most 268435456 bytes, found more$/],
  ])('%s', async (_, bytes, message) => {
    expect(await refused(bytes())).toMatch(message);
  });
});
