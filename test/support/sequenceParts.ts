// What both halves of the translation of recorded calls share: what is known so far, a request in its place, a call without one.
import type { Request } from '../../src/core/scenario.ts';
import type { Call } from './sequence.ts';

export interface Placed {
  readonly task: string;
  readonly container: string;
  readonly context?: string;
  readonly request: Request;
}

export type Translated = { readonly requests: readonly Placed[] } | { readonly skipped: string };

/** Which descriptors are open and what they hold, by the recorded results. */
export interface Known {
  /** The phase is about an iommufd: a run has one caller, so calls on containers beside it are skipped. */
  readonly iommufd: boolean;
  /** User space makes page tables in this phase. */
  readonly byTable: boolean;
  readonly joined: Map<string, string>;
  /** Open devices by group. */
  readonly devices: Map<string, readonly string[]>;
  /** Context by bound device, address spaces by context. */
  readonly bound: Map<string, string>;
  readonly spaces: Map<string, readonly string[]>;
}

export type Handler = (call: Call, known: Known) => Translated;

/** A request of the task that stands for a VFIO container. */
export const request = (container: string, asked: Request): Translated => ({
  requests: [{ task: container, container, request: asked }],
});

/** Requests of the task that stands for an iommufd. */
export const requestsIn = (context: string, container: string, ...asked: readonly Request[]): Translated => ({
  requests: asked.map((one) => ({ task: context, container, context, request: one })),
});

export const outcome = ({ errno }: Call): string => (errno ? ` ${errno}` : '');

/** A call that the model has no request for, failed or not. */
export const unsaid: Handler = (call) => ({ skipped: `${call.op}${outcome(call)}` });

export const skipped = (call: Call, why: string): Translated => ({ skipped: `${call.op} ${why}${outcome(call)}` });
