// Finds sources that nothing reaches: neither the public API, nor the command line, nor a script of package.json.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entries as library } from '../../src/cli/publish/entries.ts';
import { resolved, type Source } from './sources.ts';

/** The library's entries, the command line, and what package.json's scripts run. */
export const entries = (root: string): string[] => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const run = Object.values(scripts).flatMap((script) => script.match(/\bsrc\/\S+\.[jt]s\b/g) ?? []);
  return [...new Set([...library.map(({ source }) => source), 'src/cli/main.ts', ...run])].sort();
};

/** Paths of machines and sources that no import leads to from `from`, and entries that are missing. */
export const unreachable = (sources: readonly Source[], from: readonly string[]): string[] => {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const reached = new Set<string>();
  const waiting = [...from];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    waiting.push(...(byPath.get(path)?.imports ?? []).flatMap((imported) => resolved(path, imported.from) ?? []));
  }
  const missing = from.filter((path) => !byPath.has(path)).map((path) => `${path}: does not exist`);
  const dead = sources.filter(({ path }) => !path.startsWith('test/') && !reached.has(path));
  return [...missing, ...dead.map(({ path }) => `${path}: nothing imports it`)];
};
