// Detectors and claims as part of the world that a search walks: their state is cells, what they see is a label on the step that shows it.
import type { Event } from '../core/events.ts';
import type { AnyDetector, Hit, Probe } from '../core/finding.ts';
import type { Label } from '../core/label.ts';
import type { Claim } from '../core/scenario.ts';
import type { World } from '../core/world.ts';
import { type ComparedClaim, claimedDetector, comparedClaim, concerns } from '../detect/claims.ts';
import { hearing } from '../detect/hearing.ts';
import { type DetectorState, detectorState } from './detectorState.ts';
import type { Parts } from './parts.ts';

type Detecting = Extract<Claim, { kind: 'detector' }>;

interface Watched {
  readonly detector: AnyDetector;
  readonly state: DetectorState;
}

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

  /** What is kept by number, by label. */
  named<Value>(byNumber: ReadonlyMap<number, Value>): (readonly [Label, Value])[] {
    return [...byNumber].map(([number, value]) => [this.list[number]!, value] as const);
  }
}

export class Observer {
  readonly #world: World;
  readonly #probe: Probe;
  readonly #watched: readonly Watched[];
  readonly #hearing: (type: Event['type']) => readonly Watched[];
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
    this.#watched = [...new Set([...detectors, ...claimed])].map((detector) => ({ detector, state: detectorState(parts, detector) }));
    this.#hearing = hearing(this.#watched);
  }

  /** The scenario's start, which detectors that look at the booted machine take in. */
  start(event: Event): void {
    for (const watched of this.#watched) this.#step(watched, event, true);
  }

  #step({ detector, state }: Watched, event: Event, isStart: boolean): readonly Hit[] {
    const before = state.get();
    const { state: next, hits } = detector.step(before, event, this.#world, this.#probe);
    if (next !== before) state.put(next, isStart);
    return hits;
  }

  listen(event: Event): void {
    if ('row' in event && typeof event.row === 'string') this.rowsMet.add(event.row);
    for (const watched of this.#hearing(event.type)) {
      const { detector } = watched;
      for (const hit of this.#step(watched, event, false)) {
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

export const claimLabel = (claim: Claim, index: number, outcome: 'violated' | 'met'): Label => ({
  kind: 'claim',
  id: claimId(claim, outcome),
  claim: index,
  outcome,
});

/** Equal for equal claims, wherever they stand in the scenario. */
export const claimId = ({ mood, text }: Claim, outcome: 'violated' | 'met'): string => `${mood} ${text}: ${outcome}`;
