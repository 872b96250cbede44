// Reading kernel sources: against parsing the same files and nothing else, and as a user does it with the packed command line. The tree
// is LINUX_6_12, a folder, or else the excerpts of the tests.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { blank } from '../../src/lint/c/blank.ts';
import { readGrammar } from '../../src/lint/read/grammar.ts';
import { readTree } from '../../src/lint/read/readTree.ts';
import { TreeReader } from '../../src/lint/reader.ts';
import { excerptFolder } from '../support/kernelExcerpts.ts';
import { openPlace } from '../support/repository.ts';
import { type Figure, interleaved, milliseconds, ratio } from './measure.ts';
import { pack } from './startUp.ts';

const rounds = 3;

/** Megabytes at most, of the process and all its threads. */
const peak = 'process.on("exit", () => console.error(`peak ${Math.round(process.resourceUsage().maxRSS / 1000)}`))';

interface Taken {
  readonly seconds: number;
  readonly megabytes: number;
}

/** 1 is an answer: the tree breaks its own contract. */
const started = (folder: string, args: readonly string[]): Taken => {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled'), XDG_CACHE_HOME: join(folder, 'cache') };
  const from = performance.now();
  const all = ['--import', `data:text/javascript,${encodeURIComponent(peak)}`, join(folder, 'cli.js'), 'lint-kernel', ...args];
  const { status, stderr } = spawnSync(process.execPath, all, { encoding: 'utf8', env });
  const seconds = (performance.now() - from) / 1000;
  if (status !== 0 && status !== 1) throw new Error(`lint-kernel ${args.join(' ')} ended with ${status}: ${stderr}`);
  return { seconds, megabytes: Math.max(...[...stderr.matchAll(/^peak (\d+)$/gm)].map(([, found]) => Number(found))) };
};

const packed = (words: string, taken: readonly Taken[], limit: Taken): Figure => {
  const [seconds, megabytes] = [taken.map((one) => one.seconds).sort()[taken.length >> 1]!, Math.max(...taken.map((one) => one.megabytes))];
  return {
    name: `packed: lint-kernel, ${words}`,
    found: `${milliseconds(seconds)}, ${megabytes} MB`,
    against: '',
    target: `${milliseconds(limit.seconds)}, ${limit.megabytes} MB`,
    met: seconds <= limit.seconds && megabytes <= limit.megabytes,
  };
};

const packedFigures = async (folder: string, spec: string): Promise<Figure[]> => {
  await pack(folder);
  started(folder, [spec]);
  const times = Array.from({ length: rounds }, () => [started(folder, [spec, '--no-cache']), started(folder, [spec])] as const);
  return [
    packed(
      'all read',
      times.map(([read]) => read),
      { seconds: 5, megabytes: 500 },
    ),
    packed(
      'nothing changed',
      times.map(([, cached]) => cached),
      { seconds: 1, megabytes: 500 },
    ),
  ];
};

const readingFigure = async (spec: string): Promise<Figure> => {
  const tree = readTree(spec);
  const grammar = await readGrammar();
  const texts = tree.files.map((path) => blank(tree.read(path)!).text);
  const taken = interleaved(rounds, {
    parse: () => texts.map((text) => grammar.parsed(text, (root) => root.hasError)),
    read: () => new TreeReader(grammar).read(tree),
  });
  return {
    name: `lint: ${tree.files.length} files below drivers/iommu`,
    found: milliseconds(taken.read),
    against: ratio(taken.read / taken.parse, 'parsing them'),
    target: null,
    met: true,
  };
};

export const lint = async (folder: string): Promise<Figure[]> => {
  const place = openPlace('bench-lint');
  try {
    const spec = process.env['LINUX_6_12'] ?? excerptFolder(place, '6.12');
    return [await readingFigure(spec), ...(await packedFigures(folder, spec))];
  } finally {
    place.remove();
  }
};
