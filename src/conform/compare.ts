// Puts what a recording saw of a call beside what the model shows of it, and names the first step at which they part.
import { type Observation, observationWords, type What } from './observation.ts';

export interface Difference {
  /** What differs, in words. */
  readonly what: string;
  readonly recorded: string;
  readonly model: string;
  /** Line of the trace, number of the model's event; null where a side has nothing there. */
  readonly line: number | null;
  readonly at: number | null;
  /** Steps that agree before it. */
  readonly agreed: number;
}

/** Names of one side for names of the other, each way: domains have other names where the sides count them otherwise. */
export class Names {
  readonly #forth = new Map<string, string>();
  readonly #back = new Map<string, string>();

  matches(recorded: string | null, model: string | null): boolean {
    if (recorded === null || model === null) return true;
    const known = this.#forth.get(recorded);
    const other = this.#back.get(model);
    if (known === undefined && other === undefined) {
      this.#forth.set(recorded, model);
      this.#back.set(model, recorded);
      return true;
    }
    return known === model && other === recorded;
  }

  /** A new domain: what its name stood for on either side is gone. */
  begin(recorded: string | null, model: string | null): void {
    const before = this.#forth.get(recorded ?? '');
    const other = this.#back.get(model ?? '');
    for (const name of [recorded, other]) this.#forth.delete(name ?? '');
    for (const name of [model, before]) this.#back.delete(name ?? '');
  }
}

/** Both sides know only what the recording has probes for. */
const around = ({ inside }: Observation, kinds: ReadonlySet<What>): string => inside.filter((what) => kinds.has(what)).join(' ');

const differs = (recorded: Observation, model: Observation, { names, kinds }: Sides): string | null => {
  if (recorded.what !== model.what) return 'another step';
  if (around(recorded, kinds) !== around(model, kinds)) return 'the step is inside another call';
  if (recorded.what === 'free' && recorded.domain === null) return 'another domain';
  if (recorded.subject !== '' && model.subject !== '' && recorded.subject !== model.subject) return 'another group or device';
  if (recorded.result !== null && model.result !== null && recorded.result !== model.result) return 'another result';
  if (recorded.what === 'allocate') {
    if (recorded.result !== 'OK') return null;
    names.begin(recorded.domain, model.domain);
  }
  return names.matches(recorded.domain, model.domain) ? null : 'another domain';
};

/** What both sides are compared with: names for names, and the kinds that the recording can show. */
export interface Sides {
  readonly names: Names;
  readonly kinds: ReadonlySet<What>;
}

export const compareSteps = (recorded: readonly Observation[], model: readonly Observation[], sides: Sides): Difference | null => {
  for (let index = 0; index < Math.max(recorded.length, model.length); index++) {
    const [seen, made] = [recorded[index], model[index]];
    const what = !seen ? 'a step that was not recorded' : !made ? 'a step that the model does not take' : differs(seen, made, sides);
    if (what !== null) {
      const words = (side: Observation | undefined): string => (side ? observationWords(side) : 'nothing');
      return { what, recorded: words(seen), model: words(made), line: seen?.at ?? null, at: made?.at ?? null, agreed: index };
    }
  }
  return null;
};
