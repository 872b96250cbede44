// The README's commands print what it shows (RENEW=1 writes that instead), its file list exists, and its first screen is one sentence,
// one command, its output.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { consoleCommands, openConsole, withOutputs } from './support/consoleBlocks.ts';

const page = readFileSync('README.md', 'utf8');
const shell = openConsole();
afterAll(shell.close);

if (process.env['RENEW']) writeFileSync('README.md', withOutputs(page, consoleCommands(page).map(shell.run)));

describe('README.md', () => {
  it.each(consoleCommands(page).map((command) => [command.text, command] as const))('%s', (_, command) => {
    expect(shell.run(command)).toBe(command.output);
  });

  it('shows its first command within twelve lines', () => {
    expect(
      page
        .split('\n')
        .slice(0, 12)
        .filter((line) => line.startsWith('$ ')),
    ).toEqual(['$ npm -s start']);
  });

  it('names files that exist', () => {
    const named = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, path]) => path!);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
    expect(named.filter((path) => path.startsWith('src/') || path.startsWith('machines/'))).toHaveLength(9);
  });

  it('has the two commands', () => {
    expect(page).toContain('npm ci && npm start');
    expect(page).toContain('npm ci && npm test');
  });
});
