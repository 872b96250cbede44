// Nineteen recordings of real kernels against the model: every session conforms, with the numbers of calls and steps compared, injected
// failures, and attributes that had to be assumed.
import { describe, expect, it } from 'vitest';
import { type Conformance, conform } from '../../src/conform/conform.ts';
import { readRecorded, recordedNames } from '../support/recorded.ts';

/** Sessions, calls compared, steps compared, injected failures that hit and that were not reached, failures with a stand-in, assumptions. */
const rows = `
6.1-arm64-smmuv3x3-basic                  11  458 1793    0    0    0    1
6.1-arm64-smmuv3x3-memory                  3  346  582    0    0    1    0
6.1-x86_64-intel-basic                    11  332 1156    0    0    0    1
6.1-x86_64-intel-conc                      5  690 2316    0    0    0    0
6.1-x86_64-intel-memory                    3  346  542    0    0    1    0
6.1-x86_64-intel_noir-basic                8  300  958    0    0    0    2
6.1-x86_64-intel_rmrr-basic                9  295  851    0    0    0    1
6.12-arm64-smmuv3x3-basic                 11  457 2388    0    0    0    1
6.12-arm64-smmuv3x3-conc                   5  524 2580    0    0    0    0
6.12-arm64-smmuv3x3-memory                 3  130  758    0    0   17    0
6.12-x86_64-intel-basic                   11  331 1526    0    0    0    1
6.12-x86_64-intel-conc                     5  363 1632    0    0    0    0
6.12-x86_64-intel-memory                   3  146  717    0    0    1    0
6.12-x86_64-intel_sc-basic                 8  287 1375    0    0    0    1
6.12-x86_64-virtio-basic                  11  331 1502    0    0    0    2
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

describe('what no part of a recording says is assumed', () => {
  it('of a driver that took a device of the group', async () => {
    expect(assumedIn(await conformanceOf('6.12-x86_64-intel-basic'))).toEqual([
      'device/0000:05:02.0 boundDriver its own driver: partner_in_use:try',
    ]);
  });

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
