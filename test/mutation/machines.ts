// `npm run mutate machines`: judges every mutant of a workflow machine, and what does nothing, which nothing may notice.
import { MachineJudge } from './machineJudge.ts';
import { controls, type Kind, machineMutants } from './machineMutants.ts';
import { equivalent, unreached, wanting } from './machineSurvivors.ts';
import { trials } from './trials.ts';

interface Tally {
  made: number;
  readonly survived: string[];
}

/** Of what is reached; equivalent ones count as survivors. */
const leastNoticed = 0.9;

/** Lines about names that are listed and not found, or found and not listed. */
const unlike = (what: string, found: readonly string[], listed: readonly string[]): string[] => [
  ...found.filter((name) => !listed.includes(name)).map((name) => `${what}, not listed: ${name}`),
  ...listed.filter((name) => !found.includes(name)).map((name) => `listed, but not ${what}: ${name}`),
];

const percent = (noticed: number, made: number): string => `${noticed} of ${made} noticed (${((noticed / made) * 100).toFixed(1)} %)`;

const judged = (judge: MachineJudge): { readonly kinds: ReadonlyMap<Kind, Tally>; readonly never: readonly string[] } => {
  const kinds = new Map<Kind, Tally>();
  const never: string[] = [];
  for (const mutant of machineMutants()) {
    const reaching = judge.reaching(mutant);
    const tally = kinds.get(mutant.kind) ?? { made: 0, survived: [] };
    kinds.set(mutant.kind, tally);
    if (reaching.length === 0) never.push(mutant.name);
    else {
      tally.made += 1;
      if (judge.notice(mutant, reaching) === null) tally.survived.push(mutant.name);
    }
  }
  return { kinds, never };
};

/** Whether all is as listed and enough is noticed. */
export const mutateMachines = (): boolean => {
  const judge = new MachineJudge(trials());
  const wrong = controls().flatMap((control) => {
    const noticed = judge.notice(control);
    return noticed ? [`noticed although nothing is wrong: ${control.name}, by ${noticed.by}: ${noticed.says}`] : [];
  });
  const { kinds, never } = judged(judge);
  for (const [kind, { made, survived }] of kinds) console.log(`machines, ${kind}: ${percent(made - survived.length, made)}`);
  const survived = [...kinds.values()].flatMap((tally) => tally.survived);
  const made = [...kinds.values()].reduce((sum, tally) => sum + tally.made, 0);
  const noticed = made - survived.length;
  console.log(
    `machines: ${percent(noticed, made)}; ${Object.keys(equivalent).length} survivors argued to be equivalent, ${never.length} not reached`,
  );
  const lines = [
    ...wrong,
    ...unlike('survived', survived, Object.keys({ ...equivalent, ...wanting })),
    ...unlike('not reached', never, Object.keys(unreached)),
    ...(noticed / made < leastNoticed ? [`fewer are noticed than the ${leastNoticed * 100} % that are asked for`] : []),
  ];
  for (const line of lines) console.log(line);
  return lines.length === 0;
};
