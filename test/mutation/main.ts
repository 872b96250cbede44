// `npm run mutate`: changes every row and seeds every workflow machine, one change at a time, and asks the checks that judge whether they
// notice; `npm run mutate rows` or `machines` does one half. Fails on a survivor that is not listed, on a listed one that does not survive,
// and when more survive than one row in twenty or one machine's mutant in ten.
import { driversIn, engineFor, kernels, namedRows, runsIn, seed } from '../rows/tables.ts';
import { noticedByCases, noticedByRuns, noticedByScenarios } from './judge.ts';
import { mutateMachines } from './machines.ts';
import { driverMutants, type Mutant, namedMutants, onlyErrnos } from './mutants.ts';
import { survivors } from './survivors.ts';

const mostSurvivors = 0.05;

interface Tally {
  readonly made: number;
  readonly survived: readonly Mutant[];
}

const unique = (mutants: readonly Mutant[]): Mutant[] => [...new Map(mutants.map((mutant) => [mutant.name, mutant])).values()];

const judged = (kernel: string, mutants: readonly Mutant[], notice: (kernel: string, mutant: Mutant) => string | null): Tally => ({
  made: mutants.length,
  survived: mutants.filter((mutant) => notice(kernel, mutant) === null && noticedByScenarios(kernel, mutant) === null),
});

const ofDrivers = (kernel: string): Tally => {
  const all = unique(driversIn(kernel).flatMap((driver) => driverMutants(engineFor(kernel), driver)));
  return judged(kernel, kernel === seed ? onlyErrnos(all) : all, noticedByCases);
};

const ofNamed = (kernel: string): Tally => {
  const callers = [...new Set(runsIn(kernel).map((run) => run.caller))];
  const all = unique(callers.flatMap((caller) => namedMutants(engineFor(kernel, caller), namedRows(kernel, caller))));
  return judged(kernel, kernel === seed ? onlyErrnos(all) : all, noticedByRuns);
};

const plainName = (mutant: Mutant): string => mutant.name.slice(mutant.name.indexOf(' ') + 1);

const mutateRows = (): void => {
  const tallies = kernels.flatMap((kernel) => [ofDrivers(kernel), ofNamed(kernel)]);
  const made = tallies.reduce((sum, tally) => sum + tally.made, 0);
  const survived = tallies.flatMap((tally) => tally.survived);
  const names = new Set(survived.map(plainName));
  const unlisted = survived.filter((mutant) => !(plainName(mutant) in survivors));
  const stale = Object.keys(survivors).filter((name) => !names.has(name));
  const share = survived.length / made;
  console.log(`rows: ${made} mutants, ${made - survived.length} noticed, ${survived.length} survived (${(share * 100).toFixed(1)} %)`);
  for (const mutant of unlisted) console.log(`survived without a reason: ${mutant.name}`);
  for (const name of stale) console.log(`listed as a survivor, but noticed or not made: ${name}`);
  if (unlisted.length > 0 || stale.length > 0 || share > mostSurvivors) process.exitCode = 1;
};

const half = process.argv[2];
if (half !== 'machines') mutateRows();
if (half !== 'rows' && !mutateMachines()) process.exitCode = 1;
