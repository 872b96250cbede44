// Findings and the detectors that make them: a detector is a fold over events, its state small and kept per entity.
import type { Event } from './events.ts';
import type { Plausible } from './rows.ts';
import type { World } from './world.ts';

/** bug: the result is wrong for the user. contract: an errno against its class reaches a caller that acts on it. cost: needless work. */
export type Level = 'bug' | 'contract' | 'cost';

/** recorded: a named recording shows it. read: sources are cited. model: follows from the model only. */
export interface Evidence {
  readonly kind: 'recorded' | 'read' | 'model';
  readonly source: string;
}

/** What a detector saw: a rule broken by an entity, at the event just folded. */
export interface Hit {
  /** Names the entity the rule is broken for, e.g. `c0/c0.d1`; equal for equal findings under another schedule. */
  readonly entity: string;
  /** Names that the explanation needs: group, device, domain, ... */
  readonly subject: { readonly [name: string]: string };
}

/** Questions about the world that only the model can answer. */
export interface Probe {
  /** The row that would refuse the group on the domain now, if nothing failed; null: it would be accepted. */
  readonly refusal: (world: World, group: string, domain: string) => { readonly row: string; readonly errno: string } | null;
  /** The row's facts: where it stands in the kernel. */
  readonly citation: (row: string) => string;
  /** The row's facts: what it says, in words; absent where only its place is known. */
  readonly words?: (row: string) => string;
}

export interface Detector<State = unknown> {
  readonly id: string;
  readonly level: Level;
  /** One line: what is wrong. */
  readonly title: string;
  readonly evidence: Evidence;
  /** Where the evidence depends on what happened: on kernel, caller, driver, or which row refused. */
  readonly evidenceFor?: (history: readonly Event[], at: number, hit: Hit) => Evidence;
  /** Immutable; states that are equal as JSON are equal. No event numbers: two histories that meet must agree. */
  readonly initial: State;
  /** Types of events that it looks at: others show nothing and leave its state as it is. Absent: all. */
  readonly hears?: readonly Event['type'][];
  /** `world` is after the event. Gives the same state object when nothing changed. */
  readonly step: (state: State, event: Event, world: World, probe: Probe) => { readonly state: State; readonly hits: readonly Hit[] };
  /** The because-chain, made afterwards from the history; numbers are event numbers, from 1. */
  readonly explain: (history: readonly Event[], at: number, hit: Hit, probe: Probe) => readonly Because[];
}

/** A detector whatever its state: lists of detectors hold many kinds. */
// biome-ignore lint/suspicious/noExplicitAny: a state goes back only into the detector that gave it
export type AnyDetector = Detector<any>;

/** One link of a because-chain: an event and what it means. */
export interface Because {
  /** Number of the event, from 1, or null for a conclusion. */
  readonly at: number | null;
  readonly words: string;
}

export interface Finding {
  /** Stable under another schedule: rule and entity. */
  readonly id: string;
  readonly rule: string;
  readonly level: Level;
  readonly title: string;
  readonly entity: string;
  readonly subject: { readonly [name: string]: string };
  /** Number of the event at which it was seen, from 1. */
  readonly at: number;
  readonly because: readonly Because[];
  readonly evidence: Evidence;
  /** How the failed allocation that led here can come about; null when none did. */
  readonly plausible: Plausible | null;
  /** Kernel API, or row that asks hardware, whose failure led here. */
  readonly api?: string;
  /** It happened on a real kernel: line of the trace that was read last. */
  readonly line?: number;
  /** With a checked tree: rows and rules it rests on that are not the same there, each with both texts. */
  readonly notValid?: readonly string[];
}
