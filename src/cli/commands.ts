// Every command with its line of help. Files are loaded only for the command that is asked for, so that start-up stays short.
import type { CommandFile } from './command.ts';

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: CommandFile }>;
}

export const commands: readonly CommandEntry[] = [
  { name: 'try', summary: 'a script from the command line, on an imported machine', load: () => import('./commands/try.ts') },
  { name: 'run', summary: 'one run of a scenario, judged and kept', load: () => import('./commands/run.ts') },
  { name: 'explore', summary: 'all orders and all faults, the smallest run that is wrong', load: () => import('./commands/explore.ts') },
  { name: 'matrix', summary: 'the scenario under every kernel and caller', load: () => import('./commands/matrix.ts') },
  { name: 'suite', summary: 'every scenario of a folder against what it expects', load: () => import('./commands/suite.ts') },
  { name: 'compare', summary: 'who breaks under another kernel, caller or rule', load: () => import('./commands/compare.ts') },
  { name: 'promote', summary: 'a counterexample as a scenario file of a suite', load: () => import('./commands/promote.ts') },
  {
    name: 'attaches',
    summary: 'what each attach of a recording or a run came to',
    load: () => import('./commands/attaches.ts'),
  },
  {
    name: 'scenario',
    summary: 'a recording of a real kernel as a scenario file',
    load: () => import('./commands/scenario.ts'),
  },
  {
    name: 'conform',
    summary: 'whether the model explains a recording of a real kernel',
    load: () => import('./commands/conform.ts'),
  },
  { name: 'why', summary: 'per attach, why this domain and why no other', load: () => import('./commands/why.ts') },
  { name: 'audit', summary: 'the findings of a run or a recording', load: () => import('./commands/audit.ts') },
  { name: 'watch', summary: 'the audit of a trace while it is recorded', load: () => import('./commands/watch.ts') },
  { name: 'replay', summary: 'events, state at any event, a reading over time, verification', load: () => import('./commands/replay.ts') },
  { name: 'diff', summary: 'where two runs part, and what came of it', load: () => import('./commands/diff.ts') },
  { name: 'fork', summary: 'the first events of a run with something changed', load: () => import('./commands/fork.ts') },
  { name: 'show', summary: "a run in short, or a caller's algorithm as a list", load: () => import('./commands/show.ts') },
  { name: 'list', summary: 'stored runs, and the names that exist', load: () => import('./commands/list.ts') },
  {
    name: 'import',
    summary: 'a recording of a real kernel, or an exported run, into the store',
    load: () => import('./commands/import.ts'),
  },
  {
    name: 'redact',
    summary: 'a copy of a recording that gives nothing away',
    load: () => import('./commands/redact.ts'),
  },
  { name: 'export', summary: 'a run as NDJSON', load: () => import('./commands/export.ts') },
  { name: 'topology', summary: 'a machine from sysfs or a snapshot', load: () => import('./commands/topology.ts') },
  { name: 'errno', summary: 'every cause of an errno at a call, and what speaks for it', load: () => import('./commands/errno.ts') },
  { name: 'probes', summary: 'a script that records attach and detach on a machine', load: () => import('./commands/probes.ts') },
  {
    name: 'facts',
    summary: 'the rows as an index: condition, errno per kernel, who reacts how',
    load: () => import('./commands/facts.ts'),
  },
  {
    name: 'lint-kernel',
    summary: 'what a tree or a series does to the errno contract',
    load: () => import('./commands/lintKernel.ts'),
  },
  { name: 'repro', summary: 'the recipe to see a run on a real kernel', load: () => import('./commands/repro.ts') },
  { name: 'tour', summary: 'the headline in one page', load: () => import('./commands/tour.ts') },
];
