// A reproduction as text: what is to be seen, then the parts to paste in their order, then what fail-nth cannot do.
import type { FailedAllocation, GroupOfMachine, Limit, ProbeEvent, Reproduction } from '../core/reproduction.ts';
import { programText } from './reproProgram.ts';
import { configText, countText, filterText, runText, setupText } from './reproShell.ts';
import { errnoText, section, wrap } from './text.ts';

/** The pieces that a user keeps as files. */
const parts = {
  config: { file: 'repro.config', words: 'for the kernel, over what boots there', text: configText },
  setup: { file: 'setup.sh', words: 'as root, once after boot', text: setupText },
  filter: { file: 'filter.sh', words: 'if wanted: n counts in one function only', text: filterText },
  program: { file: 'repro.c', words: 'the calls of the run, once for each n', text: programText },
  count: { file: 'count.awk', words: 'domains at the end of each round, from the trace', text: countText },
  run: { file: 'run.sh', words: 'as root; the setup comes first', text: runText },
} as const;

type Part = keyof typeof parts;
const partNames = Object.keys(parts) as readonly Part[];

const item = (text: string): string => wrap(`  ${text}`, '      ');

const outcomeText = (outcome: string): string => (/^E[A-Z]/.test(outcome) ? errnoText(outcome) : outcome);

const failureLines = ({ machine, kernel }: Reproduction, failure: FailedAllocation): string[] => {
  const { function: name, line, gfp, call, task, request, device, domain, n, outcome } = failure;
  const where = domain === null ? '' : `, ${device ?? ''} on ${domain}`;
  return [
    item(`${name}()${line === null ? '' : ` line ${line}`} ${gfp} in ${call}, ${task} request ${request}${where}: ${outcomeText(outcome)}`),
    wrap(
      `      n = ${n} on ${machine.name} with ${kernel}, first round after boot, as the model counts; another machine or build has another n`,
      '      ',
    ),
  ];
};

const groupLine = ({ id, devices }: GroupOfMachine): string =>
  item(`group ${id}: ${devices.map((device) => `${device.id}${device.bridge ? ' (bridge)' : ''}`).join(', ')}`);

const machineLines = ({ machine }: Reproduction): string[] =>
  machine.groups.length === 0 ? [] : [...machine.groups.map(groupLine), item('put those of your machine in their place')];

const has = (probes: readonly ProbeEvent[], name: string): boolean => probes.some((probe) => probe.name === name);

const siteSigns = (name: string): string[] => [
  `the site: slab_fails or page_fails is in the trace, ${name}() in the stack below it, and site_ret with the errno; where the ` +
    'compiler inlined the function, setup.sh says write error for those two probes, and its caller is in the stack',
  'a hit elsewhere: n moves with what earlier rounds left (a blocking domain that is kept) and with a slab that wants a fresh page',
  'a round that leaves a group unusable spoils the next ones: boot, and go on with ./repro -n N',
];

/** How the recording shows that the site was hit, and how many domains there are. */
const signLines = ({ probes, failures, domainCounts }: Reproduction): string[] => {
  const [first] = failures;
  const attaches = has(probes, 'attach') || has(probes, 'attach_handle');
  return [
    ...(first ? siteSigns(first.function) : []),
    ...(attaches
      ? ['the domains: attach events that return 0 with two values of dom= for groups of one container, and no domain_free of either']
      : []),
    ...(first && domainCounts.length > 0
      ? ['a domain too many: one more domain id in use than in the last round, where nothing fails']
      : []),
  ].map(item);
};

const limitLines = ({ what, because, instead }: Limit): string[] => [
  item(what),
  wrap(`    ${because}`, '    '),
  wrap(`    needed instead: ${instead}`, '    '),
];

const partLines = (reproduction: Reproduction, name: Part): string[] => {
  const { file, words, text } = parts[name];
  return [`---- ${file}: ${words}`, text(reproduction).trimEnd()];
};

/** What is to be seen and how, and what injection cannot do. */
const printSummary = (reproduction: Reproduction): string => {
  const { scenario, title, kernel, caller, shows, failures, limits, machine } = reproduction;
  return [
    wrap(title === '' ? scenario : `${scenario}: ${title}`, '  '),
    wrap(`on a real kernel, from the model of ${kernel}; ${caller}`, '  '),
    ...section('to be seen', shows.map(item)),
    ...section(
      'what fails',
      failures.flatMap((failure) => failureLines(reproduction, failure)),
    ),
    ...section(
      wrap(`the machine of the run: ${[...new Set([machine.name, machine.source])].join(', ')}`, '  '),
      machineLines(reproduction),
    ),
    ...section('what shows it', signLines(reproduction)),
    ...section('what fail-nth cannot do', limits.flatMap(limitLines)),
  ].join('\n');
};

/** The summary and every part; lines have at most 75 columns, tabs counted as 8. */
export const printReproduction = (reproduction: Reproduction): string =>
  [printSummary(reproduction), ...partNames.flatMap((name) => partLines(reproduction, name))].join('\n');

/** What can be had alone, by name: the summary, and every file. */
export const pieces = {
  summary: (reproduction: Reproduction): string => `${printSummary(reproduction)}\n`,
  ...(Object.fromEntries(partNames.map((name) => [name, parts[name].text])) as Record<Part, (reproduction: Reproduction) => string>),
};
