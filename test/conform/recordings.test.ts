// Nineteen recordings of real kernels against the model: every session conforms, with the numbers of calls and steps compared, injected
// failures, and attributes that had to be assumed.
import { describe, expect, it } from 'vitest';
import { type Conformance, conform } from '../../src/conform/conform.ts';
import { type Overlaps, overlapsIn } from '../../src/conform/overlaps.ts';
import type { Event } from '../../src/core/events.ts';
import { readRecording } from '../../src/recordings/readRecording.ts';
import { readTrace } from '../../src/recordings/trace/readTrace.ts';
import { openRecording } from '../../src/recordings/trace/recording.ts';
import { profiles, readRecorded, recordedFile, recordedNames } from '../support/recorded.ts';
import { inPieces } from '../support/traces.ts';

/** Sessions, calls compared, steps compared, injected failures that hit and that were not reached, failures with a stand-in, assumptions. */
const rows = `
6.1-arm64-smmuv3x3-basic                  11  458 1793    0    0    0    0
6.1-arm64-smmuv3x3-memory                  3  346  582    0    0    1    0
6.1-x86_64-intel-basic                    11  332 1156    0    0    0    0
6.1-x86_64-intel-conc                      5  690 2316    0    0    0    0
6.1-x86_64-intel-memory                    3  346  542    0    0    1    0
6.1-x86_64-intel_noir-basic                8  300  958    0    0    0    1
6.1-x86_64-intel_rmrr-basic                9  295  851    0    0    0    0
6.12-arm64-smmuv3x3-basic                 11  457 2388    0    0    0    0
6.12-arm64-smmuv3x3-conc                   5  524 2580    0    0    0    0
6.12-arm64-smmuv3x3-memory                 3  130  758    0    0   17    0
6.12-x86_64-intel-basic                   11  331 1526    0    0    0    0
6.12-x86_64-intel-conc                     5  363 1632    0    0    0    0
6.12-x86_64-intel-memory                   3  146  717    0    0    1    0
6.12-x86_64-intel_sc-basic                 8  287 1375    0    0    0    0
6.12-x86_64-virtio-basic                  11  331 1502    0    0    0    1
6.12custom-arm64-smmuv3x3-failnth_conc     1  240  833   46   14    0    0
6.12custom-x86_64-intel-failnth            3  261 1337   43    3    0    0
6.12custom-x86_64-intel-failnth_fd         3  311  836   41    3    0    0
6.12custom-x86_64-intel-iommufd            8  195  592    0    0    2    0`;

const expected = new Map(
  rows
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .map(([name, ...numbers]) => [name!, numbers.map(Number)]),
);

const done = new Map<string, Promise<Conformance>>();
const conformanceOf = (name: string): Promise<Conformance> => {
  const known = done.get(name) ?? readRecorded(name).then(({ events, facts }) => conform(events, facts));
  done.set(name, known);
  return known;
};

const numbersOf = ({ sessions, compared, steps, injected, standIns }: Conformance): number[] => {
  const assumed = new Set(sessions.flatMap((session) => session.assumed.map(({ part, attribute }) => `${part} ${attribute}`)));
  const standing = [...standIns.values()].reduce((sum, count) => sum + count, 0);
  return [sessions.length, compared, steps, injected.hit, injected.notReached, standing, assumed.size];
};

it('every recording has its row', () => {
  expect([...expected.keys()]).toEqual(recordedNames);
});

describe.each(recordedNames)('%s', (name) => {
  it('conforms in every session', async () => {
    const { sessions } = await conformanceOf(name);
    expect(
      sessions.flatMap(({ mismatch }) => (mismatch ? [`${mismatch.session}: ${mismatch.recorded} against ${mismatch.model}`] : [])),
    ).toEqual([]);
  });

  it('in so many calls and steps', async () => {
    expect(numbersOf(await conformanceOf(name))).toEqual(expected.get(name));
  });
});

const assumedIn = ({ sessions }: Conformance): string[] =>
  sessions.flatMap(({ session, assumed }) => assumed.map(({ part, attribute, value }) => `${part} ${attribute} ${value}: ${session.name}`));

const given = 'iommux init: 0000:05:02.0 given to virtio-pci';

/** The recording with another trace. */
const retold = async (name: string, change: (trace: string) => string): Promise<Conformance> => {
  const recording = await openRecording(recordedFile(name));
  const bytes = Buffer.from(change(recording.text('trace.txt')!));
  const events: Event[] = [];
  const trace = () => readTrace({ name, bytes: inPieces(bytes) });
  const { facts } = await readRecording({ ...recording, trace }, { profiles }, (event) => events.push(event));
  return conform(events, facts);
};

describe('calls that overlap', () => {
  // Without other orders: the kernel's locks make one order of whole calls explain steps that came in turn.
  it.each([
    ['6.1-x86_64-intel-conc', 914, 283, 0],
    ['6.12-arm64-smmuv3x3-conc', 550, 220, 0],
    ['6.12-x86_64-intel-conc', 286, 102, 0],
    ['6.12custom-arm64-smmuv3x3-failnth_conc', 370, 22, 0],
  ])('%s: pairs, those with steps in turn, other orders that were needed', async (name, pairs, inTurn, orders) => {
    const { sessions } = await conformanceOf(name);
    const each = sessions.map(({ session }) => overlapsIn(session.calls));
    const sum = (of: (found: Overlaps) => number): number => each.reduce((total, found) => total + of(found), 0);
    const tried = sessions.reduce((total, session) => total + session.orders, 0);
    expect([sum((found) => found.pairs), sum((found) => found.inTurn), tried]).toEqual([pairs, inTurn, orders]);
  });
});

describe('what a mark in the trace says is read', { timeout: 60_000 }, () => {
  const name = '6.12-x86_64-intel-basic';

  it('of a driver that took a device of the group, for the session that follows', async () => {
    const { sessions } = await conformanceOf(name);
    const told = sessions.flatMap(({ session }) => session.told.map((found) => ({ session: session.name, ...found })));
    expect(told).toEqual([
      {
        ...{ session: 'partner_in_use:try', part: 'device/0000:05:02.0', attribute: 'boundDriver', value: 'virtio-pci' },
        ...{ line: 7572, why: 'line 7572 of the trace' },
      },
    ]);
    const types = sessions.flatMap(({ session }) => [...session.types].map((type) => [session.name, ...type]));
    expect(types).toEqual([['default_domain_identity:try', '5', 'identity']]);
  });

  it('so that without it the driver has to be assumed', async () => {
    expect(assumedIn(await retold(name, (trace) => trace.replace(given, 'nothing')))).toEqual([
      'device/0000:05:02.0 boundDriver its own driver: partner_in_use:try',
    ]);
  });

  it('and a mark that what followed contradicts is a mismatch', async () => {
    const { sessions } = await retold(name, (trace) => trace.replace('iommux phase begin multi_pre', given));
    expect(sessions.filter(({ mismatch }) => mismatch !== null).map(({ session, assumed }) => [session.name, assumed])).toEqual([
      ['multi_pre', []],
    ]);
  });

  it('of a parameter, from then on', async () => {
    const told = await retold('6.1-x86_64-intel_noir-basic', (trace) =>
      trace.replace('iommux phase end safe_interrupts_only:try', 'allow_unsafe_interrupts <- 1'),
    );
    expect([assumedIn(told), told.sessions.filter(({ mismatch }) => mismatch !== null)]).toEqual([[], []]);
  });
});

describe('what no part of a recording says is assumed', () => {
  it('of a parameter that was written between two sessions', async () => {
    const found = assumedIn(await conformanceOf('6.1-x86_64-intel_noir-basic'));
    const parameter = found.filter((line) => line.startsWith('system allowUnsafeInterrupts true'));
    expect(parameter.map((line) => line.split(': ')[1])).toEqual([
      'single',
      'multi',
      'pairs',
      'errors',
      'partner_in_use:try',
      'partner_unbound:try',
      'default_domain_identity:try',
    ]);
  });
});

it('compares 6,343 of 10,311 calls, and says why it skips the others', async () => {
  const all = await Promise.all(recordedNames.map(conformanceOf));
  const skipped = all.flatMap((found) => [...found.skipped]);
  const compared = all.reduce((sum, found) => sum + found.compared, 0);
  expect([compared, skipped.reduce((sum, [, count]) => sum + count, 0)]).toEqual([6343, 3968]);
});

/** From the trace and the machine alone: parts, calls and steps compared, and what had to be assumed. */
const traceRows = `
6.1-arm64-smmuv3x3-basic: 80 304 1793 boundDriver its own driver
6.1-arm64-smmuv3x3-memory: 13 80 585 nothing
6.1-x86_64-intel-basic: 62 215 1156 boundDriver its own driver
6.1-x86_64-intel-conc: 25 423 2316 nothing
6.1-x86_64-intel-memory: 13 80 544 nothing
6.1-x86_64-intel_noir-basic: 58 187 958 allowUnsafeInterrupts true, boundDriver its own driver
6.1-x86_64-intel_rmrr-basic: 83 178 851 boundDriver its own driver
6.12-arm64-smmuv3x3-basic: 80 305 2388 boundDriver its own driver
6.12-arm64-smmuv3x3-conc: 12 309 2580 nothing
6.12-arm64-smmuv3x3-memory: 13 64 762 nothing
6.12-x86_64-intel-basic: 62 215 1526 boundDriver its own driver
6.12-x86_64-intel-conc: 14 216 1632 nothing
6.12-x86_64-intel-memory: 13 80 720 nothing
6.12-x86_64-intel_sc-basic: 52 194 1375 boundDriver its own driver
6.12-x86_64-virtio-basic: 62 215 1502 allowUnsafeInterrupts true, boundDriver its own driver
6.12custom-arm64-smmuv3x3-failnth_conc: 3 176 833 nothing
6.12custom-x86_64-intel-failnth: 46 172 1337 failed allocation 20, failed allocation 22, failed allocation 24`;

describe("without the program's log", () => {
  const expectedRows = new Map(
    traceRows
      .trim()
      .split('\n')
      .map((row) => [row.split(':')[0]!, row.split(': ')[1]!]),
  );
  const names = recordedNames.filter((name) => !/failnth_fd|iommufd/.test(name));

  it.each(names)('%s', async (name) => {
    const { events, facts } = await readRecorded(name, ['calls.jsonl']);
    const found = conform(events, facts);
    const differing = found.sessions.flatMap(({ mismatch }) => (mismatch ? [`${mismatch.recorded} against ${mismatch.model}`] : []));
    expect(differing).toEqual([]);
    const assumed = found.sessions.flatMap((session) => session.assumed.map(({ attribute, value }) => `${attribute} ${value}`));
    const told = [...new Set(assumed)].sort().join(', ');
    expect(`${found.sessions.length} ${found.compared} ${found.steps} ${told === '' ? 'nothing' : told}`).toBe(expectedRows.get(name));
  });

  it('an iommufd needs it', async () => {
    const { events, facts } = await readRecorded('6.12custom-x86_64-intel-iommufd', ['calls.jsonl']);
    expect(() => conform(events, facts)).toThrow("expected the log of an iommufd's calls");
  });
});
