// What a user gets from searches on the command line, by exit code and message: tokens of another scenario or model, verdicts that say what
// they do not say, memory that runs out, and what is promoted.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadScenario, numberingOf, printToken, readToken } from '../../src/index.ts';
import { machine, openBench, scenarioText } from '../support/commandLine.ts';

const patience = 60_000;
const headline = resolve('scenarios/enomem-duplicate-domain.yaml');
const whole = loadScenario(headline);
const { file, attachlab } = openBench('explored');
file('machine.yaml', machine);

let token = '';
beforeAll(async () => {
  const { out } = await attachlab('explore', headline, '--kernel', '6.12.y', '--caller', 'vfio-type1');
  token = /al1-\S+/.exec(out)![0]!;
}, patience);

/** The token as another model would have made it, its failure at a site of that name. */
const ofOtherModel = (site?: string): string => {
  const read = readToken(token);
  const numbering = numberingOf(whole);
  const { edits, schedule } = read.within(numbering);
  const moved = schedule.map((deviation) => (site !== undefined && deviation.kind === 'fails' ? { ...deviation, site } : deviation));
  return printToken({ ...read, model: 'beef', edits, schedule: moved }, numbering);
};

describe('replay TOKEN', () => {
  it('of the model that made it is the run, violated', { timeout: patience }, async () => {
    expect(await attachlab('replay', token, headline)).toMatchObject({ code: 1, err: '' });
  });

  it('of another scenario is refused', { timeout: patience }, async () => {
    const { code, out, err } = await attachlab('replay', token, file('good.yaml', scenarioText));
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('the token is for another scenario');
  });

  it('that no scenario of the folder has is refused', { timeout: patience }, async () => {
    const { code, err } = await attachlab('replay', token);
    expect(code).toBe(2);
    expect(err).toContain('no file in scenarios/ is the scenario of this token');
  });

  it('cut short is refused', { timeout: patience }, async () => {
    const { code, out, err } = await attachlab('replay', token.slice(0, -2), headline);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('cut short or changed');
    expect(err).toContain('Copy it again from its first letter to its last.');
  });

  it('of another model replays where every place is met, and says so', { timeout: patience }, async () => {
    const { code, out, err } = await attachlab('replay', ofOtherModel(), headline);
    expect([code, err]).toEqual([1, 'the token was made with another model; every place that it names was met\n']);
    expect(out).toContain('duplicate-domain');
  });

  it('of another model names the first place that is gone', { timeout: patience }, async () => {
    const { code, out, err } = await attachlab('replay', ofOtherModel('no_such_function'), headline);
    expect([code, out]).toEqual([5, '']);
    expect(err).toContain('the token names a place that this model does not come to: t0, request');
    expect(err).toContain('no_such_function()');
  });
});

describe('explore', () => {
  it.each([
    [['--faults=-1'], '--faults takes a whole number from 0 on, found -1'],
    [['--budget', '0'], '--budget takes a time (60s, 5m, 1h) or a number of states (200k, 5M) above zero, found 0'],
  ])('%s is bad usage', { timeout: patience }, async (argv, message) => {
    const { code, out, err } = await attachlab('explore', headline, ...argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  it('is inconclusive where a `sometimes` is never met', { timeout: patience }, async () => {
    const never = file('never.yaml', `${scenarioText}claims: [{sometimes: domains(c0) >= 4}]\n`);
    const { code, out } = await attachlab('explore', never, '--faults', '0');
    expect(code).toBe(3);
    expect(out).toContain('because: never met: sometimes domains(c0) >= 4');
  });

  it('out of memory goes on with bits, says so, and keeps its verdict', { timeout: patience }, async () => {
    const three = resolve('scenarios/three-containers-two-instances.yaml');
    const bounds = ['--faults', '0', '--no-reduction', '--no-shrink', '--memory', '1M', '--budget', '120k'];
    const { code, out } = await attachlab('explore', three, ...bounds);
    expect(code).toBe(3);
    expect(out).toContain('because: the memory limit was reached: some states may have been left out');
    expect(out).toContain('bit state: chance that a new state was left out');
  });

  it.each(['exhaustive', 'pct', 'pos'])(
    '%s: one switch and no failure leave a container without an id',
    { timeout: patience },
    async (strategy) => {
      const { code, out } = await attachlab('explore', resolve('scenarios/ids-race.yaml'), '--faults', '0', '--strategy', strategy);
      expect(code).toBe(1);
      expect(out).toContain('violated  at-end domains(c1) == 1');
      expect(out).toContain(
        'schedule\n  t0, request 2: at intel.leave.6, time 3, t1 goes on instead\nrace\n       t0                                t1\n',
      );
    },
  );
});

describe('promote', () => {
  it('then suite, as the README says', { timeout: patience }, async () => {
    const page = readFileSync('README.md', 'utf8');
    const block = /```sh\n(npm run -s attachlab -- promote [\s\S]*?)```/.exec(page)![1]!;
    const lines = block.trim().split('\n');
    const ended = [];
    for (const line of lines) {
      const words = line.replace('npm run -s attachlab -- ', '').replace('TOKEN', token).split(' ');
      ended.push(await attachlab(...words, ...(words[0] === 'promote' ? ['--scenario', headline] : [])));
    }
    expect(ended.map(({ code, err }) => [code, err])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    expect(ended[0]!.out).toContain('as attachlab suite my-suite expects from now on');
  });
});
