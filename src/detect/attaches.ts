// Reads off a history what each attach came to, of a run and of a recording alike; who claimed and released groups; how long domains lived.
import type { Attaches, AttachRow, DomainLife, OwnershipRow } from '../core/attaches.ts';
import type { Event, EventOf } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import { emptyWorld } from '../core/world.ts';
import { OpenAttaches } from './openAttaches.ts';

type Changing<T> = { -readonly [K in keyof T]: T[K] };

/** Takes a history as it comes. */
export class AttachesReader {
  readonly world = emptyWorld();
  readonly rows: AttachRow[] = [];
  readonly ownership: OwnershipRow[] = [];
  readonly lives = new Map<string, Changing<DomainLife> & { groups: string[] }>();
  readonly ended: DomainLife[] = [];
  readonly gaps: EventOf<'RecordingGap'>[] = [];
  readonly #open = new OpenAttaches();
  readonly #last = new Map<string, { line: number; time: number }>();

  take(event: Event, at: number): void {
    evolve(this.world, event);
    if (event.type === 'RecordingGap') this.gaps.push(event);
    const row = this.#open.take(event, at, this.world);
    if (row) this.rows.push(row);
    if (!('task' in event)) return;
    if (event.type === 'FunctionEntered') this.#last.set(event.task, event);
    this.#own(event, at);
    this.#live(event, at);
  }

  #own(event: Event & { task: string }, at: number): void {
    const place = this.#last.get(event.task) ?? { line: null, time: null };
    const { task } = event;
    const row = (group: string, what: OwnershipRow['what'], by: string): void => {
      this.ownership.push({ at, line: place.line, time: place.time, task, group, what, by });
    };
    if (event.type === 'GroupClaimed') row(event.group, 'claimed', event.owner);
    else if (event.type === 'GroupReleased') row(event.group, 'released', this.world.groups[event.group]?.owner ?? '');
    else if (event.type === 'RecordGroupRemoved') row(event.group, 'detached', event.container);
    else if (event.type === 'CheckRefused' && event.row.startsWith('core-claim') && event.errno !== '0')
      row(event.row, 'refused', event.errno);
  }

  #live(event: Event & { task: string }, at: number): void {
    if (event.type === 'DomainAllocated') {
      const { id: domain, type } = event.domain;
      this.lives.set(domain, { domain, type, from: at, to: null, groups: [], isOlder: event.domain.phase !== 'allocated' });
    } else if (event.type === 'GroupDomainRecorded' && event.domain !== null) {
      const life = this.lives.get(event.domain);
      if (life && !life.groups.includes(event.group)) life.groups.push(event.group);
    } else if (event.type === 'DomainFreed') {
      const life = this.lives.get(event.domain);
      if (life) this.ended.push({ ...life, to: at });
      this.lives.delete(event.domain);
    }
  }

  get attaches(): Attaches {
    const domains = [...this.ended, ...this.lives.values()].sort((a, b) => a.from - b.from);
    return { attaches: [...this.rows, ...this.#open.unfinished(this.world)], ownership: this.ownership, domains, gaps: this.gaps };
  }
}

export const attachesOf = (history: Iterable<Event>): Attaches => {
  const reader = new AttachesReader();
  let at = 0;
  for (const event of history) reader.take(event, ++at);
  return reader.attaches;
};
