// Runs the ```console blocks of a page and compares or renews what stands below each command, so that no page shows output that is not real.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { excerptFolder } from './kernelExcerpts.ts';

export interface ConsoleCommand {
  /** As it stands in the page, without `$ `. */
  readonly text: string;
  /** What the command line gets. */
  readonly argv: readonly string[];
  /** Line of the page, from 1. */
  readonly line: number;
  readonly output: string;
}

/** `npm run -s attachlab -- ARGS`, and what else package.json has for it. */
const commands: readonly { readonly starts: string; readonly argv: readonly string[] }[] = [
  { starts: 'npm run -s attachlab -- ', argv: [] },
  { starts: 'npm -s start', argv: ['tour'] },
];

/** Words as a shell takes them: blanks separate, quotes keep together. */
export const words = (text: string): string[] =>
  [...text.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) => word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'));

const argvOf = (text: string, line: number): string[] => {
  const found = commands.find(({ starts }) => text.startsWith(starts));
  if (!found) throw new Error(`line ${line}: no command that the pages may use: ${text}`);
  return [...found.argv, ...words(text.slice(found.starts.length))];
};

interface Fence {
  /** Line number of the fence itself, from 1. */
  readonly line: number;
  readonly body: readonly string[];
}

const fencesOf = (page: string): Fence[] => {
  const lines = page.split('\n');
  return lines.flatMap((text, index) => {
    if (text !== '```console') return [];
    const end = lines.indexOf('```', index + 1);
    if (end < 0) throw new Error(`line ${index + 1}: the block has no end`);
    return [{ line: index + 1, body: lines.slice(index + 1, end) }];
  });
};

/** A command goes on over lines that end in a backslash; its output ends at the next command. */
const commandsIn = ({ line, body }: Fence): ConsoleCommand[] => {
  const starts = body.flatMap((text, index) => (text.startsWith('$ ') ? [index] : []));
  return starts.map((start, index) => {
    let last = start;
    while (body[last]!.endsWith('\\')) last += 1;
    const given = body.slice(start, last + 1).map((text) => text.replace(/\\$/, '').trim());
    const text = given.join(' ').slice(2);
    const output = body.slice(last + 1, starts[index + 1] ?? body.length);
    return { text, argv: argvOf(text, line + start + 1), line: line + start + 1, output: output.map((row) => `${row}\n`).join('') };
  });
};

export const consoleCommands = (page: string): ConsoleCommand[] => fencesOf(page).flatMap(commandsIn);

export interface Console {
  /** Standard output of a command, whatever its exit code; the last line ends. */
  readonly run: (command: ConsoleCommand) => string;
  readonly close: () => void;
}

/** Beside a clone: the sources that pages read, as excerpts, and the seed series. Gives the clone's place. */
const neighbours = (home: string): string => {
  const clone = join(home, 'attachlab');
  if (existsSync(clone)) return clone;
  mkdirSync(clone);
  const path = (below: string): string => join(home, below);
  const write = (below: string, text: string | Uint8Array): void => {
    mkdirSync(dirname(path(below)), { recursive: true });
    writeFileSync(path(below), text);
  };
  for (const name of ['6.1', '6.12'] as const) excerptFolder({ path, write }, name);
  write('seed-v6.mbox', gunzipSync(readFileSync('test/lint/seed-v6.patch.gz')));
  return clone;
};

const start = resolve('src/cli/start.js');

/** Commands of one page share a store of their own, as if typed one after the other in a clone. */
export const openConsole = (): Console => {
  const home = mkdtempSync(join(tmpdir(), 'attachlab-page-'));
  const env = { ...process.env, XDG_STATE_HOME: home, XDG_CACHE_HOME: home };
  return {
    run: ({ argv, text }) => {
      const cwd = argv.some((word) => word.startsWith('../')) ? neighbours(home) : resolve('.');
      const { stdout, stderr, status } = spawnSync(process.execPath, [start, ...argv], { cwd, env, encoding: 'utf8' });
      if (status === null || ![0, 1, 3].includes(status)) throw new Error(`${text}: exit code ${status}\n${stderr}`);
      return stdout.endsWith('\n') || stdout === '' ? stdout : `${stdout}\n`;
    },
    close: () => rmSync(home, { recursive: true }),
  };
};

/** The page with the given outputs in place of its own, in the order of its commands. */
export const withOutputs = (page: string, outputs: readonly string[]): string => {
  const lines = page.split('\n');
  const found = consoleCommands(page);
  for (const [index, { line, output }] of [...found.entries()].toReversed()) {
    let last = line - 1;
    while (lines[last]!.endsWith('\\')) last += 1;
    lines.splice(last + 1, output.split('\n').length - 1, ...outputs[index]!.split('\n').slice(0, -1));
  }
  return lines.join('\n');
};
