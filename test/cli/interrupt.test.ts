// Ctrl-C during a search, as a user presses it: the partial verdict, soon, and exit code 130; the second time the end at once.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { excerptFolder } from '../support/kernelExcerpts.ts';
import { openPlace } from '../support/repository.ts';

const long = ['explore', 'scenarios/smmuv3-three-instances.yaml', '--faults', '2', '--no-reduction', '--no-symmetry'];

/** Milliseconds: two seconds where the processors are free, and what a crowded test run adds. */
const PATIENCE = 5000;

/** Milliseconds: two presses at the same instant count as one signal, and the partial verdict is soon there. */
const BETWEEN_PRESSES = 15;

interface Running {
  readonly child: ChildProcess;
  readonly said: { out: string };
  readonly ended: Promise<{ readonly code: number | null }>;
}

const started = (argv: readonly string[]): Running => {
  const child = spawn(process.execPath, [resolve('src/cli/start.js'), ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '' };
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  const ended = new Promise<{ code: number | null }>((done) => child.once('close', (code) => done({ code })));
  return { child, said, ended };
};

/** Bit 1 of the signals that a process catches: SIGINT (proc_pid_status(5)). */
const catchesInterrupt = (child: ChildProcess): boolean => {
  const caught = /^SigCgt:\s*(\w+)$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]!;
  return (BigInt(`0x${caught}`) & 2n) !== 0n;
};

/** Waits until the command line listens to Ctrl-C, and then until its search is well under way. */
const searching = async (child: ChildProcess): Promise<void> => {
  while (!catchesInterrupt(child)) await sleep(50);
  await sleep(2500);
};

describe('Ctrl-C during a search', () => {
  it('gives the partial verdict soon, and exit code 130', async () => {
    const { child, said, ended } = started(long);
    await searching(child);
    const pressed = performance.now();
    child.kill('SIGINT');
    const { code } = await ended;
    expect(code).toBe(130);
    expect(said.out).toMatch(/because: interrupted|the search is not complete: interrupted/);
    expect(said.out).toMatch(/at most 2 failed allocations, all orders \([\d,]+ states\)/);
    expect(performance.now() - pressed).toBeLessThan(PATIENCE);
  });

  it('counts as JSON too', async () => {
    const { child, said, ended } = started([...long, '--json']);
    await searching(child);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    const { verdict } = JSON.parse(said.out) as { verdict: { because: string[] } };
    expect(verdict.because[0]).toBe('interrupted');
  });

  // Tried again where a crowded machine delivers both presses too late or together.
  it('ends at once the second time, and says nothing more', { retry: 3 }, async () => {
    const { child, said, ended } = started(long);
    await searching(child);
    child.kill('SIGINT');
    await sleep(BETWEEN_PRESSES);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(said.out).toBe('');
  });
});

describe('a search that takes long', () => {
  it('says the same from its own thread as one that does not', async () => {
    const argv = ['explore', 'scenarios/smmuv3-two-instances.yaml', '--json'];
    const { said, ended } = started(argv);
    expect((await ended).code).toBe(1);
    const { verdict } = JSON.parse(said.out) as { verdict: { effort: object } };
    expect(verdict.effort).toMatchObject({ states: 4024, transitions: 4068, ends: 9 });
  });
});

describe('Ctrl-C as lint-kernel reads', () => {
  const place = openPlace('interrupt-lint');
  afterAll(place.remove);

  it('ends it, with exit code 130 and nothing on standard output', async () => {
    const trees = [excerptFolder(place, '6.1'), '--diff', excerptFolder(place, '6.12')];
    const { child, said, ended } = started(['lint-kernel', ...trees, '--no-cache']);
    while (!catchesInterrupt(child)) await sleep(50);
    await sleep(600);
    child.kill('SIGINT');
    const { code } = await ended;
    expect({ code, out: said.out }).toEqual({ code: 130, out: '' });
  });
});
