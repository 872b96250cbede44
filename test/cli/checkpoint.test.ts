// `explore --checkpoint` and `--jobs` as a user runs them: ended early, gone on with, and files that belong to something else.
import { copyFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBench } from '../support/commandLine.ts';

const { attachlab, folder, limited } = openBench('checkpoint');
const path = (file: string): string => join(folder, file);
const searched = resolve('scenarios/ids-exhausted-by-another.yaml');
const options = ['--no-reduction', '--no-shrink', '--json'];
const counts = { states: 46_527, transitions: 92_939, ends: 8 };

const verdictOf = (out: string) => (JSON.parse(out) as { verdict: { because: string[]; effort: object } }).verdict;
const explore = (file: string, ...argv: readonly string[]) =>
  attachlab('explore', searched, ...options, '--checkpoint', path(file), ...argv);

describe('explore --checkpoint', () => {
  it('ends early, goes on, comes to its end as a search that nobody ended, and takes the file away', async () => {
    const first = await explore('search', '--budget', '20k');
    expect([1, 3]).toContain(first.code);
    expect(verdictOf(first.out).because[0]).toMatch(/^stopped at \d+ states$/);
    expect(first.err).toBe(`attachlab: the same command goes on where this search ended (${path('search')})\n`);
    copyFileSync(path('search'), path('kept'));
    const second = await explore('search');
    expect(second.code).toBe(1);
    expect(verdictOf(second.out).effort).toMatchObject(counts);
    expect(existsSync(path('search'))).toBe(false);
  });

  it.each([
    [
      'another scenario',
      ['explore', resolve('scenarios/enomem-duplicate-domain.yaml'), ...options],
      'the checkpoint is of another scenario',
    ],
    [
      'another kernel',
      ['explore', searched, ...options, '--kernel', '6.1.y'],
      'the checkpoint is of another kernel, caller, or version of the model',
    ],
    ['other bounds', ['explore', searched, ...options, '--faults', '2'], 'the checkpoint is of a search with other bounds or options'],
    [
      'a strategy that samples',
      ['explore', searched, ...options, '--strategy', 'pct'],
      '--checkpoint goes with --strategy exhaustive, found pct',
    ],
  ])('refuses one of %s, and leaves it', async (_, argv, message) => {
    const before = readFileSync(path('kept'));
    const { code, out, err } = await attachlab(...argv, '--checkpoint', path('kept'));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.split('\n')[0]).toBe(`attachlab: ${message}`);
    expect(readFileSync(path('kept')).equals(before)).toBe(true);
  });

  it.each([
    ['something else', (file: string) => writeFileSync(file, 'states\n'), 'something else'],
    ['one cut short in its table', (file: string) => truncateSync(file, readFileSync(file).length - 4), 'one that is cut short'],
    ['one cut short in its head', (file: string) => truncateSync(file, 100), 'one that is cut short'],
    ['one with a damaged head', (file: string) => writeFileSync(file, readFileSync(file).fill(0xee, 40, 4000)), 'one that is damaged'],
  ])('refuses %s', async (_, damage, found) => {
    copyFileSync(path('kept'), path('damaged'));
    damage(path('damaged'));
    const { code, err } = await explore('damaged');
    expect(code).toBe(2);
    expect(err.split('\n')[0]).toBe(`attachlab: ${path('damaged')}: expected a whole checkpoint of explore, found ${found}`);
  });
});

describe('a checkpoint that cannot be written', () => {
  it('is refused before the search', async () => {
    const { code, out, err } = await explore('no/such/folder');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.split('\n')[0]).toBe(`attachlab: ${path('no/such/folder')}: cannot be written (ENOENT)`);
  });

  it('leaves the older one, and the verdict is told all the same', () => {
    const before = readFileSync(path('kept'));
    const { code, out, err } = limited(100, 'explore', searched, ...options, '--checkpoint', path('kept'), '--budget', '10k');
    expect(verdictOf(out).because[0]).toMatch(/^stopped at \d+ states$/);
    expect(err.split('\n')[0]).toBe(`attachlab: ${path('kept')}: cannot be written (EFBIG)`);
    expect(code).toBe(2);
    expect(readFileSync(path('kept')).equals(before)).toBe(true);
  });
});

describe('explore --jobs', () => {
  it('counts with two what one counts', async () => {
    const { code, out } = await attachlab('explore', searched, ...options, '--jobs', '2');
    expect(code).toBe(1);
    expect(verdictOf(out).effort).toMatchObject(counts);
  });

  it.each(['0', '65', '-1', 'two'])('refuses %s', async (jobs) => {
    const { code, err } = await attachlab('explore', searched, '--jobs', jobs);
    expect(code).toBe(2);
    expect(err).toContain('--jobs takes a');
  });
});
