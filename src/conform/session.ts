// One session of a recording against the model: runs its calls, compares each, and looks for an order and for unknown attributes under
// which everything that was seen is explained.
import type { Scenario } from '../core/scenario.ts';
import type { Topology } from '../core/topology.ts';
import type { Engine } from '../engine/engine.ts';
import { type Assumption, assumptionsFor, failuresAssumed, settingsAssuming, topologyAssuming } from './assumptions.ts';
import { injected, plannedFaults, standIn } from './causes.ts';
import { compareSteps, type Difference, Names } from './compare.ts';
import { lastDecision, rowsMet } from './decided.ts';
import type { What } from './observation.ts';
import { ordersAround } from './orders.ts';
import { type Rerun, type Rerunning, rerun, scenarioOf, type TranslatedCall, translate } from './rerun.ts';
import type { ObservedCall, Session } from './sessions.ts';

export interface Mismatch extends Difference {
  readonly session: string;
  readonly call: TranslatedCall;
  /** Row or step of the model that decided last. */
  readonly decidedBy: string;
  /** Rows that the model met in the call. */
  readonly rows: ReadonlySet<string>;
  /** Calls of the session that agree before it. */
  readonly callsAgreed: number;
}

/** A way to explain a part of a session, and where it ends. */
export interface PartialMatch {
  readonly mismatch: Mismatch;
  readonly assumed: readonly Assumption[];
}

export interface SessionResult {
  readonly session: Session;
  readonly calls: readonly TranslatedCall[];
  readonly reruns: readonly Rerun[];
  readonly mismatch: Mismatch | null;
  readonly assumed: readonly Assumption[];
  /** Other orders or assumptions that explain as many calls, and end in another difference. */
  readonly asFar: readonly PartialMatch[];
  /** Orders that were tried besides the first. */
  readonly orders: number;
}

/** What a session is run with. */
export interface Model {
  readonly engine: Engine;
  readonly topology: Topology;
  readonly kernel: string;
  readonly caller: string;
  readonly kinds: ReadonlySet<What>;
}

interface Attempt {
  readonly order: readonly ObservedCall[];
  readonly calls: readonly TranslatedCall[];
  readonly scenario: Scenario;
  readonly running: Rerunning;
  /** Of the first call that differs; null: none does. */
  readonly mismatch: Mismatch | null;
}

const anotherResult = 'another result';

const resultDifference = (one: Rerun): Difference | null => {
  const { call } = one.call.observed;
  const recorded = call.op === 'exit' ? 'OK' : (call.errno ?? 'OK');
  const planned = injected(call);
  const none = { line: call.line, at: one.to, agreed: 0 };
  if (recorded !== one.result) return { what: anotherResult, recorded, model: one.result ?? 'it never ends', ...none };
  if (planned === null || planned.hit === one.hit) return null;
  const words = (hit: boolean): string => `allocation ${planned.nth} is ${hit ? 'made' : 'not reached'}`;
  return { what: 'another number of allocations', recorded: words(planned.hit), model: words(one.hit), ...none };
};

const differenceOf = (one: Rerun, kinds: ReadonlySet<What>, names: Names): Difference | null => {
  if ('blind' in one.call.translated) return null;
  const seen = one.call.observed.observations;
  const found = resultDifference(one);
  // What stands in for a limit fails elsewhere than the limit did.
  if (found || standIn(one.call.observed.call) !== null) return found;
  return compareSteps(
    seen,
    one.observations.filter(({ what }) => kinds.has(what)),
    { names, kinds },
  );
};

const explainsMore = (found: Mismatch, before: Mismatch): boolean => {
  if (found.callsAgreed !== before.callsAgreed) return found.callsAgreed > before.callsAgreed;
  // Results are compared before steps.
  const isResult = ({ what }: Mismatch): boolean => what === anotherResult;
  return isResult(before) && !isResult(found);
};

/** A session is run so often at most to find an order. */
const MOST_ORDERS = 200;

export class SessionCheck {
  readonly #session: Session;
  readonly #model: Model;
  #assumed: readonly Assumption[] = [];
  readonly #partial: PartialMatch[] = [];
  #orders = 0;

  constructor(session: Session, model: Model) {
    this.#session = session;
    this.#model = model;
  }

  #attempt(order: readonly ObservedCall[], assumed: readonly Assumption[]): Attempt {
    const calls = translate({ ...this.#session, calls: order });
    const { engine, kinds, ...machine } = this.#model;
    const topology = topologyAssuming(machine.topology, assumed);
    const assuming = { ...machine, topology, set: settingsAssuming([...this.#session.told, ...assumed]) };
    const scenario = scenarioOf(
      this.#session,
      calls,
      assuming,
      plannedFaults(calls, { kernel: machine.kernel, failed: failuresAssumed(assumed) }),
    );
    const running = rerun(engine, scenario, calls);
    const names = new Names();
    for (const [index, one] of running.reruns.entries()) {
      const found = differenceOf(one, kinds, names);
      if (!found) continue;
      const mismatch = this.#mismatch(found, running, one, index);
      this.#partial.push({ mismatch, assumed });
      return { order, calls, scenario, running, mismatch };
    }
    return { order, calls, scenario, running, mismatch: null };
  }

  #mismatch(found: Difference, running: Rerunning, one: Rerun, callsAgreed: number): Mismatch {
    return {
      ...found,
      session: this.#session.name,
      call: one.call,
      decidedBy: lastDecision(running, one),
      rows: rowsMet(running, one),
      callsAgreed,
    };
  }

  check(): SessionResult {
    let best = this.#attempt(this.#session.calls, []);
    for (let better: Attempt | null = best; better !== null && best.mismatch !== null; ) {
      const { through, further } = this.#reordered(best);
      better = through ?? this.#assuming(best) ?? further;
      best = better ?? best;
    }
    const { calls, running, mismatch } = best;
    const asFar = mismatch === null ? [] : this.#asFar(mismatch);
    return { session: this.#session, calls, reruns: running.reruns, mismatch, assumed: this.#assumed, asFar, orders: this.#orders };
  }

  #asFar(best: Mismatch): PartialMatch[] {
    const nameOf = ({ what, recorded, model, line }: Mismatch): string => [what, recorded, model, line].join(' ');
    const found = new Map<string, PartialMatch>();
    for (const partial of this.#partial) {
      const isAsFar = partial.mismatch.callsAgreed === best.callsAgreed && partial.mismatch.agreed >= best.agreed;
      if (isAsFar && nameOf(partial.mismatch) !== nameOf(best)) found.set(nameOf(partial.mismatch), partial);
    }
    return [...found.values()];
  }

  /** Another order that explains the call that differs; else one that explains more calls before it, as two may have to move. */
  #reordered({ order, mismatch }: Attempt): { through: Attempt | null; further: Attempt | null } {
    const { observed } = mismatch!.call;
    let further: Attempt | null = null;
    for (const other of ordersAround(order, order.indexOf(observed))) {
      if (this.#orders >= MOST_ORDERS) break;
      this.#orders += 1;
      const found = this.#attempt(other, this.#assumed);
      const isThrough = found.mismatch === null || other.indexOf(found.mismatch.call.observed) > other.indexOf(observed);
      if (isThrough) return { through: found, further };
      if (found.mismatch!.callsAgreed > mismatch!.callsAgreed) further ??= found;
    }
    return { through: null, further };
  }

  /** One more attribute that explains more calls, or more of this one: the rest may take another order. */
  #assuming({ order, scenario, running, mismatch }: Attempt): Attempt | null {
    const one = running.reruns[mismatch!.callsAgreed]!;
    const events = [running.events[0]!, ...running.events.slice(one.from - 1, one.to)];
    for (const assumption of assumptionsFor(this.#model.engine, scenario, one.call.observed, events)) {
      if (this.#session.told.some(({ part, attribute }) => part === assumption.part && attribute === assumption.attribute)) continue;
      const assumed = [...this.#assumed, assumption];
      const found = this.#attempt(order, assumed);
      if (found.mismatch !== null && !explainsMore(found.mismatch, mismatch!)) continue;
      this.#assumed = assumed;
      return found;
    }
    return null;
  }
}
