// What each attach of nineteen recordings came to, against the tables that stand beside them; with the program's log, without it, and from
// the trace alone.
import { describe, expect, it } from 'vitest';
import type { AttachRow } from '../../../src/core/attaches.ts';
import { attachesOf } from '../../../src/detect/attaches.ts';
import { outcomeWords } from '../../../src/report/attaches.ts';
import { readRecorded, recordedNames } from '../../support/recorded.ts';

/** The recordings' README: type1 attaches by outcome; iommufd's own, counted by hand from the traces, as nobody summarised them. */
const rows = `
6.1-arm64-smmuv3x3-basic: joined 11; joined after ENXIO 4; kept 71; kept after ENXIO 29
6.1-arm64-smmuv3x3-memory: joined 4; kept 12; kept after ENXIO 17
6.1-x86_64-intel-basic: failed EINVAL 1; joined 26; kept 53
6.1-x86_64-intel-conc: joined 60; kept 101
6.1-x86_64-intel-memory: joined 21; kept 12
6.1-x86_64-intel_noir-basic: failed EINVAL 1; failed EPERM 6; joined 18; kept 43
6.1-x86_64-intel_rmrr-basic: joined 15; kept 40
6.12-arm64-smmuv3x3-basic: failed EPERM 1; joined 11; joined after EINVAL 4; kept 71; kept after EINVAL 29
6.12-arm64-smmuv3x3-conc: joined 11; joined after EINVAL 6; kept 65; kept after EINVAL 40
6.12-arm64-smmuv3x3-memory: failed ENOMEM after EINVAL 16; joined 4; kept 12; kept after EINVAL 1
6.12-x86_64-intel-basic: failed EINVAL 1; joined 26; kept 53
6.12-x86_64-intel-conc: joined 36; kept 48
6.12-x86_64-intel-memory: joined 21; kept 12
6.12-x86_64-intel_sc-basic: joined 23; kept 49
6.12-x86_64-virtio-basic: failed EINVAL 1; failed EPERM 6; joined 26; kept 47
6.12custom-arm64-smmuv3x3-failnth_conc: failed ENOMEM 26; failed ENOMEM by its own 3; kept 27
6.12custom-x86_64-intel-failnth: failed ENOMEM 17; failed ENOMEM by its own 10; joined 4; kept 33; kept after ENOMEM, duplicate 6
6.12custom-x86_64-intel-failnth_fd: failed ENOMEM 18; failed ENOMEM after ENOMEM 11; failed ENOMEM by its own 3; joined 2; kept 37
6.12custom-x86_64-intel-iommufd: failed EADDRINUSE 2; failed EINVAL 2; failed ENOENT 1; failed ENOMEM 2; joined 28; kept 25`;

const expected = new Map(
  rows
    .trim()
    .split('\n')
    .map((row) => row.split(': ') as [string, string]),
);

const kindOf = ({ outcome, errno, ownErrno, tried, duplicateOf }: AttachRow): string => {
  const refusals = [...new Set(tried.flatMap((one) => one.errno ?? []))].join(', ');
  const after = refusals === '' ? '' : ` after ${refusals}`;
  return `${outcome}${errno ? ` ${errno}` : ''}${ownErrno ? ' by its own' : ''}${after}${duplicateOf ? ', duplicate' : ''}`;
};

const counted = (attaches: readonly AttachRow[]): string => {
  const counts = new Map<string, number>();
  for (const row of attaches) counts.set(kindOf(row), (counts.get(kindOf(row)) ?? 0) + 1);
  return [...counts]
    .map(([kind, count]) => `${kind} ${count}`)
    .sort()
    .join('; ');
};

const modes: [title: string, hidden: string[]][] = [
  ['with everything', []],
  ["without the program's log", ['calls.jsonl']],
  ['from the trace alone', ['calls.jsonl', 'topology.txt', 'kprobe_events.txt', 'uname.txt', 'cmdline.txt', 'dmesg.txt']],
];

it('every recording has its row', () => {
  expect([...expected.keys()]).toEqual(recordedNames);
});

describe.each(modes)('%s', (_, hidden) => {
  it.each(recordedNames)('%s', async (name) => {
    const { events } = await readRecorded(name, hidden, name.startsWith('6.1-') ? '6.1.0' : '6.12.0');
    const { attaches, gaps } = attachesOf(events);
    expect(counted(attaches)).toBe(expected.get(name));
    expect(gaps).toEqual([]);
  });
});

it('says outcomes in the words of the tables', async () => {
  const { events } = await readRecorded('6.12custom-x86_64-intel-failnth');
  const words = attachesOf(events).attaches.map(outcomeWords);
  expect([...new Set(words)].sort()).toEqual([
    'failed -ENOMEM',
    'failed -ENOMEM: its own new domain could not be attached',
    'joined an existing domain',
    'kept its own domain: 1 existing domain refused it (-ENOMEM)',
    'kept its own domain: nothing to join',
  ]);
});
