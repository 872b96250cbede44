// What is kept of a trace without end must have a bound: threads that were not seen for long are forgotten, and containers that nothing is
// in. Time is counted in tokens, as nothing here knows a clock; whatever comes back later gets a name as if it were new.
import type { Container } from '../../core/world.ts';
import type { Pairing } from './pairing.ts';
import type { Recorder } from './recorder.ts';
import type { Requests } from './requests.ts';
import type { Thread } from './thread.ts';

/** So many tokens are one generation. What is idle is kept through a whole one without being seen. */
export const generationTokens = 2 ** 14;
const idleGenerations = 2;

/** A return that was lost leaves a thread in the middle of its function for ever, a lost free leaves a domain: they are waited for longer. */
const busyGenerations = 16;

export class Forgetting {
  readonly #recorder: Recorder;
  readonly #requests: Requests;
  readonly #pairing: Pairing;
  #tokens = 0;

  constructor(recorder: Recorder, requests: Requests, pairing: Pairing) {
    this.#recorder = recorder;
    this.#requests = requests;
    this.#pairing = pairing;
  }

  /** Counts a token; once a generation, forgets. */
  count(): void {
    this.#tokens += 1;
    if (this.#tokens % generationTokens !== 0) return;
    this.#recorder.generation += 1;
    for (const [pid, thread] of this.#recorder.threads) if (this.#isForgotten(pid, thread)) this.#forgetThread(pid, thread);
    for (const container of Object.values(this.#recorder.world.containers)) if (this.#isAbandoned(container)) this.#forget(container.id);
    this.#forgetAddresses();
  }

  #isForgotten(pid: number, thread: Thread): boolean {
    const isIdle = !this.#pairing.isOpen(pid) && !this.#requests.isOpen(thread) && thread.named === null;
    return this.#recorder.generation - thread.seen >= (isIdle ? idleGenerations : busyGenerations);
  }

  #forgetThread(pid: number, thread: Thread): void {
    this.#pairing.forget(pid);
    this.#requests.forget(thread);
    this.#recorder.threads.delete(pid);
    this.#recorder.emit({ type: 'TaskForgotten', task: thread.task });
  }

  #isAbandoned(container: Container): boolean {
    const { id, records } = container;
    const unseen = this.#recorder.unseen(id);
    return unseen >= (records.length === 0 ? idleGenerations : busyGenerations) && !this.#isInUse(container) && !this.#isAtWork(id);
  }

  /** A group is in it, or on a domain of it. */
  #isInUse({ id, groups }: Container): boolean {
    const { world } = this.#recorder;
    const isOf = (domain: string | null): boolean => domain?.startsWith(`${id}.d`) === true;
    return (
      groups.some((group) => world.groups[group]!.container === id) ||
      Object.values(world.groups).some(({ domain }) => isOf(domain)) ||
      Object.values(world.devices).some(({ domain }) => isOf(domain))
    );
  }

  #isAtWork(id: string): boolean {
    return [...this.#recorder.threads.values()].some(
      ({ named, container, attempt }) => named === id || container === id || attempt?.container === id,
    );
  }

  #forget(container: string): void {
    const { domains, pageTables } = this.#recorder;
    this.#recorder.emit({ type: 'ContainerForgotten', container });
    for (const [address, id] of domains) if (id.startsWith(`${container}.d`)) domains.delete(address);
    for (const [address, id] of pageTables) if (id.startsWith(`${container}.p`)) pageTables.delete(address);
  }

  /** An iommufd context has no part of its own in the world: it lasts as long as its address spaces and the groups that it owns. */
  #forgetAddresses(): void {
    const { world } = this.#recorder;
    const owners = Object.values(world.groups).map(({ owner }) => owner);
    const contexts = Object.values(world.containers).map(({ context }) => context);
    const kept = new Set([...Object.keys(world.containers), ...contexts, ...owners]);
    this.#recorder.forgetUnseen((id) => !kept.has(id) && this.#recorder.unseen(id) >= idleGenerations);
  }
}
