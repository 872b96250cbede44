// `npm start`: the headline in one page. One failed allocation under five callers, the call path, how likely it is, and where to go on.
import { fileURLToPath } from 'node:url';
import type { Cell } from '../../core/cell.ts';
import type { EventOf } from '../../core/events.ts';
import type { Plausible } from '../../core/rows.ts';
import { kernelNames } from '../../engine/names.ts';
import { type Judgement, judge } from '../../explore/judge.ts';
import { matrix } from '../../explore/matrix.ts';
import { drawCallPath } from '../../report/callPath.ts';
import { cellRow } from '../../report/matrix.ts';
import { table } from '../../report/text.ts';
import { type CommandFile, printJson } from '../command.ts';
import { readScenario } from '../scenarios.ts';

const headline = fileURLToPath(new URL('../../../scenarios/enomem-duplicate-domain.yaml', import.meta.url));

const rows: readonly (readonly [caller: string, kernel: string])[] = [
  ['vfio-type1', '6.1.y'],
  ['vfio-type1', '6.12.y'],
  ['vfio-type1-seed', '6.1.y+seed-v6'],
  ['iommufd-auto', '6.12.y'],
  ['retry-any', '6.12.y'],
];

const machineLine = ({ engine, run }: Judgement): string => {
  const { iommus, groups, containers } = run.world;
  const names = Object.keys(groups).sort((a, b) => Number(a) - Number(b));
  const count = Object.keys(containers).length === 1 ? 'one container' : `${Object.keys(containers).length} containers`;
  return `q35, VT-d ${Object.keys(iommus).join(', ')}, groups ${names.join(' and ')}, ${count}; model of ${engine.model.profile.title}`;
};

const failureOf = ({ events }: Judgement): { at: number; event: EventOf<'AllocationFailed'> } => {
  const at = events.findIndex((event) => event.type === 'AllocationFailed');
  return { at: at + 1, event: events[at] as EventOf<'AllocationFailed'> };
};

const failureLine = ({ event }: ReturnType<typeof failureOf>): string =>
  `As group 11 joins, one allocation fails: ${event.site.replace(/:.*/, '()')}, ${event.gfp}`;

/** The ioctl itself and static helpers of the core are frames too many for a page. */
const pathLines = (judgement: Judgement, at: number): string[] => {
  const names = kernelNames(judgement.engine);
  const short = (workflow: string): string | null => {
    const name = names(workflow);
    return name?.startsWith('__') || workflow === 'setContainer' ? null : name;
  };
  return drawCallPath(judgement.events, at, short);
};

/** Short forms, so that evidence and likelihood fit one line. */
const likely: Record<Plausible, string> = {
  atomic: 'memory pressure',
  accounted: "the cgroup's limit",
  'large-order': 'fragmented memory',
  dma: 'no coherent memory',
  'id-or-xarray': 'injection only',
  'small-sleeping': 'OOM victim or injection',
  'no-memory': 'no ids left',
};

const seenLine = ({ findings }: Judgement, event: EventOf<'AllocationFailed'>): string => {
  const duplicate = findings.find(({ rule }) => rule === 'duplicate-domain');
  const seen = duplicate ? `Seen in ${duplicate.evidence.source.split(',')[0]}; ` : '';
  return `${seen}likely: ${likely[event.plausible]}`;
};

const next = [
  'Next:',
  '  npm run -s attachlab -- explore scenarios/enomem-duplicate-domain.yaml',
  '  npm run -s attachlab -- matrix scenarios/enomem-duplicate-domain.yaml',
  '  npm run -s attachlab -- facts --site domain_attach_iommu',
];

export const command: CommandFile = {
  configure: (command, io) =>
    command.option('--json', 'as JSON').action((options: { json?: boolean }) => {
      const scenario = readScenario(headline);
      const cells: Cell[] = rows.flatMap(([caller, kernel]) => matrix(scenario, { kernels: [kernel], callers: [caller] }));
      const judgement = judge({ scenario, kernel: scenario.kernel, caller: scenario.caller, decisions: [] });
      const failed = failureOf(judgement);
      if (cells.some(({ expected }) => expected === false)) io.exit(1);
      if (options.json) return printJson(io, 'tour', 1, { cells, failure: failed });
      const cellTable = table([['caller', 'ioctl', 'domains', 'evidence'], ...cells.map((cell) => cellRow(cell).slice(0, 4))], '  ');
      const lines = [
        machineLine(judgement),
        failureLine(failed),
        cellTable,
        ...pathLines(judgement, failed.at),
        seenLine(judgement, failed.event),
        ...next,
      ];
      io.out(`${lines.join('\n')}\n`);
    }),
};
