// The kernel as a recording shows it: emits events, keeps the world that they fold to, and gives stable names to what the trace knows by
// address. Addresses are used again after a free, names are not while anything is left of what had them.
import type { Event } from '../../core/events.ts';
import { evolve } from '../../core/evolve.ts';
import type { Domain, World } from '../../core/world.ts';
import type { Place } from './seen.ts';
import { newThread, type Thread } from './thread.ts';

/** A VFIO container, its type1 backend, an iommufd context, an address space in one. */
export type AddressKind = 'vfio' | 'type1' | 'iommufd' | 'ioas';

export class Recorder {
  readonly world: World;
  /** Live domains by address. */
  readonly domains = new Map<string, string>();
  /** Domains that were made outside any attach, by address. */
  readonly unplaced = new Set<string>();
  /** A blocking domain may be one for all groups: each group has a name of its own for it. */
  readonly blocking = new Map<string, string>();
  /** By kind and address: what was freed as one kind is given out as another. */
  readonly #containers = new Map<string, string>();
  readonly devices = new Map<string, string>();
  readonly pageTables = new Map<string, string>();
  readonly threads = new Map<number, Thread>();
  /** Whether a function that makes domains was seen: without one, a domain's first use says that it was made. */
  seesMaking = false;
  /** Counts up as the trace goes on; what was seen when is kept in these. */
  generation = 0;
  /** By container, address space and iommufd context. */
  readonly #seen = new Map<string, number>();
  readonly #caller: string;
  readonly #listen: (event: Event) => void;
  #opened = 0;
  /** Whether a device was found in another group than the topology has it in: said once. */
  #isElsewhere = false;

  constructor(world: World, caller: string, listen: (event: Event) => void) {
    this.world = world;
    this.#caller = caller;
    this.#listen = listen;
  }

  emit(event: Event): void {
    evolve(this.world, event);
    this.#listen(event);
  }

  thread({ pid, comm }: Pick<Place, 'pid' | 'comm'>): Thread {
    const known = this.threads.get(pid);
    if (known) {
      known.seen = this.generation;
      return known;
    }
    const task = this.#freeTask(`${comm}-${pid}`);
    const made = newThread(task, this.generation);
    this.threads.set(pid, made);
    this.emit({ type: 'TaskStarted', task, caller: this.#caller, container: '' });
    return made;
  }

  #freeTask(wanted: string): string {
    return wanted in this.world.tasks ? `${wanted}'` : wanted;
  }

  gap(place: Pick<Place, 'line'>, what: string, text: string, count: number | null = 1): void {
    this.emit({ type: 'RecordingGap', what, line: place.line, count, text });
  }

  containerAt(kind: AddressKind, address: string | undefined): string | undefined {
    const id = this.#containers.get(`${kind} ${address}`);
    if (id !== undefined) this.#seen.set(id, this.generation);
    return id;
  }

  nameContainer(kind: AddressKind, address: string, id: string): void {
    this.#containers.set(`${kind} ${address}`, id);
    this.#seen.set(id, this.generation);
  }

  forgetContainer(kind: AddressKind, address: string): void {
    this.#containers.delete(`${kind} ${address}`);
  }

  /** How many generations ago it was seen. */
  unseen(container: string): number {
    return this.generation - (this.#seen.get(container) ?? 0);
  }

  forgetUnseen(isForgotten: (container: string) => boolean): void {
    for (const [address, id] of this.#containers) if (isForgotten(id)) this.#containers.delete(address);
    for (const id of this.#seen.keys()) if (isForgotten(id)) this.#seen.delete(id);
  }

  /** A name for a container that no program's log names. */
  freeContainer(letter: string): string {
    return `${letter}${this.#opened++}`;
  }

  openContainer(thread: Thread, container: string, kind: 'vfio' | 'ioas', context = container): void {
    const known = this.world.containers[container];
    if (known && known.phase !== 'closed') return;
    this.emit({ type: 'ContainerOpened', task: thread.task, container, kind, context, phase: 'empty' });
  }

  /** The lowest free slot of the owner. */
  freeDomain(owner: string): string {
    for (let slot = 0; ; slot++) if (!(`${owner}.d${slot}` in this.world.domains)) return `${owner}.d${slot}`;
  }

  allocate(thread: Thread, id: string, given: Partial<Domain>): void {
    const empty = { driver: '', type: 'unmanaged', static: false, phase: 'allocated', parent: null, mappings: [], attributes: {} };
    this.emit({ type: 'DomainAllocated', task: thread.task, domain: { ...empty, id, ...given } });
  }

  /** A group that no topology names: the trace says which devices it has only as they are attached. */
  unknownGroup(group: string): void {
    this.emit({ type: 'GroupAdded', group });
  }

  addDevice(group: string, device: string, place: Place): void {
    const known = this.world.devices[device]?.group;
    if (known === group) return;
    if (known !== undefined && !this.#isElsewhere) {
      this.#isElsewhere = true;
      this.gap(
        place,
        'contradiction',
        `${device} is in group ${group} here, and in group ${known} of the machine given: another one, or it moved`,
      );
    }
    this.emit({ type: 'DeviceAdded', device, group, iommu: null, driver: '', phase: 'idle' });
  }

  groupOf(device: string): string | null {
    return this.world.devices[device]?.group ?? null;
  }

  /** A released group is in no container any more. */
  parted(thread: Thread, group: string): void {
    const container = this.world.groups[group]!.container;
    if (container === null) return;
    const left = this.world.containers[container]!.groups.length - 1;
    this.emit({ type: 'GroupParted', task: thread.task, container, group, phase: left > 0 ? 'ready' : 'unused' });
  }

  freed(thread: Thread, domain: string): void {
    const { task } = thread;
    for (const { id: container, records } of Object.values(this.world.containers)) {
      const record = records.find((found) => found.domain === domain);
      if (record) this.emit({ type: 'RecordUnlisted', task, container, record: record.id });
    }
    const recordedBy = Object.values(this.world.groups)
      .filter((group) => group.domain === domain)
      .map(({ id, ownerCount }) => ({ group: id, phase: ownerCount > 0 ? 'danglingOwned' : 'dangling' }));
    this.emit({ type: 'DomainFreed', task, domain, recordedBy });
  }
}
