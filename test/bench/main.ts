// Prints how fast the engine, the store and the packed command line are, each against a baseline in the same run: `npm run bench`,
// or `npm run bench -- NAME...`. It never fails: targets are there to be read, on machines that differ.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { diff } from './diff.ts';
import { lint } from './lint.ts';
import type { Figure } from './measure.ts';
import { startUp } from './startUp.ts';
import { disk, fold, memory } from './store.ts';
import { traces } from './traces.ts';
import { watch } from './watch.ts';

const benchmarks: Readonly<Record<string, (folder: string) => Figure[] | Promise<Figure[]>>> = {
  memory,
  disk,
  fold,
  diff,
  watch,
  'start-up': startUp,
  traces,
  lint,
};

const line = ({ name, found, against, target, met }: Figure): string =>
  `${name.padEnd(40)} ${found.padStart(22)}  ${against.padEnd(24)} ${target === null ? '' : `target ${target}${met ? '' : ': missed'}`}`.trimEnd();

const inFolder = async (measure: (folder: string) => Figure[] | Promise<Figure[]>): Promise<Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'attachlab-bench-'));
  try {
    return await measure(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) throw new Error(`no benchmark is named ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}`);

console.log(`node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}; CPU seconds, start-up by the clock; medians`);
for (const [name, measure] of Object.entries(benchmarks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const figure of await inFolder(measure)) console.log(line(figure));
}
