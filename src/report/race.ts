// A race of tasks as a diagram: one column a task, time downwards, what each does to the parts that the others touch too. Only steps
// that a reader needs: requests, locks that change hands, refusals, failures, and changes of groups, domains and records.
import type { Event } from '../core/events.ts';
import { columnsMax, errnoText } from './text.ts';

const words = (event: Event): string | null => {
  switch (event.type) {
    case 'RequestStarted':
      return `${event.verb}${event.target === null ? '' : ` ${event.target}`}`;
    case 'RequestEnded':
      return `= ${errnoText(event.result)}`;
    case 'TaskBlocked':
      return `waits: ${event.lock}`;
    case 'LockTaken':
      return `lock ${event.lock}`;
    case 'LockReleased':
      return `unlock ${event.lock}`;
    case 'AllocationFailed':
      return `> ${event.site.replace(/:.*/, '')}() fails`;
    case 'ApiFailed':
      return `> ${event.api} ${errnoText(event.errno)}`;
    case 'CheckRefused':
      return event.errno === '0' ? null : `${event.row} ${errnoText(event.errno)}`;
    case 'GroupClaimed':
      return `${event.group} owned by ${event.owner}`;
    case 'GroupReleased':
      return `${event.group} given up`;
    case 'GroupDomainRecorded':
      return `${event.group} -> ${event.domain ?? 'no domain'}`;
    case 'DomainAllocated':
      return `${event.domain.id} made`;
    case 'DomainFreed':
      return `${event.domain} freed`;
    case 'IdTaken':
      return `takes an id: ${event.left} left`;
    case 'IdGiven':
      return `gives an id: ${event.left} left`;
    case 'RecordListed':
      return `${event.record.id} listed`;
    case 'TaskKilled':
      return `${event.task} killed`;
    case 'DeviceUnplugged':
      return `${event.device} gone`;
    default:
      return null;
  }
};

/** Locks that one task only takes say nothing of a race. */
const contested = (events: readonly Event[]): Set<string> => {
  const takers = new Map<string, Set<string>>();
  for (const event of events) {
    if (event.type !== 'LockTaken') continue;
    const tasks = takers.get(event.lock) ?? new Set();
    takers.set(event.lock, tasks.add(event.task));
  }
  return new Set([...takers].flatMap(([lock, tasks]) => (tasks.size > 1 ? [lock] : [])));
};

const isShown = (event: Event, locks: ReadonlySet<string>): boolean =>
  event.type === 'LockTaken' || event.type === 'LockReleased' ? locks.has(event.lock) : true;

const cell = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 2)}..` : text.padEnd(width));

/** Lines of at most 75 columns; the numbers are event numbers. */
export const drawRace = (events: readonly Event[], tasks: readonly string[]): string[] => {
  const width = Math.floor((columnsMax - 7) / tasks.length) - 2;
  const locks = contested(events);
  const line = (at: string, texts: readonly string[]): string =>
    `${at.padEnd(7)}${texts.map((text) => cell(text, width)).join('  ')}`.trimEnd();
  const lines = events.flatMap((event, index) => {
    const text = 'task' in event && tasks.includes(event.task) && isShown(event, locks) ? words(event) : null;
    return text === null
      ? []
      : [
          line(
            `#${index + 1}`,
            tasks.map((task) => ('task' in event && event.task === task ? text : '')),
          ),
        ];
  });
  return [line('', tasks), ...lines];
};
