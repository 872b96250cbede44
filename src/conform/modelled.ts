// Observations of a run of the model: its workflows are the kernel's functions, a driver's path on a device is the core's call of it.
import type { Event, EventOf } from '../core/events.ts';
import { isPathFrame } from '../core/world.ts';
import { type Observation, voids, type What } from './observation.ts';

interface Shown {
  readonly what: What;
  readonly subject: 'group' | 'device' | 'none';
}

const workflows: Readonly<Record<string, Shown>> = {
  claimOwner: { what: 'claim', subject: 'group' },
  releaseOwner: { what: 'release', subject: 'group' },
  allocateDomain: { what: 'allocate', subject: 'none' },
  freeDomain: { what: 'free', subject: 'none' },
  attachGroup: { what: 'attach-group', subject: 'group' },
  attachGroupHandle: { what: 'attach-group', subject: 'group' },
  replaceGroupHandle: { what: 'replace-group', subject: 'group' },
  detachGroup: { what: 'detach-group', subject: 'group' },
  setDomain: { what: 'set-domain', subject: 'group' },
  setDomainMust: { what: 'set-domain', subject: 'group' },
  type1Attach: { what: 'attach-backend', subject: 'group' },
  type1Detach: { what: 'detach-backend', subject: 'group' },
  attachTable: { what: 'attach-table', subject: 'device' },
  addDomain: { what: 'fill-domain', subject: 'none' },
};

/** Paths by which the core moves a device. */
const attachPaths: ReadonlySet<string> = new Set(['attach', 'attachBlocking', 'attachIdentity', 'attachNested']);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

interface Open {
  readonly workflow: string;
  readonly isPath: boolean;
  readonly observation: Observation | null;
}

export class Modelled {
  readonly observations: Observation[] = [];
  readonly #stacks = new Map<string, Open[]>();
  readonly #kernelName: (workflow: string) => string;

  /** Whether a blocking domain is made or was kept from an earlier claim depends on what came before the session. */
  get comparable(): readonly Observation[] {
    return this.observations.filter(({ what, domain }) => what !== 'allocate' || !domain?.endsWith('.blocking'));
  }

  constructor(kernelName: (workflow: string) => string) {
    this.#kernelName = kernelName;
  }

  take(event: Event, at: number): void {
    if (event.type === 'FrameEntered') this.#entered(event, at);
    else if (event.type === 'FrameLeft') this.#left(event);
    else if (event.type === 'DomainAllocated') this.#named(event, at);
  }

  #entered({ task, frame }: EventOf<'FrameEntered'>, at: number): void {
    const stack = this.#stacks.get(task) ?? [];
    this.#stacks.set(task, stack);
    const isPath = isPathFrame(frame);
    const isInner = stack.at(-1)?.isPath === true;
    const found =
      isPath && !isInner && attachPaths.has(frame.path)
        ? ({ what: 'attach-device', subject: 'device' } as const)
        : workflows[frame.workflow];
    const observation = found
      ? this.#observe(found, frame, { by: isPath ? '__iommu_attach_device' : this.#kernelName(frame.workflow), stack, at })
      : null;
    if (observation) this.observations.push(observation);
    stack.push({ workflow: frame.workflow, isPath, observation });
  }

  #observe(
    { what, subject }: Shown,
    { registers }: EventOf<'FrameEntered'>['frame'],
    { by, stack, at }: { by: string; stack: readonly Open[]; at: number },
  ): Observation {
    const domain = what === 'allocate' ? '' : text(registers['domain']);
    const about = subject === 'none' ? '' : text(registers[subject]);
    const inside = stack.flatMap(({ observation }) => (observation && !voids.has(observation.what) ? [observation.what] : []));
    return { what, by, subject: about, domain: domain === '' ? null : domain, result: null, inside, at };
  }

  #left({ task, outcome }: EventOf<'FrameLeft'>): void {
    const observation = this.#stacks.get(task)?.pop()?.observation;
    if (!observation || voids.has(observation.what)) return;
    observation.result = outcome.startsWith('errno.') ? outcome.slice('errno.'.length) : 'OK';
  }

  /** The allocation in progress gets the name of what it made; one that no workflow does is a step all the same. */
  #named({ task, domain }: EventOf<'DomainAllocated'>, at: number): void {
    const open = this.#stacks.get(task)?.findLast(({ observation }) => observation?.what === 'allocate');
    if (open?.observation) Object.assign(open.observation, { domain: open.observation.domain ?? domain.id });
    else this.observations.push({ what: 'allocate', by: 'domain_alloc', subject: '', domain: domain.id, result: 'OK', inside: [], at });
  }
}
