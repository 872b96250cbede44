// Damage of every kind to pieces of real traces: a Failure, or an account in which every line stands once; never a crash, never a hang.
import { array, asyncProperty, assert as check, constantFrom, nat, record, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import { openRecording } from '../../../src/recordings/trace/recording.ts';
import type { Token } from '../../../src/recordings/trace/token.ts';
import { tarOf } from '../../support/tarOf.ts';
import { all, inPieces, type Read, readAll, traceBytes } from '../../support/traces.ts';

const kinds = ['flip', 'insert', 'remove', 'repeat', 'cut'] as const;
const edit = record({
  kind: constantFrom(...kinds),
  at: nat(1_000_000),
  length: nat(40),
  bytes: uint8Array({ minLength: 1, maxLength: 20 }),
});
type Edit = { readonly kind: (typeof kinds)[number]; readonly at: number; readonly length: number; readonly bytes: Uint8Array };

const edited = (bytes: Buffer, { kind, at, length, bytes: other }: Edit): Buffer => {
  const place = at % (bytes.length + 1);
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  if (kind === 'insert') return Buffer.concat([before, other, after]);
  if (kind === 'remove') return Buffer.concat([before, after.subarray(length)]);
  if (kind === 'repeat') return Buffer.concat([before, after.subarray(0, length), after]);
  if (kind === 'cut') return Buffer.from(length > 30 ? before : bytes);
  return Buffer.concat([before, other, after.subarray(other.length)]);
};

const piece = (name: string, length = 8000): Buffer => Buffer.from(traceBytes(name)).subarray(0, length);

/** Undefined where it is refused. */
const attempt = async <T>(reading: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await reading();
  } catch (error) {
    if (error instanceof Failure && error.code === 'bad-trace') return undefined;
    throw error;
  }
};

const kindsOf = (tokens: readonly Token[]): Record<string, number> => {
  const lines = new Map(tokens.map((token) => [token.line, token.kind] as const).reverse());
  const count = (kind: string): number => [...lines.values()].filter((each) => each === kind).length;
  return { events: count('line'), lost: count('lost'), unread: count('unread') };
};

const accounts = ({ counts: { lines, events, lost, unread, other }, tokens }: Read): void => {
  expect(events + lost + unread + other).toBe(lines);
  expect(kindsOf(tokens)).toEqual({ events, lost, unread });
};

/** As many as there are line feeds, and one more where something follows the last. */
const linesOf = (bytes: Buffer): number => {
  const text = bytes.toString();
  return text.split('\n').length - (text.endsWith('\n') || text === '' ? 1 : 0);
};

const texts = [
  '6.12-x86_64-intel-conc.trace',
  '6.12custom-x86_64-intel-iommufd.graph',
  '6.1-x86_64-vm-two.report',
  '6.1-x86_64-vm-two-l.report',
  '6.1-x86_64-vm-perf.txt',
  '6.1-x86_64-vm-perf-g.txt',
  '6.1-x86_64-vm-bpf-lost.json',
];

describe('damaged text accounts for every line', () => {
  it.each(texts)('%s (seed 5)', async (name) => {
    const whole = piece(name);
    const law = asyncProperty(array(edit, { maxLength: 12 }), nat(5000), async (edits, size) => {
      const bytes = edits.reduce(edited, whole);
      const read = await attempt(() => readAll(bytes, size + 1));
      if (read === undefined) return;
      accounts(read);
      expect(read.counts.lines).toBe(linesOf(bytes));
    });
    await check(law, { seed: 5, numRuns: 150 });
  });
});

describe('a damaged trace.dat is refused, or every record is counted', () => {
  it.each(['two.v6.dat', 'two.v7.dat', 'two.v7-zstd.dat', 'lost.v6.dat'])('%s (seed 7)', async (name) => {
    const whole = Buffer.from(traceBytes(`6.1-x86_64-vm-${name}`));
    const law = asyncProperty(array(edit, { maxLength: 6 }), async (edits) => {
      const read = await attempt(() => readAll(edits.reduce(edited, whole)));
      if (read !== undefined) accounts(read);
    });
    await check(law, { seed: 7, numRuns: 300 });
  });

  it('in the pages of a CPU (seed 9)', async () => {
    const whole = Buffer.from(traceBytes('6.1-x86_64-vm-two.v6.dat'));
    const pages = whole.length - 3 * 4096;
    const inPages = array(edit, { minLength: 1, maxLength: 6 }).map((edits) =>
      edits.map((each) => ({ ...each, kind: 'flip' as const, at: pages + (each.at % (3 * 4096)) })),
    );
    const law = asyncProperty(inPages, async (edits) => {
      const bytes = edits.reduce(edited, whole).subarray(0, whole.length);
      accounts(await readAll(bytes));
    });
    await check(law, { seed: 9, numRuns: 300 });
  });
});

describe('what is compressed or packed', () => {
  it('of bytes that mean nothing (seed 11)', async () => {
    const law = asyncProperty(
      uint8Array({ maxLength: 600 }),
      constantFrom('', '\x1f\x8b\x08', '\x17\x08Dtracing7\0', '\x17\x08Dtracing6\0'),
      async (bytes, begin) => {
        const read = await attempt(() => readAll(Buffer.concat([Buffer.from(begin, 'latin1'), bytes])));
        if (read !== undefined) accounts(read);
      },
    );
    await check(law, { seed: 11, numRuns: 500 });
  });

  it('in an archive that is damaged (seed 13)', async () => {
    const whole = tarOf({ 'a/trace.txt': piece('6.12-x86_64-intel-conc.trace', 3000), 'a/uname.txt': Buffer.from('Linux\n') });
    const law = asyncProperty(array(edit, { maxLength: 4 }), async (edits) => {
      const bytes = edits.reduce(edited, whole);
      await attempt(async () => all((await (await openRecording({ name: '-', bytes: inPieces(bytes, 700) })).trace()).tokens));
    });
    await check(law, { seed: 13, numRuns: 300 });
  });
});
