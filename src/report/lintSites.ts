// Every return value of every attach operation as a list, driver by driver: errno, class, place, condition; then what is allocated, in order.
import type { AllocationSite, Operation, ReturnSite, TreeReading } from '../core/returnSites.ts';
import { block } from './blocks.ts';
import { errnoText } from './text.ts';

const sameOperation = (a: Operation, b: Operation): boolean =>
  a.driver === b.driver && a.op === b.op && a.table === b.table && a.entry === b.entry;

const domainWords = { fresh: ['only on a fresh domain'], used: ['only on a domain in use'], any: [] } as const;

const errnos = ({ errnos }: ReturnSite): string => (errnos.length === 0 ? '?' : errnos.map(errnoText).join('/'));

const notes = ({ domain, prints, locks, unresolved, replaced }: ReturnSite): string[] => [
  ...domainWords[domain],
  ...(replaced.length === 0 ? [] : [`replaces ${replaced.map((name) => (/^E/.test(name) ? `-${name}` : name)).join(', ')}`]),
  ...prints.map(({ level, text }) => `prints ${level}: ${text}`),
  ...(locks.length === 0 ? [] : [`holds ${locks.join(', ')}`]),
  ...(unresolved === null ? [] : [`not resolved: ${unresolved}`]),
];

const siteLines = (site: ReturnSite): string[] => [
  ...block('  ', `${errnos(site)}  ${site.function}():${site.line}  ${site.class}`),
  ...(site.condition === '' ? [] : block('      ', site.condition)),
  ...notes(site).flatMap((note) => block('      ', note)),
];

const failureText = ({ failure }: AllocationSite): string => failure.map((one) => (one === 'ignored' ? one : errnoText(one))).join('/');

const allocationLines = (site: AllocationSite, index: number): string[] =>
  block(
    `  ${String(index + 1).padStart(2)}  `,
    [`${site.callee}()`, site.gfp ?? 'no flags', `${site.function}():${site.line}`, ...domainWords[site.domain], failureText(site)].join(
      '  ',
    ),
  );

const section = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : [title, ...lines]);

const operationLines = (operation: Operation, { sites, allocations }: TreeReading): string[] => {
  const own = sites.filter((site) => sameOperation(site, operation));
  const certain = own.filter(({ certainty }) => certainty === 'certain');
  const maybe = own.filter((site) => !certain.includes(site));
  const taken = allocations.filter((site) => sameOperation(site, operation));
  return [
    '',
    ...block('', `${operation.driver} ${operation.op} of ${operation.table}: ${operation.entry}()`),
    ...(own.length === 0 ? ['  only success'] : certain.flatMap(siteLines)),
    ...section(' not certain', maybe.flatMap(siteLines)),
    ...section(' takes memory and ids, in order', taken.flatMap(allocationLines)),
  ];
};

export const printSites = (reading: TreeReading): string =>
  [`return values in ${reading.tree}`, ...reading.operations.flatMap((operation) => operationLines(operation, reading))].join('\n');
