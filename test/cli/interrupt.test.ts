// Ctrl-C during a search, as a user presses it: the partial verdict, soon, and exit code 130; the second time the end at once.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { excerptFolder } from '../support/kernelExcerpts.ts';
import { openPlace } from '../support/repository.ts';

const long = ['explore', 'scenarios/three-containers-two-instances.yaml', '--faults', '2', '--no-reduction', '--no-symmetry'];

/** Milliseconds: two seconds where the processors are free, and what a crowded test run adds. */
const PATIENCE = 5000;

/** Milliseconds: two presses at the same instant count as one signal, and the partial verdict is soon there. */
const BETWEEN_PRESSES = 15;

/** Before the command line: says when somebody listens to Ctrl-C. Node itself catches it from the first moment on. */
const telling = `data:text/javascript,process.on('newListener', (name) => name === 'SIGINT' && console.error('listens'))`;

interface Running {
  readonly child: ChildProcess;
  readonly said: { out: string };
  readonly listens: Promise<unknown>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

const started = (argv: readonly string[]): Running => {
  const child = spawn(process.execPath, ['--import', telling, resolve('src/cli/start.js'), ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '' };
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  const ended: Running['ended'] = new Promise((done) => child.once('close', (code, signal) => done({ code, signal })));
  return { child, said, ended, listens: once(child.stderr!, 'data') };
};

/** Waits until the command line listens to Ctrl-C, and then until its search is under way. */
const searching = async ({ listens }: Running, milliseconds = 1500): Promise<void> => {
  await listens;
  await sleep(milliseconds);
};

describe('Ctrl-C during a search', () => {
  it('gives the partial verdict soon, and exit code 130', async () => {
    const running = started(long);
    const { child, said, ended } = running;
    await searching(running);
    const pressed = performance.now();
    child.kill('SIGINT');
    const { code } = await ended;
    expect(code).toBe(130);
    expect(said.out).toMatch(/because: interrupted|the search is not complete: interrupted/);
    expect(said.out).toMatch(/at most 2 failed allocations,\s+all\s+orders\s+\([\d,]+\s+states\)/);
    expect(performance.now() - pressed).toBeLessThan(PATIENCE);
  });

  it.each([
    ['in its first moments', [], 100],
    ['as several threads search', ['--jobs', '2'], 1500],
  ])('does so %s', async (_, more, milliseconds) => {
    const running = started([...long, ...more]);
    const { child, said, ended } = running;
    await searching(running, milliseconds);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(said.out).toMatch(/because: interrupted|the search is not complete: interrupted/);
  });

  it('leaves what was found, where it is being made smaller', async () => {
    const running = started(['explore', 'scenarios/kill-during-attach.yaml', '--faults', '2', '--json']);
    const { child, said, ended } = running;
    await searching(running);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(said.out).toContain('"effort"');
  });

  it('ends a matrix of searches, with what each cell came to', async () => {
    const running = started(['matrix', 'scenarios/smmuv3-three-instances.yaml', '--explore', '--faults', '2', '--budget', '60s']);
    const { child, said, ended } = running;
    await searching(running);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(said.out).toMatch(/^ {4}interrupted$/m);
  });

  it('counts as JSON too', async () => {
    const running = started([...long, '--json']);
    const { child, said, ended } = running;
    await searching(running);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    const { verdict } = JSON.parse(said.out) as { verdict: { because: string[] } };
    expect(verdict.because[0]).toBe('interrupted');
  });

  // Tried again where a crowded machine delivers both presses too late or together.
  it('ends at once the second time, and says nothing more', { retry: 3 }, async () => {
    const running = started(long);
    const { child, said, ended } = running;
    await searching(running);
    child.kill('SIGINT');
    await sleep(BETWEEN_PRESSES);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(said.out).toBe('');
  });
});

describe('a command that says nothing before its end', () => {
  it('is ended by Ctrl-C at once', async () => {
    const { child, said, ended } = started(['suite', 'scenarios']);
    await sleep(500);
    child.kill('SIGINT');
    expect(await ended).toEqual({ code: null, signal: 'SIGINT' });
    expect(said.out).toBe('');
  });
});

describe('Ctrl-C as lint-kernel reads', () => {
  const place = openPlace('interrupt-lint');
  afterAll(place.remove);

  it('ends it, with exit code 130 and nothing on standard output', async () => {
    const trees = [excerptFolder(place, '6.1'), '--diff', excerptFolder(place, '6.12')];
    const { child, said, ended, listens } = started(['lint-kernel', ...trees, '--no-cache']);
    await listens;
    await sleep(600);
    child.kill('SIGINT');
    const { code } = await ended;
    expect({ code, out: said.out }).toEqual({ code: 130, out: '' });
  });
});
