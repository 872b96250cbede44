// The page that settles the thread's arguments: every command is run and its output compared. RENEW=1 writes the outputs instead.
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { consoleCommands, openConsole, withOutputs } from './support/consoleBlocks.ts';

const file = 'scenarios/thread-arguments.md';
const page = readFileSync(file, 'utf8');
const commands = consoleCommands(page);
const terminal = openConsole();
afterAll(terminal.close);

if (process.env['RENEW']) {
  writeFileSync(file, withOutputs(page, commands.map(terminal.run)));
}

describe('scenarios/thread-arguments.md', () => {
  it('has a section for each argument that a run can settle, each with a command', () => {
    const sections = page.split(/^## /m).slice(1);
    const settled = sections.filter((section) => section.startsWith('A'));
    expect(settled.map((section) => section.split('.')[0])).toEqual(Array.from({ length: 12 }, (_, index) => `A${index + 1}`));
    expect(settled.filter((section) => consoleCommands(section).length === 0)).toEqual([]);
  });

  it.each(commands.map((command) => [command.line, command.text, command] as const))('line %i: %s', (_line, _text, command) => {
    expect(terminal.run(command)).toBe(command.output);
  });

  it('stays as it is when its own outputs are put in', () => {
    const outputs = commands.map(({ output }) => output);
    expect(withOutputs(page, outputs)).toBe(page);
    expect(withOutputs(page, ['one line\n', ...outputs.slice(1)])).not.toBe(page);
  });

  it('keeps to 75 columns where it shows output', () => {
    expect(commands.flatMap(({ output }) => output.split('\n')).filter((line) => line.length > 75)).toEqual([]);
  });
});
