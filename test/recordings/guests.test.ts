// Recordings of other machines and newer kernels, cut to a few phases: what each attach came to, that nothing is found, that it conforms.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openBench } from '../support/commandLine.ts';

const { attachlab, file } = openBench('guests');
const patience = { timeout: 60_000 };

const guest = (name: string): string => resolve(`test/recordings/guests/${name}.tar.gz`);

/** Below the heading: `     13  kept its own domain: nothing to join`. */
const outcomes = (out: string): [number, string][] => {
  const [summary] = out.split('\n\n');
  const joined = summary!.replace(/\n {9}(?=\S)/g, ' ');
  return [...joined.matchAll(/^ +(\d+) {2}(.+)$/gm)].map(([, times, outcome]) => [Number(times), outcome!]);
};

describe.each([
  {
    name: '6.18-x86_64-intel',
    attaches: [
      [13, 'kept its own domain: nothing to join'],
      [6, 'joined an existing domain'],
    ],
    conform: { code: 0, says: 'conforms, 0 assumed', calls: 92 },
  },
  {
    name: '6.12-x86_64-intel_rmrr',
    attaches: [[10, 'kept its own domain: nothing to join']],
    conform: { code: 0, says: 'conforms, 0 assumed', calls: 68 },
  },
  {
    name: '7.3-x86_64-amd',
    attaches: [
      [12, 'joined an existing domain'],
      [3, 'kept its own domain: nothing to join'],
    ],
    conform: { code: 3, says: 'conforms given 1 assumed attribute', calls: 46 },
  },
  {
    name: '7.3-x86_64-intel_sc',
    attaches: [[7, 'kept its own domain: nothing to join']],
    conform: { code: 0, says: 'conforms, 0 assumed', calls: 53 },
  },
])('$name', ({ name, attaches, conform }) => {
  it('shows what each attach came to', patience, async () => {
    const { code, out } = await attachlab('attaches', guest(name));
    expect([code, outcomes(out)]).toEqual([0, attaches]);
  });

  it('has no finding', patience, async () => {
    expect(await attachlab('audit', guest(name))).toMatchObject({ code: 0, out: `${name}.tar.gz: no finding\n` });
  });

  it('conforms', patience, async () => {
    const { code, out } = await attachlab('conform', guest(name));
    expect([code, out.split('\n')[0]]).toEqual([conform.code, `${name}.tar.gz: ${conform.says}`]);
    expect(out).toContain(`\n${conform.calls} calls and `);
  });
});

describe('what the script of `probes --kernel 6.12` left on a live guest', () => {
  const archive = guest('live-6.12-x86_64-intel');
  const calls = [
    '--calls',
    file('live.jsonl', gunzipSync(readFileSync(resolve('test/recordings/guests/live-6.12-x86_64-intel.calls.jsonl.gz')))),
  ];

  it('is read whole', patience, async () => {
    const { code, out } = await attachlab('import', archive, '--store', 'live.db');
    const [lines] = /\d+ lines of tracefs: [\s\S]*unread/.exec(out) ?? [];
    expect([code, lines?.replace(/\s+/g, ' ')]).toEqual([
      0,
      '7151 lines of tracefs: 7139 events, 0 places where events were lost, 0 unread',
    ]);
  });

  it.each([
    ['alone', []],
    ["with the program's log", calls],
  ])('shows what each attach came to, %s', patience, async (_, options) => {
    const { code, out } = await attachlab('attaches', archive, ...options);
    const expected = [
      [36, 'joined an existing domain'],
      [25, 'kept its own domain: nothing to join'],
      [1, 'failed -EINVAL'],
    ];
    expect([code, outcomes(out)]).toEqual([0, expected]);
    expect((await attachlab('audit', archive, ...options)).out).toBe('live-6.12-x86_64-intel.tar.gz: no finding\n');
  });

  it("conforms, with the program's log", patience, async () => {
    const { code, out } = await attachlab('conform', archive, ...calls);
    expect([code, out.split('\n')[0]]).toEqual([0, 'live-6.12-x86_64-intel.tar.gz: conforms, 0 assumed']);
    expect(out).toContain('\n230 calls and ');
  });
});

it('a graph of functions without arguments leaves the results of calls to compare', patience, async () => {
  const kept = 'test/recordings/guests/6.12custom-x86_64-intel-iommufd.calls-graph.jsonl.gz';
  const calls = file('calls-graph.jsonl', gunzipSync(readFileSync(resolve(kept))));
  const graph = resolve('test/recordings/traces/6.12custom-x86_64-intel-iommufd.graph.gz');
  const topology = resolve('test/recordings/topologies/6.12custom-x86_64-intel-failnth.txt');
  const { out } = await attachlab('conform', graph, '--topology', topology, '--calls', calls);
  expect(out.split('\n')[0]).toMatch(/: conforms, 0 assumed$/);
  expect(out).toContain('\n85 calls and 0 steps inside them compared');
  expect(out).not.toContain('iommu_detach_group_handle was left and not entered');
});

it('why names the recorded kernel, and the caller that the program used', patience, async () => {
  const { code, out } = await attachlab('why', guest('6.12-x86_64-intel_rmrr'));
  expect(code).toBe(0);
  expect(out.replace(/\s+/g, ' ')).toContain(
    'set-container 6: -EINVAL (vfio-type1 on linux 6.12.117+deb12-amd64, #263 to #290) group 6 is on g6.default: ' +
      'this request gave it no other refused on the way #272 the recorded kernel refuses 0000:00:11.0 with -EINVAL',
  );
});

it('a machine without groups has nothing to compare', patience, async () => {
  const trace = file('empty.txt', '# tracer: nop\n');
  const topology = resolve('test/recordings/topologies/6.1-x86_64-intel-basic.txt');
  const { code, out } = await attachlab('conform', trace, '--topology', topology, '--calls', file('calls.jsonl', ''));
  expect([code, out.split('\n')[0]]).toEqual([3, 'empty.txt: no call to compare']);
});
