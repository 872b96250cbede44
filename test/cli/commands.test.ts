// Every command once on real input: a recorded machine, the headline's script with its twentieth allocation failing, and what a user does
// with the run that is kept.
import { spawn } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/events.ts';
import type { Recipe } from '../../src/engine/recipe.ts';
import { shownInFull } from '../../src/report/events.ts';
import { loadTopology } from '../../src/scenario/load.ts';
import { readExport } from '../../src/store/codec.ts';
import { SqliteStore } from '../../src/store/sqlite.ts';
import type { About } from '../../src/store/store.ts';
import { validateEvent } from '../../src/store/validate.ts';
import { machine, openBench } from '../support/commandLine.ts';

const { attachlab, fed, file, folder } = openBench('commands');
const patience = { timeout: 60_000 };
const snapshot = '6.12custom-x86_64-intel-failnth.txt';
copyFileSync(`test/recordings/topologies/${snapshot}`, join(folder, snapshot));

const script = 'attach 5; map 64K; attach 11';
const kept = ['--store', 'runs.db'] as const;

/** The run that all tests look at, and its copy from the saved scenario. */
let tried: { code: number | null; out: string; err: string };
beforeAll(async () => {
  tried = await attachlab('try', script, '--topology', snapshot, '--fail', '20', '--save', 'saved.yaml', ...kept);
  await attachlab('run', 'saved.yaml', ...kept);
}, 60_000);

const opened = <T>(use: (store: SqliteStore<Event>) => T, name = 'runs.db'): T => {
  const store = new SqliteStore<Event>(file(name));
  try {
    return use(store);
  } finally {
    store.close();
  }
};

const eventsOf = (run: string): Event[] => opened((store) => [...store.read(run)]);
const lines = (text: string): string[] => text.trimEnd().split('\n');

describe('try and run', () => {
  it('try finds the second domain that one failed allocation makes', () => {
    expect(tried.code).toBe(1);
    expect(tried.err).toBe('');
    expect(tried.out).toContain('model of linux 6.12.117; vfio-type1, tries the next on any errno\n');
    expect(tried.out).toMatch(/allocation 20 of\s+the call\), 0000:04:00\.0 on c0\.d0: -ENOMEM/);
    expect(tried.out).toContain('\nbug: duplicate-domain, c0/c0.d1\n');
    expect(tried.out).toContain('evidence (recorded): 6.12custom-x86_64-intel-failnth, fn_second');
    expect(tried.out).toContain('\nviolated: 1 finding of level bug, 0 claims\n');
    expect(lines(tried.out).at(-1)).toBe('kept as r1: attachlab replay r1, attachlab why r1');
    expect(lines(tried.out).filter((line) => line.length > 75)).toEqual([]);
  });

  it('the saved script is a scenario that gives the same events', patience, async () => {
    expect(eventsOf('r2')).toEqual(eventsOf('r1'));
    expect(await attachlab('diff', 'r1', 'r2', ...kept)).toEqual({ code: 0, out: 'r1 and r2 did the same\n', err: '' });
  });

  it('a failing allocation by site is the same one', patience, async () => {
    const { code, out } = await attachlab('try', script, '--topology', snapshot, '--fail-site', 'md_domain_init', '--no-store');
    expect([code, out.includes('VFIO_SET_IOMMU -ENOMEM')]).toEqual([0, true]);
  });
});

describe('replay', () => {
  it('--verify runs scenario and schedule again, byte for byte', patience, async () => {
    const out = `r1: ${eventsOf('r1').length} events, byte for byte the same\n`;
    expect(await attachlab('replay', 'r1', '--verify', ...kept)).toEqual({ code: 0, out, err: '' });
  });

  /** The run under another name, with its recipe or its events changed. */
  const tampered = (run: string, recipe: (made: Recipe) => Recipe, events: (made: Event[]) => Event[]): void =>
    opened((store) => {
      const about = store.about('r1') as About & { recipe: Recipe };
      store.append(run, 'absent', events([...store.read('r1')]));
      store.setAbout(run, { ...about, recipe: recipe(about.recipe) });
    });

  it('--verify says where a changed recipe parts, and exits 5', patience, async () => {
    const spared = (recipe: Recipe): Recipe => ({ ...recipe, decisions: [], scenario: { ...recipe.scenario, faults: [] } });
    tampered('edited', spared, (events) => events);
    const { code, out } = await attachlab('replay', 'edited', '--verify', ...kept);
    const parted = eventsOf('r1').findIndex(({ type }) => type === 'CallStarted' || type === 'AllocationFailed') + 1;
    expect(code).toBe(5);
    expect(Number(/^edited differs at event (\d+)\n/.exec(out)?.[1])).toBeGreaterThanOrEqual(parted);
    expect(out).toMatch(/^ {2}stored .*\n {2}now /m);
  });

  it('--verify of a run of another model exits 5', patience, async () => {
    const foreign = ([first, ...rest]: Event[]): Event[] => [
      { ...(first as Event & { type: 'RunStarted' }), model: '0123456789abcdef' },
      ...rest,
    ];
    tampered('foreign', (recipe) => recipe, foreign);
    const { code, out } = await attachlab('replay', 'foreign', '--verify', ...kept);
    expect([code, out.includes('another model'), out.includes('0123456789abcdef')]).toEqual([5, true, true]);
  });

  it('lists what happened, and with --full how control moved', patience, async () => {
    const events = eventsOf('r1');
    const full = lines((await attachlab('replay', 'r1', '--full', ...kept)).out);
    const short = lines((await attachlab('replay', 'r1', ...kept)).out);
    expect(full.filter((line) => line.startsWith('#'))).toHaveLength(events.length);
    const told = events.filter(({ type }) => !shownInFull.has(type));
    expect(short.filter((line) => line.startsWith('#'))).toHaveLength(told.length);
    expect(told.some(({ type }) => type === 'AllocationFailed')).toBe(true);
  });

  it('--at shows the state after an event', patience, async () => {
    const first = (await attachlab('replay', 'r1', '--at', '1', ...kept)).out;
    expect(first).toMatch(/\n {2}group 5 +g5\.default +free\n/);
    const last = (await attachlab('replay', 'r1', '--at', String(eventsOf('r1').length), ...kept)).out;
    expect(last).toMatch(/\n {2}group 5 +c0\.d0 +attached +owner c0\n/);
    expect(last).toMatch(/\n {2}group 11 +c0\.d1 +attached +owner c0\n/);
    expect(last).toMatch(/\n {2}c0 +ready +groups 5 11 +mappings 0x1000000\n/);
  });

  it('--watch gives each change of a reading with its event', patience, async () => {
    const listed = eventsOf('r1').flatMap(({ type }, index) => (type === 'RecordListed' ? [index + 1] : []));
    expect(listed).toHaveLength(2);
    const expected = [1, ...listed].map((at, domains) => `${`#${at}`.padEnd(6)} domains(c0) = ${domains}`);
    expect(lines((await attachlab('replay', 'r1', '--watch', 'domains(c0)', ...kept)).out)).toEqual(expected);
  });
});

describe('fork and diff', () => {
  const failed = () => eventsOf('r1').findIndex(({ type }) => type === 'AllocationFailed') + 1;
  const forked = (...settings: string[]) => attachlab('fork', `r1@${failed() - 1}`, '--set', ...settings, ...kept);

  it('without the fault shares the domain; the two part at that allocation', patience, async () => {
    const { code, out } = await forked('faults=none');
    const id = /^(r\d+), forked from r1 after event \d+ with faults=none: it parts from r1 at event \d+ how/.exec(
      out.replaceAll(/\s+/g, ' '),
    )![1]!;
    expect([code, out.includes('c0: c0.d0 serves groups 5, 11, 64K mapped')]).toEqual([0, true]);
    expect((await attachlab('replay', id, '--verify', ...kept)).code).toBe(0);
    const difference = await attachlab('diff', 'r1', id, ...kept);
    expect(difference.code).toBe(1);
    expect(lines(difference.out)[0]).toBe('they part in t0 request 3: attach 11');
    expect(difference.out).toContain(`#${failed()} allocation fails at domain_attach_iommu:1506`);
    expect(difference.out).toContain('row: r1 intel-instance-record-alloc, ');
    expect(difference.out).toContain('group 11.domain: "c0.d1" -> "c0.d0"');
    expect((await attachlab('list', ...kept)).out).toMatch(new RegExp(`^${id} .* from r1$`, 'm'));
  });

  // 3: the fault that the first run planned does not come about here.
  it.each([
    ['caller=iommufd-auto', 'c0: c0.d0 serves groups 5, 11, 64K mapped', 3],
    ['caller=vfio-type1-seed', 'VFIO_GROUP_SET_CONTAINER 0', 3],
    ['kernel=6.1.y', 'VFIO_GROUP_SET_CONTAINER 0', 0],
    ['contract=einval-exclusive', 'VFIO_GROUP_SET_CONTAINER -ENOMEM', 0],
    ['continue-on=EINVAL', 'VFIO_GROUP_SET_CONTAINER -ENOMEM', 0],
    ['continue-on=-ebusy,enospc', 'tries the next on -EBUSY, -ENOSPC', 0],
    ['device/0000:05:01.0.requireDirect=true', 'VFIO_GROUP_SET_CONTAINER -EINVAL', 3],
    ['fail=1@1', 'VFIO_SET_IOMMU -ENOMEM', 0],
  ])('under %s gives a run of its own that verifies', patience, async (setting, call, expected) => {
    const { code, out } = await forked(setting);
    const id = /^(r\d+), forked/.exec(out)![1]!;
    expect([code, out.replaceAll(/\s+/g, ' ').includes(call)]).toEqual([expected, true]);
    expect((await attachlab('replay', id, '--verify', ...kept)).code).toBe(0);
  });
});

describe('show, list, why and audit', () => {
  it('show gives a run in short', patience, async () => {
    const { code, out } = await attachlab('show', 'r1', ...kept);
    expect([code, lines(out)[0]]).toEqual([0, `r1: try, vfio-type1 on 6.12.y, ${eventsOf('r1').length} events`]);
    expect(await attachlab('show', 'run', 'r1', ...kept)).toEqual({ code, out, err: '' });
  });

  it.each([
    ['vfio-type1', '6.12.y', 'vfio_iommu_type1_attach_group()'],
    ['vfio-type1-seed', '6.1.y+seed-v6', 'vfio_iommu_type1_attach_group()'],
    ['iommufd-auto', '6.12.y', 'iommufd_device_auto_get_domain()'],
    ['iommufd-hwpt', '6.12.y', 'iommufd_hw_pagetable_attach()'],
    ['retry-any', '6.12.y', 'iommufd_device_auto_get_domain()'],
    ['vhost-vdpa', '6.1.y', 'vhost_vdpa_alloc_domain()'],
  ])("show caller %s lists its attach as the kernel's functions", patience, async (caller, kernel, name) => {
    const { code, out } = await attachlab('show', 'caller', caller, '--kernel', kernel);
    expect([code, out.includes(name)]).toEqual([0, true]);
    const detach = await attachlab('show', 'caller', caller, '--kernel', kernel, '--request', 'close');
    expect([detach.code, detach.out === out]).toEqual([0, false]);
  });

  it('list names every run, and names what can be named', patience, async () => {
    const runs = lines((await attachlab('list', ...kept)).out);
    expect(runs[0]).toMatch(/^r1 +\d+ +try +vfio-type1 +6\.12\.y/);
    const { out } = await attachlab('list', 'names');
    for (const name of ['6.1.y+seed-v6', 'retry-any', 'emediumtype', 'arm-smmu-v3', 'duplicate-domain', 'domains'])
      expect(out).toMatch(new RegExp(`^ {2}${name.replaceAll(/[+.]/g, '\\$&')} `, 'm'));
  });

  it('why says for each attach why this domain', patience, async () => {
    const { code, out } = await attachlab('why', 'r1', ...kept);
    expect(code).toBe(0);
    expect(out).toMatch(/^t0 request 1, attach 5: 0 \(vfio-type1 on 6\.12\.y, #2 to #\d+\)\n {2}group 5 is on c0\.d0: made for it/);
    expect(out).toContain('intel-instance-record-alloc: drivers/iommu/intel/iommu.c:');
  });

  it('audit finds what try found, and exits 1; a run without a fault has no finding', patience, async () => {
    const { code, out } = await attachlab('audit', 'r1', ...kept);
    expect([code, lines(out)[0]]).toEqual([1, 'bug: duplicate-domain, c0/c0.d1']);
    expect(tried.out).toContain(out.split('\n\n')[0]!.split('\n').slice(1, 4).join('\n'));
    await attachlab('try', 'attach 5', '--topology', snapshot, '--store', 'healthy.db');
    expect(await attachlab('audit', 'r1', '--store', 'healthy.db')).toEqual({ code: 0, out: 'r1: no finding\n', err: '' });
  });
});

describe('export and import', () => {
  it('export is a header and one event a line; import gives the run back', patience, async () => {
    const { code, out } = await attachlab('export', 'r1', ...kept);
    const { header, events } = readExport<Event>('r1.ndjson', lines(out), validateEvent);
    const stored = eventsOf('r1');
    expect([code, header]).toEqual([0, { format: 'attachlab-events', version: 1, stream: 'r1', events: stored.length }]);
    expect([...events]).toEqual(stored);
    file('r1.ndjson', out);
    expect(await attachlab('import', 'r1.ndjson', '--store', 'other.db')).toEqual({
      code: 0,
      out: `r1: ${stored.length} events\n`,
      err: '',
    });
    expect(opened((store) => [...store.read('r1')], 'other.db')).toEqual(stored);
  });
});

describe('run', () => {
  const requests = ['{"verb":"attach","target":5}', '{"verb":"map","size":"64K"}', '{"verb":"attach","target":11}'];

  it('- answers each request as it comes, before the input ends', patience, async () => {
    const argv = [resolve('src/cli/start.js'), 'run', '-', '--topology', snapshot];
    const child = spawn(process.execPath, argv, { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
    const said = createInterface({ input: child.stdout });
    const results: string[] = [];
    child.stdin.write(`${requests[0]}\n`);
    for await (const line of said) {
      const event = validateEvent(JSON.parse(line));
      if (event.type !== 'RequestEnded') continue;
      results.push(`${event.verb}: ${event.result}`);
      const next = requests[results.length];
      if (next === undefined) child.stdin.end();
      else child.stdin.write(`${next}\n`);
    }
    expect(results).toEqual(['attach: OK', 'map: OK', 'attach: OK']);
  });

  it('- takes an empty input and blank lines', patience, async () => {
    const started = { code: 0, out: expect.stringMatching(/^\{[^\n]*"type":"RunStarted"[^\n]*\}\n$/), err: '' };
    expect(await fed('', 'run', '-', '--topology', snapshot)).toEqual(started);
    expect(await fed('\n  \r\n', 'run', '-', '--topology', snapshot)).toEqual(started);
  });

  const two = `name: two
kernel: 6.12.y
caller: vfio-type1
topology: machine.yaml
tasks:
  - {id: t0, container: c0, script: [attach: 5]}
  - {id: t1, container: c1, script: [attach: 11]}
`;

  it('--step lets the user choose who goes on, and the run replays', patience, async () => {
    file('machine.yaml', machine);
    file('two.yaml', two);
    const { code, out, err } = await fed('2\n2\n\nc\n', 'run', 'two.yaml', '--step', '--store', 'steps.db');
    expect(code).toBe(0);
    expect(lines(out).at(-1)).toBe('kept as r1: attachlab replay r1, attachlab why r1');
    const prompts = err.split('\n').filter((line) => line.startsWith('can step: '));
    expect(prompts.map((line) => /^can step: (.*) \[/.exec(line)?.[1])).toEqual(['1 t0, 2 t1', '1 t1, 2 t0', '1 t0, 2 t1', '1 t0, 2 t1']);
    const started = opened((store) => [...store.read('r1')], 'steps.db').flatMap((event) =>
      event.type === 'RequestStarted' ? [event.task] : [],
    );
    expect(started).toEqual(['t1', 't0']);
    expect((await attachlab('replay', 'r1', '--verify', '--store', 'steps.db')).code).toBe(0);
  });

  it('--step that is left, or whose input ends, is inconclusive and not kept', patience, async () => {
    for (const input of ['2\nq\n', '2\n']) {
      const { code, out, err } = await fed(input, 'run', 'two.yaml', '--step', '--store', 'left.db');
      expect([code, out.includes('kept as')]).toEqual([3, false]);
      expect(err).toMatch(/stopped after event 3; [^\n]+ not kept\n$/);
    }
  });
});

describe('topology', () => {
  it('says what a snapshot holds, and prints the file that scenarios name', patience, async () => {
    const { code, out } = await attachlab('topology', snapshot);
    expect([code, lines(out)[0]]).toEqual([0, expect.stringContaining('1 VT-d instance dmar0, 12 groups, 16')]);
    const yaml = await attachlab('topology', snapshot, '--yaml');
    const loaded = loadTopology(file('q35.yaml', yaml.out));
    const json = JSON.parse((await attachlab('topology', snapshot, '--json')).out) as { topology: object };
    expect(JSON.parse(JSON.stringify(loaded))).toEqual(json.topology);
  });
});

describe('--json', () => {
  it.concurrent.each([
    [['try', script, '--topology', snapshot, '--no-store'], 'run'],
    [['run', 'saved.yaml', '--no-store'], 'run'],
    [['matrix', 'saved.yaml', '--kernel', '6.12.y'], 'matrix'],
    [['why', 'r1', ...kept], 'why'],
    [['audit', 'r1', ...kept], 'audit'],
    [['replay', 'r1', ...kept], 'events'],
    [['replay', 'r1', '--at', '9', ...kept], 'state'],
    [['replay', 'r1', '--watch', 'domains(c0)', ...kept], 'watch'],
    [['replay', 'r1', '--verify', ...kept], 'verify'],
    [['diff', 'r1', 'r2', ...kept], 'diff'],
    [['show', 'r1', ...kept], 'run'],
    [['show', 'caller', 'iommufd-auto'], 'caller'],
    [['list', ...kept], 'runs'],
    [['list', 'names'], 'names'],
    [['topology', snapshot], 'topology'],
    [['facts', 'intel-force-snooping-unsupported'], 'facts'],
    [['facts', '--coverage'], 'coverage'],
    [['tour'], 'tour'],
  ])('%j is one document with kind and version, and nothing else', patience, async (argv, kind) => {
    const { out, err } = await attachlab(...argv, '--json');
    expect(JSON.parse(out)).toMatchObject({ kind: expect.stringMatching(new RegExp(`^(facts-)?${kind}$`)), version: 1 });
    expect(err).toBe('');
  });

  it('fork and import answer with the run they made', patience, async () => {
    file('copy.ndjson', (await attachlab('export', 'r1', ...kept)).out);
    copyFileSync(file('runs.db'), file('forks.db'));
    const fork = await attachlab('fork', 'r1@9', '--set', 'faults=none', '--store', 'forks.db', '--json');
    const made = opened((store) => store.streams().at(-1)!.id, 'forks.db');
    expect(JSON.parse(fork.out)).toMatchObject({ kind: 'fork', version: 1, run: made, parent: 'r1', at: 9 });
    const imported = await attachlab('import', 'copy.ndjson', '--store', 'forks.db', '--json');
    expect(JSON.parse(imported.out)).toMatchObject({ kind: 'import', version: 1, events: eventsOf('r1').length });
  });
});

it('the help lists every command, and every command has help', patience, async () => {
  const { out } = await attachlab('--help');
  const names = readFileSync('src/cli/commands.ts', 'utf8').matchAll(/name: '(\w[\w-]*)'/g);
  for (const [, name] of names) {
    expect(out).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    expect(await attachlab(name!, '--help')).toMatchObject({ code: 0, out: expect.stringContaining(`Usage: attachlab ${name}`), err: '' });
  }
  expect((await attachlab()).out).toContain('What does one failed allocation do to my host?');
});
