// Detectors and claims as part of the world that a search walks: their state is cells, what they see is a label on the step that shows it.
import type { Event } from '../core/events.ts';
import type { AnyDetector, Probe } from '../core/finding.ts';
import type { Label } from '../core/label.ts';
import type { Claim } from '../core/scenario.ts';
import type { World } from '../core/world.ts';
import { type ComparedClaim, claimedDetector, comparedClaim, concerns } from '../detect/claims.ts';
import type { Parts } from './parts.ts';

type Detecting = Extract<Claim, { kind: 'detector' }>;

interface Watched {
  readonly detector: AnyDetector;
  /** The state with its tables as cells; null where the detector keeps none. */
  readonly state: unknown;
}

const isTable = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A detector's state is a table, a record of tables, or null. */
const stateOf = (parts: Parts, detector: AnyDetector): unknown => {
  const { id, initial } = detector;
  if (!isTable(initial)) return initial;
  const names = Object.keys(initial);
  if (names.length === 0) return parts.table(`detectors/${id}`).proxy;
  return Object.fromEntries(names.map((name) => [name, parts.table(`detectors/${id}/${name}`).proxy]));
};

/** Every label that a search came upon, numbered. */
export class Labels {
  readonly list: Label[] = [];
  readonly #numbers = new Map<string, number>();

  number(label: Label): number {
    const known = this.#numbers.get(label.id);
    if (known !== undefined) return known;
    this.#numbers.set(label.id, this.list.length);
    return this.list.push(label) - 1;
  }
}

export class Observer {
  readonly #world: World;
  readonly #probe: Probe;
  readonly #watched: readonly Watched[];
  readonly #compared: readonly (ComparedClaim & { readonly index: number })[];
  readonly #detecting: readonly { readonly claim: Detecting; readonly index: number }[];
  readonly #labels: Labels;
  readonly rowsMet = new Set<string>();
  /** Numbers of labels seen since `take`. */
  #seen: number[] = [];

  constructor(parts: Parts, probe: Probe, detectors: readonly AnyDetector[], claims: readonly Claim[], booted: World, labels: Labels) {
    this.#world = parts.world;
    this.#probe = probe;
    this.#labels = labels;
    const numbered = claims.map((claim, index) => ({ claim, index }));
    this.#detecting = numbered.flatMap(({ claim, index }) => (claim.kind === 'detector' ? [{ claim, index }] : []));
    this.#compared = numbered.flatMap(({ claim, index }) => (claim.kind === 'compare' ? [{ ...comparedClaim(claim, booted), index }] : []));
    const claimed = this.#detecting.map(({ claim }) => claimedDetector(claim) as AnyDetector);
    this.#watched = [...new Set([...detectors, ...claimed])].map((detector) => ({ detector, state: stateOf(parts, detector) }));
  }

  /** The scenario's start, which detectors that look at the booted machine take in. */
  start(event: Event): void {
    for (const { detector, state } of this.#watched) {
      const { state: next } = detector.step(state, event, this.#world, this.#probe);
      if (next !== state && isTable(next)) this.#spread(state, next);
    }
  }

  /** Copies a plain table that a detector made anew into its cells; only the first event makes one. */
  #spread(state: unknown, next: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(next)) {
      const table = (state as Record<string, unknown>)[name];
      if (isTable(table) && isTable(value) && value !== table) Object.assign(table, value);
    }
  }

  listen(event: Event): void {
    if ('row' in event && typeof event.row === 'string') this.rowsMet.add(event.row);
    for (const { detector, state } of this.#watched) {
      const { hits } = detector.step(state, event, this.#world, this.#probe);
      for (const hit of hits) {
        this.#note({ kind: 'finding', id: `${detector.id}:${hit.entity}`, rule: detector.id, level: detector.level, entity: hit.entity });
        for (const { claim, index } of this.#detecting)
          if (claim.detector === detector.id && concerns(claim, hit)) this.#note(claimLabel(claim, index, 'violated'));
      }
    }
    if (event.type === 'RequestEnded') this.#judge(false);
  }

  /** Nobody can step any more. */
  end(waiting: readonly string[]): void {
    this.#judge(true);
    if (waiting.length > 0) this.#note({ kind: 'deadlock', id: `deadlock:${waiting.join(',')}`, waiting });
  }

  take(): readonly number[] | null {
    const seen = this.#seen;
    this.#seen = [];
    return seen.length === 0 ? null : seen;
  }

  #judge(isEnd: boolean): void {
    for (const { claim, holds, index } of this.#compared) {
      if (claim.mood === 'at-end' && !isEnd) continue;
      if (holds(this.#world) === (claim.mood === 'sometimes'))
        this.#note(claimLabel(claim, index, claim.mood === 'sometimes' ? 'met' : 'violated'));
    }
  }

  #note(label: Label): void {
    const number = this.#labels.number(label);
    if (!this.#seen.includes(number)) this.#seen.push(number);
  }
}

const claimLabel = (claim: Claim, index: number, outcome: 'violated' | 'met'): Label => ({
  kind: 'claim',
  id: claimId(claim, outcome),
  claim: index,
  outcome,
});

/** Equal for equal claims, wherever they stand in the scenario. */
export const claimId = ({ mood, text }: Claim, outcome: 'violated' | 'met'): string => `${mood} ${text}: ${outcome}`;
