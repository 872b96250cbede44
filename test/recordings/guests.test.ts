// Recordings of other machines and newer kernels, cut to a few phases: what each attach came to, that nothing is found, that it conforms.
import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openRecording } from '../../src/recordings/trace/recording.ts';
import { recordedTable } from '../support/acpiTables.ts';
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
    name: '6.1-x86_64-amd',
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

describe('a guest whose DMAR has an RMRR for one of three devices of a group', () => {
  const archive = guest('6.1-x86_64-intel_rmrr_bridge');

  it('conforms, as the table says which one it is', patience, async () => {
    const { code, out } = await attachlab('conform', archive);
    expect([code, out.split('\n').slice(0, 4)]).toEqual([
      0,
      [
        '6.1-x86_64-intel_rmrr_bridge.tar.gz: conforms, 0 assumed',
        'recorded: linux 6.1.0-57-amd64; model: 6.1.y',
        '84 calls and 173 steps inside them compared, 77 calls without a request',
        'machine: 153 attributes read; of these requireDirect (16) from DMAR',
      ],
    ]);
  });

  it('has its machine in the archive', patience, async () => {
    const { code, out, err } = await attachlab('topology', archive);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('\nACPI table DMAR: revision 1, 238 bytes\n');
    expect(out).toContain('  0000:05:01.0  dmar0, class 0x00ff00, driver vfio-pci, requireDirect,\n    rmrrLocked, bus 05\n');
    const none = await attachlab('topology', resolve('test/recordings/repro/trace.txt.gz'));
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('expected an archive with topology.txt, found none in it')]);
  });

  // Linux 6.1 leaves devices that were switched before the refused one where they are: __iommu_group_set_domain() returns, and
  // iommu_group_claim_dma_owner() too. 04:00.0 went to the blocking domain, 05:01.0 refused it.
  it('shows what 6.1 leaves behind', patience, async () => {
    const { code, out } = await attachlab('audit', archive, '--json');
    const { findings } = JSON.parse(out);
    expect([code, findings.map(({ rule, entity }: { rule: string; entity: string }) => `${rule} ${entity}`)]).toEqual([
      1,
      ['group-split 11', 'group-stuck-on-blocking 11'],
    ]);
  });

  it('differs without the table: the first device of the group would have refused', patience, async () => {
    const parts = await openRecording(archive);
    const folder = file('bare');
    mkdirSync(folder);
    for (const part of parts.parts.keys()) file(`bare/${part}`, parts.text(part)!.replace(/^\/sys\/firmware.*\n/gm, ''));
    const { code, out } = await attachlab('conform', folder);
    expect([code, out.split('\n')[0]]).toEqual([5, 'bare: differs in 2 sessions']);
    expect(out).toContain('recorded  __iommu_attach_device(0000:04:00.0, g11.blocking) = 0');
    const damaged = recordedTable('DMAR-intel_rmrr').bytes.subarray(0, 100);
    file('bare/acpi-DMAR.bin', damaged);
    const told =
      'ACPI table is not used: acpi-DMAR.bin: DMAR at offset 0x4: expected the length of the file, 100, found 184: the file was cut short';
    for (const command of ['conform', 'import'])
      expect((await attachlab(command, folder, '--store', 'bare.db')).out.replace(/\n +/g, ' ')).toContain(told);
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
