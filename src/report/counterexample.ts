// One counterexample as text: what is wrong, how the tasks or the one call come to it, the schedule in words, and the command to see it.
import type { Event } from '../core/events.ts';
import type { Finding } from '../core/finding.ts';
import type { Label } from '../core/label.ts';
import type { Deviation } from '../core/schedule.ts';
import { block } from './blocks.ts';
import { drawCallPath, type Names } from './callPath.ts';
import { printFinding } from './findings.ts';
import { drawRace } from './race.ts';
import { section, wrap } from './text.ts';
import { labelText } from './verdict.ts';

export interface CounterexampleReport {
  readonly label: Label;
  readonly finding: Finding | null;
  readonly events: readonly Event[];
  readonly tasks: readonly string[];
  /** Requests of each task, and of those that were over before. */
  readonly scripts: readonly { readonly id: string; readonly script: readonly string[] }[];
  readonly schedule: readonly Deviation[];
  readonly token: string;
  readonly isProven: boolean | null;
  /** The scenario file to give with the token; null: it is found without. */
  readonly file: string | null;
  readonly names: Names;
}

const deviationWords = (deviation: Deviation): string => {
  const { task, request, nth } = deviation;
  const where = `${task}, request ${request + 1}`;
  const times = nth === 1 ? '' : `, time ${nth}`;
  if (deviation.kind === 'fails') return `${where}: ${deviation.site}() gets no memory${times}`;
  if (deviation.kind === 'gives') return `${where}: ${deviation.api} gives -${deviation.errno}${times}`;
  return `${where}: at ${deviation.at}${times}, ${deviation.to} goes on instead`;
};

const failureAt = (events: readonly Event[]): number =>
  events.findIndex(({ type }) => type === 'AllocationFailed' || type === 'ApiFailed') + 1;

const picture = ({ events, tasks, names }: CounterexampleReport): string[] => {
  if (tasks.length > 1) return section('race', drawRace(events, tasks));
  const at = failureAt(events);
  return at === 0 ? [] : section('call path', drawCallPath(events, at, names));
};

const minimalWords = (isProven: boolean | null): string =>
  isProven === null
    ? 'not made smaller'
    : isProven
      ? '1-minimal: without any one of these requests, failures or switches it does not show'
      : 'made smaller as far as the searches went';

export const printCounterexample = (report: CounterexampleReport): string => {
  const { label, finding, scripts, schedule, token, isProven, file } = report;
  return [
    finding ? printFinding(finding, 'TOKEN') : labelText(label),
    ...section(
      'script',
      scripts.map(({ id, script }) => wrap(`  ${id}: ${script.join('; ')}`, '      ')),
    ),
    ...section(
      'schedule',
      schedule.length === 0
        ? ['  the default one: no failure and no switch is needed']
        : schedule.map((deviation) => wrap(`  ${deviationWords(deviation)}`, '      ')),
    ),
    ...picture(report),
    ...block('', minimalWords(isProven)),
    `token: ${token}`,
    `again: attachlab replay TOKEN${file === null ? '' : ` ${file}`}`,
  ].join('\n');
};
