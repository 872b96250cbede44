// A program's call as requests of the model: whose task asks, for what; or why no request says it.
import type { Request } from '../core/scenario.ts';
import type { ProgramCall } from '../recordings/kernel/programCalls.ts';

/** A request of the task that stands for a container or an iommufd context. */
export interface Placed {
  readonly task: string;
  readonly container: string;
  readonly context?: string;
  readonly request: Request;
}

/** `blind`: the model follows, but what it shows cannot be compared. */
export type Translated = { readonly requests: readonly Placed[]; readonly blind?: string } | { readonly skipped: string };

/** Which descriptors are open and what they hold, by what the calls gave back. */
export interface Known {
  /** The calls are about an iommufd: a run has one caller, so calls on containers beside it are skipped. */
  readonly iommufd: boolean;
  /** User space makes page tables. */
  readonly byTable: boolean;
  /** Container by group. */
  readonly joined: Map<string, string>;
  /** Open devices by group. */
  readonly devices: Map<string, readonly string[]>;
  /** Context by bound device; address spaces by context, oldest first. */
  readonly bound: Map<string, string>;
  readonly spaces: Map<string, readonly string[]>;
  /** Context by process and descriptor, and those that are open, oldest first. */
  readonly descriptors: Map<string, string>;
  readonly open: string[];
  /** Bound devices by context and id. */
  readonly ids: Map<string, string>;
  /** Page tables that user space made, by context and id. */
  readonly tables: Set<string>;
  /** Devices that a skipped call attached: what undoes it is skipped, too. */
  readonly beside: Set<string>;
  /** Containers and contexts that a request was for. */
  readonly tasks: Set<string>;
  contexts: number;
}

export type Handler = (call: ProgramCall, known: Known) => Translated;

export const request = (container: string, asked: Request): Translated => ({ requests: [{ task: container, container, request: asked }] });

export const requestsIn = (context: string, container: string, ...asked: readonly Request[]): Translated => ({
  requests: asked.map((one) => ({ task: context, container, context, request: one })),
});

const outcome = ({ errno }: ProgramCall): string => (errno === null ? '' : ` ${errno}`);

/** A call that the model has no request for, failed or not. */
export const unsaid: Handler = (call) => ({ skipped: `${call.op}${outcome(call)}` });

export const skipped = (call: ProgramCall, why: string): Translated => ({ skipped: `${call.op} ${why}${outcome(call)}` });

/** `iova=0x1000 size=0x2000 flags=0x0` as names and values. */
export const argumentsOf = ({ argument }: ProgramCall): { readonly [name: string]: string } =>
  Object.fromEntries([...argument.matchAll(/(\w[\w-]*)=(\S+)/g)].map(([, name, value]) => [name!, value!]));

export const newKnown = (calls: readonly ProgramCall[]): Known => ({
  iommufd: calls.some(({ op }) => op === 'open_iommufd'),
  byTable: calls.some(({ op }) => op === 'IOMMU_HWPT_ALLOC'),
  joined: new Map(),
  devices: new Map(),
  bound: new Map(),
  spaces: new Map(),
  descriptors: new Map(),
  open: [],
  ids: new Map(),
  tables: new Set(),
  beside: new Set(),
  tasks: new Set(),
  contexts: 0,
});
