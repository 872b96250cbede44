// Prints how the explorer does beside SPIN on scenarios that both search: `npm run bench:explore`, or with names of scenarios. Counts
// must be equal before any time is compared. Where SPIN is not installed it says so, and measures against a walk that remembers nothing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { readScenario } from '../../src/cli/scenarios.ts';
import { engineFor } from '../../src/index.ts';
import type { EngineSide } from './spin/engineSide.ts';
import { build, isInstalled, type PanSide, run } from './spin/pan.ts';
import { processesOf } from './spin/processes.ts';
import { type Promela, promelaOf } from './spin/promela.ts';

/** CPU seconds of SPIN below which its clock and the explorer's start-up say more than the search. */
const MEASURABLE = 1;

/** One failed allocation anywhere; what the scenario itself plans is set aside. */
const FAULTS = 1;

const names = ['enomem-duplicate-domain', 'intel-coherency-mismatch-wide-first', 'three-containers-two-instances'];

const fileOf = (name: string): string => `scenarios/${name}.yaml`;

/** SPIN's verifier is compiled before it is timed; the explorer is bundled, and its compiled code kept, as in the package. */
const built = mkdtempSync(join(tmpdir(), 'attachlab-engine-'));
const program = join(built, 'engineSide.mjs');
const thread = join(built, 'searchThread.mjs');

const bundle = async (): Promise<void> => {
  const build = await rolldown({
    input: { engineSide: 'test/bench/spin/engineSide.ts', searchThread: 'src/cli/searchThread.ts' },
    platform: 'node',
    resolve: { conditionNames: ['module', 'import', 'node', 'default'] },
    checks: { eval: false },
  });
  await build.write({ dir: built, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' });
  await build.close();
};

const engine = (name: string, ...words: string[]): EngineSide => {
  const args = [program, fileOf(name), String(FAULTS), ...words];
  const env = { ...process.env, NODE_COMPILE_CACHE: join(built, 'compiled') };
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as EngineSide;
};

const promela = (name: string): Promela => {
  const scenario = { ...readScenario(fileOf(name)), faults: [] };
  return promelaOf(processesOf(engineFor({ kernel: scenario.kernel, caller: scenario.caller }), scenario, FAULTS));
};

const count = (value: number): string => value.toLocaleString('en-US');
const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

const line = (
  words: string,
  { states, transitions, seconds, memory }: Pick<EngineSide, 'states' | 'transitions' | 'seconds' | 'memory'>,
): string =>
  `  ${words.padEnd(34)} ${count(states).padStart(11)} states ${count(transitions).padStart(11)} transitions ` +
  `${seconds.toFixed(2).padStart(7)} s ${megabytes(memory).padStart(9)}`;

const target = (words: string, value: number, wanted: number, isLeast: boolean): string => {
  const met = isLeast ? value >= wanted : value <= wanted;
  return `  ${words.padEnd(62)} ${value.toFixed(2)}, target ${isLeast ? 'at least' : 'at most'} ${wanted}${met ? '' : ': missed'}`;
};

const verifier = (
  folder: string,
  model: Promela,
  flags: readonly string[],
  isExact: boolean,
  states: number,
): PanSide & { built: number } => {
  const built = build(folder, model.text, flags, isExact);
  return { ...run(folder, states), built };
};

const beside = (name: string, folder: string, full: EngineSide, reduced: EngineSide, symmetric: EngineSide): void => {
  const model = promela(name);
  console.log(`  Promela: ${model.variables} variables, ${count(model.locations)} locations, ${count(model.ways)} statements`);
  const spin = verifier(folder, model, ['-DNOREDUCE'], true, full.states);
  // SPIN counts the initial state as reached by a transition.
  const areEqual =
    spin.states === full.states && spin.transitions - 1 === full.transitions && full.isComplete && spin.errors > 0 === full.isViolated;
  console.log(line(`spin, ${spin.vector} bytes a state`, spin));
  console.log(
    areEqual
      ? `  equal: states, transitions (SPIN's first state aside), verdict (${full.isViolated ? 'violated' : 'no counterexample'})`
      : '  NOT EQUAL: no times are compared',
  );
  if (!areEqual) {
    process.exitCode = 1;
    return;
  }
  const compact = verifier(folder, model, ['-DNOREDUCE', '-DHC'], true, full.states);
  console.log(line('spin, hash compaction', compact));
  const less = verifier(folder, model, [], false, full.states);
  console.log(line(`spin, its reduction (built in ${less.built.toFixed(1)} s)`, less));
  if (spin.seconds < MEASURABLE) {
    console.log('  too small to compare times and memory');
    return;
  }
  const speed = (side: { states: number; seconds: number }): number => side.states / side.seconds;
  console.log(target('states per CPU second, no reduction: explorer / spin', speed(full) / speed(spin), 2, true));
  console.log(target('the same against hash compaction', speed(full) / speed(compact), 2, true));
  const best = reduced.seconds < symmetric.seconds ? reduced : symmetric;
  console.log(target('CPU seconds to the verdict: spin reduced / explorer reduced', less.seconds / best.seconds, 3, true));
  console.log(target('the same with spin -a and gcc', (less.seconds + less.built) / best.seconds, 3, true));
  console.log(target('peak memory, no reduction: explorer / spin', full.memory / spin.memory, 0.5, false));
};

/** States from which on a second worker takes part at all. */
const SHARED = 1e6;

const byTwo = (name: string): void => {
  const [one, two] = [engine(name, 'watched'), engine(name, 'two', thread)];
  console.log(line('explorer, detectors watching', one));
  console.log(line('the same by two workers', two));
  if (one.states !== two.states || one.transitions !== two.transitions) {
    console.log('  NOT EQUAL');
    process.exitCode = 1;
  }
  console.log(target('CPU seconds: two workers / one', two.seconds / one.seconds, 1.25, false));
  console.log(`  wall: ${one.wall.toFixed(1)} s by one, ${two.wall.toFixed(1)} s by two`);
};

const alone = (name: string, full: EngineSide): void => {
  const plain = engine(name, 'plain');
  console.log(line(`plain XState walk${plain.isComplete ? '' : ', cut short'}`, plain));
  const gain = full.states / full.seconds / (plain.states / plain.seconds);
  console.log(`  states per CPU second: explorer / plain walk ${gain.toFixed(0)}`);
};

const wanted = process.argv.slice(2);
const hasSpin = isInstalled();
console.log('CPU seconds and peak memory of whole processes; no detectors; one failed allocation; every order');
if (!hasSpin) console.log('spin, gcc or /usr/bin/time is not installed: measured against a plain XState walk instead');
await bundle();
for (const name of wanted.length > 0 ? wanted : names) {
  console.log(name);
  const [full, reduced, symmetric] = [engine(name), engine(name, 'reduce'), engine(name, 'reduce', 'symmetry')];
  console.log(line(`explorer, ${((full.memory / full.states) | 0).toString()} bytes a state`, full));
  console.log(line('explorer, reduction', reduced));
  console.log(line('explorer, reduction and symmetry', symmetric));
  const folder = mkdtempSync(join(tmpdir(), 'attachlab-spin-'));
  try {
    if (hasSpin) beside(name, folder, full, reduced, symmetric);
    else alone(name, full);
    if (full.states > SHARED) byTwo(name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
rmSync(built, { recursive: true, force: true });
