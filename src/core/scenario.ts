// A scenario as data: topology, callers, script, faults, claims and expectations. Files and the builder both make this.
import type { Value } from './conditions.ts';
import type { Place } from './failure.ts';
import type { Deviation } from './schedule.ts';
import type { Topology } from './topology.ts';

/** One request of a task, as a user of the caller would say it. */
export type Verb =
  | 'attach'
  | 'detach'
  | 'map'
  | 'unmap'
  | 'replace'
  | 'close'
  | 'kill'
  | 'unplug'
  | 'bind-driver'
  | 'unbind-driver'
  | 'set-container'
  | 'set-iommu'
  | 'unset-container'
  | 'bind'
  | 'unbind'
  | 'make-page-table'
  | 'destroy-page-table';

export interface Request {
  readonly verb: Verb;
  /** Group or device for attach and its kin; null for map, close, ... */
  readonly target: string | null;
  readonly iova?: number;
  readonly size?: number;
  /** Page table by name, or nested parent. */
  readonly pageTable?: string;
  /** Container or address space, where it is not the task's. */
  readonly container?: string;
  /** Flags of the request, read by checks as `user.NAME`, e.g. `badPointer`. */
  readonly options?: Record<string, string | number | boolean>;
  readonly place?: Place;
}

export interface TaskScript {
  readonly id: string;
  /** Null: the caller that the run is asked for. */
  readonly caller: string | null;
  readonly container: string;
  /** The iommufd context; default: the container's own. */
  readonly context?: string;
  readonly requests: readonly Request[];
}

/** Which allocation or kernel API fails, by plan. */
export type Fault =
  /** The n-th allocation of a request's call, counted as the kernel's fail-nth does. Default call: the one that attaches. */
  | { readonly kind: 'nth'; readonly task: string; readonly request: number; readonly call?: string; readonly nth: number }
  /** The n-th time a site runs (function name, optionally with line); on every further time too when sticky. */
  | {
      readonly kind: 'site';
      readonly site: string;
      readonly nth: number;
      readonly task?: string;
      readonly request?: number;
      /** Only while this device or domain (by slot, e.g. `c0.d0`) is being attached. */
      readonly device?: string;
      readonly domain?: string;
      readonly sticky: boolean;
    }
  /** A kernel API (or a row that asks hardware) gives this errno. */
  | {
      readonly kind: 'api';
      readonly api: string;
      readonly errno: string;
      readonly nth: number;
      readonly on?: string;
      readonly request?: number;
      /** Only while this domain (by slot, e.g. `c0.d0`) is in hand. */
      readonly domain?: string;
      readonly sticky: boolean;
    };

export type Mood = 'always' | 'sometimes' | 'at-end';

/** `domains(c0) <= 1`, or a detector's id. */
export type Claim =
  | {
      readonly kind: 'compare';
      readonly mood: Mood;
      readonly text: string;
      readonly left: Term;
      readonly operator: Operator;
      readonly right: Term;
      readonly place?: Place;
    }
  | {
      readonly kind: 'detector';
      readonly mood: 'always';
      readonly text: string;
      readonly detector: string;
      readonly parameters: Record<string, Value>;
      readonly place?: Place;
    };

export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type Term = { readonly reading: string; readonly of: readonly string[] } | { readonly constant: Value };

/** What should come out under a profile and caller (either may be `*`). */
export interface Expectation {
  readonly kernel: string;
  readonly caller: string;
  /** Result of the last attach-like request: `ok` or an errno. */
  readonly result?: string;
  /** Results of all requests in order. */
  readonly results?: readonly string[];
  /** Domains of the container at the end. */
  readonly domains?: number;
  /** Containers and address spaces that are open at the end. */
  readonly containers?: number;
  /** How often the memory that is pinned most is pinned at the end. */
  readonly pinned?: number;
  /** Ids of findings of level bug; empty: none. */
  readonly findings?: readonly string[];
  readonly place?: Place;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly topology: Topology;
  readonly kernel: string;
  readonly caller: string;
  readonly tasks: readonly TaskScript[];
  readonly faults: readonly Fault[];
  /** Attributes set after boot: `{ 'iommu/dmar0': { domainIdsFree: 1 } }`. */
  readonly set: Record<string, Record<string, Value>>;
  readonly claims: readonly Claim[];
  readonly expect: readonly Expectation[];
  /** Which task steps first where several could; default: in order of their ids, each to its end. */
  readonly order?: readonly string[];
  /** Which deviations from that the run takes: orders and failures, each named by its place. */
  readonly schedule?: readonly Deviation[];
  /** States to begin in; the first is taken where nothing else is asked for. */
  readonly before?: readonly PreState[];
}

/** A state to begin in: what scripts without faults made before, one task after the other. */
export interface PreState {
  readonly name: string;
  readonly tasks: readonly TaskScript[];
  readonly set: Scenario['set'];
}
