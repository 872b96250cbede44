// Bad input of every kind, as a user gives it: one message with the place, what was expected, what was found and what to do; exit code 2;
// nothing on standard output, nothing stored harmed.
import { truncateSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Ended, machine, openBench, scenarioText } from '../support/commandLine.ts';

const { attachlab, bytes, fed, file, limited } = openBench('bad-input');
const patience = { timeout: 60_000 };

const scenario = 'Correct the file at the place named; the JSON Schema in the package lists every key.';
const topology = 'Take a snapshot as the README shows, or name a file made by `attachlab topology`.';
const usage = 'Run the command with --help to see what it takes.';
const names = 'Run `attachlab list`, or `attachlab facts`, to see the names that exist.';
const overlay = 'Run `attachlab facts` to see the rows that can be named.';
const caller = 'Compare the file with a caller of the package: `attachlab show caller vfio-type1`.';

/** One message, and nothing else. */
const refused = (message: string, todo: string): Ended => ({ code: 2, out: '', err: `attachlab: ${message}\n${todo}\n` });

file('machine.yaml', machine);
file('good.yaml', scenarioText);

const added = (lines: string): string => `${scenarioText}${lines}`;
const broken = (from: string, to: string): string => {
  expect(scenarioText).toContain(from);
  return scenarioText.replace(from, to);
};

interface Case {
  readonly text: string;
  readonly message: string;
  readonly todo?: string;
}

const files: Readonly<Record<string, Case>> = {
  'a misspelt key': {
    text: broken('caller:', 'callr:'),
    message:
      ':3:1: expected a key of a scenario ($schema, name, title, extends, topology, kernel, caller, script, tasks, order, schedule, before, faults, set, ' +
      'claims, expect), found "callr"; did you mean caller?',
  },
  'a misspelt attribute': {
    text: added('set: {iommu/dmar0: {domainIdsFre: 1}}\n'),
    message: expect.stringContaining(
      ':9:21: expected an attribute of iommu/dmar0, found domainIdsFre; did you mean domainIdsFree?',
    ) as unknown as string,
  },
  'an unknown group': {
    text: broken('attach: 11', 'attach: 12'),
    message:
      ':8:13: expected a group or a device of topology machine, found 12; did you mean 11? Groups: 5, 11; devices: 0000:00:10.0, 0000:05:01.0',
  },
  'an unknown kernel': {
    text: broken('6.12.y', '6.12'),
    message: ':2:9: expected the name of a kernel such as 6.12.y, as text, found 6.12',
  },
  'an unknown caller': {
    text: broken('vfio-type1', 'vfio-typ1'),
    message:
      ':3:9: expected the name of a caller, or a path such as ./mine, found vfio-typ1; did you mean vfio-type1? Known: iommufd-auto, ' +
      'iommufd-compat, iommufd-hwpt, qemu-container, qemu-iommufd, retry-any, vfio-type1, vfio-type1-seed, vhost-vdpa',
  },
  'a dangling reference': {
    text: broken('machine.yaml', '{iommus: [{id: dmar0, driver: intel}], groups: [{id: 5, devices: [{id: a, iommu: dmar1}]}]}'),
    message: ':4:92: expected an IOMMU instance of the topology, or null, found dmar1; did you mean dmar0? Known: dmar0',
    todo: topology,
  },
  'a topology that does not exist': {
    text: broken('machine.yaml', 'machin.yaml'),
    message: ':4:11: expected a topology in a file, found no file ./machin.yaml; did you mean machine.yaml?',
    todo: topology,
  },
  'a duplicate name': {
    text: broken('machine.yaml', '{iommus: [{id: d, driver: intel}], groups: [{id: 5, devices: [a]}, {id: 5, devices: [b]}]}'),
    message: ':4:83: expected each group once, found 5 again; it is first in line 4',
    todo: topology,
  },
  'a request that the script does not have': {
    text: added('faults: [{request: 9, nth: 1}]\n'),
    message: ':9:20: expected a request of the script of t0, from 1 to 3, found 9',
  },
  'a count of zero': {
    text: added('faults: [{request: 3, nth: 0}]\n'),
    message: ':9:28: expected a number from 1, found 0',
  },
  'an errno that the API never gives': {
    text: added('faults: [{api: pm-runtime-resume, errno: ENOSPC}]\n'),
    message: ':9:42: expected an errno that pm-runtime-resume can give, found ENOSPC; known: EINVAL, EACCES, EBUSY, EIO, callback-errno',
  },
  'an errno that the row never gives': {
    text: added('faults: [{api: virtio-attach-request-status, errno: ENOSPX}]\n'),
    message:
      ':9:53: expected an errno that virtio-attach-request-status can give, found ENOSPX; did you mean ENOSYS? Known: EINVAL, ENOSYS, ' +
      'ERANGE, ENOENT, EFAULT, ENOMEM, EIO',
  },
  'a kill of nobody': {
    text: broken('attach: 11', 'kill: t7'),
    message: ':8:11: expected a task of the scenario, found t7; did you mean t0? Known: t0',
  },
  'an empty file': { text: '', message: ':1:1: expected a scenario, found an empty file' },
  'a file with half a mapping': {
    text: 'name: good\nscript: [attach: 5\n',
    message: expect.stringMatching(/^:\d+:\d+: expected a scenario in YAML or JSON, found an error: /) as unknown as string,
  },
};

describe('a scenario file', () => {
  it.concurrent.each(Object.entries(files))('with %s', patience, async (title, { text, message, todo = scenario }) => {
    const name = `${title.replaceAll(' ', '-')}.yaml`;
    file(name, text);
    const { code, out, err } = await attachlab('run', name, '--store', `${name}.db`);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    const [first, ...rest] = err.split('\n');
    expect(first).toMatch(/^attachlab: /);
    expect(first!.slice(`attachlab: ${name}`.length)).toEqual(message);
    expect(rest).toEqual([todo, '']);
  });

  it('with a circle of references', patience, async () => {
    file('a.yaml', 'extends: b.yaml\nname: a\n');
    file('b.yaml', 'extends: a.yaml\nname: b\n');
    const found = 'b.yaml:1:10: expected extends to come to an end, found a circle: a.yaml -> b.yaml -> a.yaml';
    expect(await attachlab('run', 'a.yaml')).toEqual(refused(found, scenario));
  });

  it('of 100 MB, wherever a file is named', patience, async () => {
    for (const name of ['big.yaml', 'big.txt']) truncateSync(file(name, ''), 100 * 1024 * 1024);
    expect(await attachlab('run', 'big.yaml')).toEqual(refused('big.yaml: expected a scenario of at most 16 MB, found 100 MB', scenario));
    expect(await attachlab('run', 'good.yaml', '--kernel', './big.yaml')).toEqual(
      refused('./big.yaml: expected an overlay of at most 16 MB, found 100 MB', overlay),
    );
    expect(await attachlab('try', 'attach 5', '--topology', 'big.txt')).toEqual(
      refused('big.txt: expected at most 67108864 bytes, found 104857600', topology),
    );
  });

  it('that is no UTF-8', patience, async () => {
    file('latin.yaml', Buffer.from('name: x\ntitle: caf\xe9 au lait\n', 'latin1'));
    expect(await attachlab('run', 'latin.yaml')).toEqual(
      refused('latin.yaml:2:11: expected text in UTF-8, found a character that is cut off', scenario),
    );
    file('latin.txt', Buffer.from('one\ntwo \xff\n', 'latin1'));
    expect(await attachlab('topology', 'latin.txt')).toEqual(refused('latin.txt:2: expected text in UTF-8, found other bytes', topology));
  });

  it('that does not exist', patience, async () => {
    const found = 'goood.yaml: expected a scenario in a file, found no file goood.yaml; did you mean good.yaml?';
    expect(await attachlab('run', 'goood.yaml')).toEqual(refused(found, scenario));
  });
});

describe('an overlay or a caller file', () => {
  it('that names a row that is not there', patience, async () => {
    file('overlay.yaml', 'from: 6.12.y\nname: mine\nrows:\n  intel-force-snooping-unsuported: {errno: EINVAL}\n');
    const found =
      './overlay.yaml:4:3: no row of 6.12.y is named intel-force-snooping-unsuported; did you mean intel-force-snooping-unsupported?';
    expect(await attachlab('run', 'good.yaml', '--kernel', './overlay.yaml')).toEqual(refused(found, overlay));
  });

  it('that exports nothing, or is no module', patience, async () => {
    file('nothing.ts', 'export const x = 1;\n');
    file('half.ts', 'export const caller = {\n');
    expect(await attachlab('show', 'caller', './nothing.ts')).toEqual(
      refused('./nothing.ts: expected an export named caller with name, requests, rows and workflows', caller),
    );
    const { code, out, err } = await attachlab('run', 'good.yaml', '--caller', './half.ts');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^attachlab: \.\/half\.ts: the file cannot be loaded: [^\n]+\n/);
  });
});

describe('a command line', () => {
  const q35 = ['--topology', 'machine.yaml', '--no-store'];
  it.concurrent.each([
    [['tyr'], 'no command is named tyr; did you mean try?', 'Run `attachlab --help`.'],
    [['run', 'good.yaml', '--contract', 'emediumtyp'], 'no contract is named emediumtyp; did you mean emediumtype?', names],
    [['run', 'good.yaml', '--kernel', '6.1'], 'no kernel is named 6.1; did you mean 6.1.y?', names],
    [['try', 'attach 5', ...q35, '--fail', '0'], '--fail takes N or N@REQUEST with N from 1 and REQUEST from 1 to 1; found 0', usage],
    [['try', 'attach 5', ...q35, '--fail', '1@2'], '--fail takes N or N@REQUEST with N from 1 and REQUEST from 1 to 1; found 1@2', usage],
    [['try', 'kill t7', ...q35], 'script:1:6: expected a task of the scenario, found t7; did you mean t0? Known: t0', scenario],
    [
      ['try', 'attach 5', ...q35, '--save', 'none/x.yaml'],
      expect.stringContaining('none/x.yaml: expected a place for the scenario'),
      usage,
    ],
    [['run', '-'], 'run - needs --topology FILE: the machine that the requests are about', usage],
    [['show', 'run'], 'show run takes the id of a run, found none', usage],
  ])('%j', patience, async (argv, message, todo) => {
    const { code, out, err } = await attachlab(...argv);
    expect({ code, out, err: err.split('\n') }).toEqual({ code: 2, out: '', err: [expect.any(String), todo, ''] });
    expect(err.split('\n')[0]!.slice('attachlab: '.length)).toEqual(message);
  });

  it.concurrent.each([
    [['run', 'good.yaml', '--stor', 'x'], "error: unknown option '--stor'\n(Did you mean --store?)\n"],
    [['replay'], "error: missing required argument 'run'\n"],
    [['try', 'attach 5'], "error: required option '--topology <file>' not specified\n"],
  ])('%j is refused before anything is read', patience, async (argv, err) => {
    expect(await attachlab(...argv)).toEqual({ code: 2, out: '', err });
  });
});

describe('a line of requests on standard input', () => {
  const hint = 'Keys of a line: verb, target, container, task, iova, size, pageTable, options.';
  const shape = 'expected {"verb": ..., "target": ..., "container": ...}, found';
  it.concurrent.each([
    ['{"verb":"attach","target":', `:2:27: ${shape} what is not JSON here`, hint],
    ['[1]', `:2: ${shape} [1]`, hint],
    ['{"target":5}', `:2: ${shape} no verb`, hint],
    ['{"verb":"attach","taget":5}', `:2: ${shape} the key taget; did you mean target?`, hint],
    ['{"verb":"attach","target":"11","container":7}', ':2: expected a name behind container, found 7', hint],
    ['{"verb":"attach"}', ':2: expected either group or device for attach, found neither', scenario],
    ['{"verb":"map","size":0}', expect.stringContaining(':2: expected at least one byte below 2^64, found '), scenario],
    ['{"verb":"kill","target":"t7"}', ':2: expected a task of the scenario, found t7; did you mean c0? Known: c0', scenario],
    ['{"verb":"atach","target":11}', expect.stringMatching(/^:2: .*found "atach"; did you mean attach\?$/), scenario],
    [
      '{"verb":"attach","target":12}',
      expect.stringMatching(/^:2: expected a group of topology machine, found 12; did you mean 11\?/),
      scenario,
    ],
  ])('%s: what came before it was run', patience, async (line, message, todo) => {
    const { code, out, err } = await fed(`{"verb":"attach","target":5}\n${line}\n`, 'run', '-', '--topology', 'machine.yaml');
    expect(code).toBe(2);
    expect(out.trimEnd().split('\n').at(-1)).toBe(
      '{"request":0,"result":"OK","target":"5","task":"c0","type":"RequestEnded","verb":"attach"}',
    );
    const [first, ...rest] = err.split('\n');
    expect(first!.slice('attachlab: standard input'.length)).toEqual(message);
    expect(rest).toEqual([todo, '']);
  });
});

describe('a store', () => {
  beforeAll(async () => {
    expect((await attachlab('run', 'good.yaml', '--store', 'runs.db')).code).toBe(0);
  }, 60_000);

  it.concurrent.each([
    [['replay', 'r9'], expect.stringMatching(/^stream r9: expected a stream of .*runs\.db, found r1, which is near$/), names],
    [['replay', 'r1', '--at', '99999'], expect.stringMatching(/^event 99999 does not exist; run r1 has \d+$/), names],
    [['replay', 'r1', '--at', '-1'], '--at takes an event number, found -1', usage],
    [['replay', 'r1', '--watch', 'domains(c9)'], 'no container is named c9; known: c0', names],
    [['fork', 'r1@99999', '--set', 'faults=none'], expect.stringMatching(/^event 99999 does not exist; the run has \d+$/), names],
    [['fork', 'r1', '--set', 'faults=none'], 'fork takes RUN@N, e.g. r1@120; found r1', usage],
    [['fork', 'r1@9', '--set', 'fail=0'], 'fail takes N or N@REQUEST with N from 1 and REQUEST from 1 to 3, found 0', usage],
    [
      ['fork', 'r1@9', '--set', 'iommu/dmar0.domainIdsFre=0'],
      'no attribute of iommu is named domainIdsFre; did you mean domainIdsFree?',
      usage,
    ],
    [['fork', 'r1@9', '--set', 'iommu/dmar7.domainIdsFree=0'], 'set: iommu/dmar7 is not in the topology', scenario],
    [
      ['fork', 'r1@9', '--set', 'continue-on=EINVL'],
      'continue-on takes any, or errnos such as EINVAL,ENOMEM; found "EINVL"; did you mean EINVAL?',
      usage,
    ],
    [['fork', 'r1@9', '--set', 'kernel=6.13.y'], 'no kernel is named 6.13.y; did you mean 6.1.y?', names],
  ])('that does not have what %j asks for stays as it is', patience, async (argv, message, todo) => {
    const before = bytes('runs.db');
    const { code, out, err } = await attachlab(...argv, '--store', 'runs.db');
    expect({ code, out, err: err.split('\n') }).toEqual({ code: 2, out: '', err: [expect.any(String), todo, ''] });
    expect(err.split('\n')[0]!.slice('attachlab: '.length)).toEqual(message);
    expect(bytes('runs.db') === before).toBe(true);
  });

  it('that does not exist is not made by who only reads', patience, async () => {
    const found = { code: 2, out: '', err: expect.stringContaining('none.db: expected a store, found no store\n') };
    expect(await attachlab('list', '--store', 'none.db')).toEqual(found);
    expect(await attachlab('fork', 'r1@9', '--set', 'faults=none', '--store', 'none.db')).toEqual(found);
    expect(() => bytes('none.db')).toThrow('ENOENT');
    expect(await attachlab('list')).toEqual({ code: 0, out: 'no runs are stored yet: attachlab run SCENARIO\n', err: '' });
  });

  const tampered = (name: string, change: (database: DatabaseSync) => void): void => {
    const database = new DatabaseSync(file(name, Buffer.from(bytes('runs.db'), 'latin1')));
    change(database);
    database.close();
  };

  it('that is newer, cut off or no store is refused to readers and writers, and left alone', patience, async () => {
    tampered('newer.db', (database) => database.exec('PRAGMA user_version = 2'));
    file('cut.db', Buffer.from(bytes('runs.db').slice(0, 5000), 'latin1'));
    file('notes.db', 'some notes\n'.repeat(100));
    const rows = [
      ['newer.db', 'expected a store of format 1, found format 2, from a newer attachlab\nUse the attachlab that wrote it'],
      ['cut.db', 'expected a whole store, found one cut off after 5000 bytes\nBring the file back from a copy'],
      ['notes.db', 'expected a store, found a file of another kind\nName another file with --store'],
    ] as const;
    for (const [name, message] of rows) {
      const before = bytes(name);
      const found = { code: 2, out: '', err: expect.stringContaining(`${name}: ${message}`) };
      expect(await attachlab('list', '--store', name)).toEqual(found);
      expect(await attachlab('run', 'good.yaml', '--store', name)).toEqual(found);
      expect(bytes(name) === before).toBe(true);
    }
  });

  it('that another process keeps locked is refused to a writer after a while, and read all the same', patience, async () => {
    const locked = file('locked.db', Buffer.from(bytes('runs.db'), 'latin1'));
    const other = new DatabaseSync(locked);
    other.exec('BEGIN IMMEDIATE');
    const [writer, reader] = await Promise.all([
      attachlab('run', 'good.yaml', '--store', 'locked.db'),
      attachlab('replay', 'r1', '--at', '1', '--store', 'locked.db'),
    ]);
    other.exec('ROLLBACK');
    other.close();
    expect(writer).toEqual({
      code: 2,
      out: '',
      err:
        `attachlab: ${locked}: expected to write, found that another process kept it locked (SQLite: database is locked)\n` +
        'Run the command again when the other has finished; nothing was written.\n',
    });
    expect(reader).toEqual({ code: 0, out: expect.stringContaining('group 5'), err: '' });
    expect((await attachlab('run', 'good.yaml', '--store', 'locked.db')).out).toContain('kept as r2');
  });

  it('on a full disk keeps what it holds, and nothing of the run that did not fit', patience, async () => {
    const size = Math.ceil(Buffer.byteLength(file('full.db', Buffer.from(bytes('runs.db'), 'latin1'))) / 1024);
    expect(size).toBeGreaterThan(0);
    const { code, out, err } = limited(24, 'run', 'good.yaml', '--store', 'full.db');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('found that the system refused: a full disk, a limit on file sizes or a failing disk');
    expect(err).toContain('Make room, then run the command again; nothing of this append was written');
    expect((await attachlab('list', '--store', 'full.db')).out).toMatch(/^r1 .*\n$/);
    expect(await attachlab('replay', 'r1', '--verify', '--store', 'full.db')).toMatchObject({ code: 0, err: '' });
  });

  it('whose default place cannot be made', patience, async () => {
    file('state', 'a file where a folder should be\n');
    const found = {
      code: 2,
      out: '',
      err: expect.stringContaining('state/attachlab: expected a folder for runs, found that it cannot be made'),
    };
    expect(await attachlab('run', 'good.yaml')).toEqual(found);
  });
});
