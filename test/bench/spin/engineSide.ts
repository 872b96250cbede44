// The explorer's side of the benchmark, in a process of its own: counts, CPU seconds of the whole process and peak memory as one line of
// JSON. From the project's root: `node engineSide.ts FILE FAULTS [reduce] [symmetry] [plain] [watched] [two THREAD]`; claims are
// judged. No detector watches, as in SPIN's model, unless `watched`; `two`: two workers, who are always watched, THREAD the second's module.
import { pathToFileURL } from 'node:url';
import { readScenario } from '../../../src/cli/scenarios.ts';
import { Labels } from '../../../src/explore/observer.ts';
import { search } from '../../../src/explore/search.ts';
import { atOnce } from '../../../src/explore/turns.ts';
import { Workers } from '../../../src/explore/workers.ts';
import { engineFor } from '../../../src/index.ts';
import { plainWalk } from './plain.ts';

export interface EngineSide {
  readonly states: number;
  readonly transitions: number;
  readonly isComplete: boolean;
  /** Whether some run breaks a claim. */
  readonly isViolated: boolean;
  /** Whole process, start-up included. */
  readonly seconds: number;
  /** From the process's start to its end, in seconds. */
  readonly wall: number;
  /** Peak resident memory, bytes. */
  readonly memory: number;
}

const [file, faults, ...words] = process.argv.slice(2);
const scenario = { ...readScenario(file!), faults: [] };
const part = { kernel: scenario.kernel, caller: scenario.caller };
const engine = engineFor(part);
const bounds = { faults: Number(faults), apiFaults: 0, mayFail: () => true };
const isTwo = words.includes('two');

const crew = () => {
  const entry = pathToFileURL(words[words.indexOf('two') + 1]!);
  const data = { part, bounds: { faults: Number(faults), apiFaults: 0, kills: 0, unplugs: 0, plausible: false, preemptions: null } };
  return new Workers({ entry, data, jobs: 2 });
};

const labels = new Labels();

const searched = () => {
  const options = {
    bounds,
    labels,
    control: { goesOn: () => true },
    preemptions: null,
    reduce: words.includes('reduce'),
    symmetry: words.includes('symmetry'),
    memory: 2 ** 31,
    ...(isTwo || words.includes('watched') ? {} : { detectors: [] }),
    ...(isTwo && { crew: crew() }),
  };
  return atOnce(search(engine, scenario, options));
};

const { states, transitions, isComplete } = words.includes('plain') ? plainWalk(engine, scenario, Number(faults)) : searched();
const { user, system } = process.cpuUsage();
const side: EngineSide = {
  states,
  transitions,
  isComplete,
  isViolated: labels.list.some((label) => label.kind === 'claim' && label.outcome === 'violated'),
  seconds: (user + system) / 1e6,
  wall: performance.now() / 1000,
  memory: process.resourceUsage().maxRSS * 1024,
};
console.log(JSON.stringify(side));
