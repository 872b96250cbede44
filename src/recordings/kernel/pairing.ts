// Entries and returns of functions put together, thread by thread: calls nest, and a sleeping thread changes its CPU but not its number.
import { probeTable } from '../probeTable.ts';
import type { Token } from '../trace/token.ts';
import { type Decoding, decode } from './decode.ts';
import { GroupAddresses } from './groupAddresses.ts';
import { contradictionAt, contradictionIn } from './nesting.ts';
import type { Edge, Entered, Gap, Left, Noted, Result, Seen } from './seen.ts';

const gap = (line: number, what: Gap['what'], count: number | null, text: string): Gap => ({ kind: 'gap', line, what, count, text });

const voids: ReadonlySet<string> = new Set(probeTable.filter(({ returns }) => returns === 'void').map((row) => row.function));

/** Deeper than any stack of probed functions: returns that never come would keep entries for ever. */
const DEEPEST = 256;

export class Pairing {
  readonly #decoding: Decoding;
  /** Functions that a return probe is known for; without definitions, those that give something back. */
  readonly #returning: Set<string>;
  /** Their entry is over at once: no return will come. */
  readonly #entryOnly: (name: string) => boolean;
  readonly #groups = new GroupAddresses();
  readonly #open = new Map<number, Entered[]>();
  /** Functions inside which another one was seen. */
  readonly #calling = new WeakSet<Entered>();
  /** The function of each thread that was left last, inside another one. */
  readonly #given = new Map<number, { readonly entered: Entered; readonly result: Result | null }>();

  constructor(decoding: Decoding) {
    this.#decoding = decoding;
    const returning = [...decoding.definitions.values()].filter(({ isReturn }) => isReturn);
    this.#returning = new Set(returning.map((definition) => definition.function));
    const isDefined = decoding.definitions.size > 0;
    this.#entryOnly = (name) => !this.#returning.has(name) && (isDefined || voids.has(name));
  }

  /** What one token shows; in order. */
  *take(token: Token): Generator<Seen> {
    if (token.kind === 'lost') yield* this.#lost(token.line, token.count);
    else if (token.kind === 'unread') yield gap(token.line, 'unread', 1, token.text);
    else yield* this.#decoded(decode(token, this.#decoding));
  }

  /** Functions that were not left when the trace ended. */
  *finish(): Generator<Gap> {
    for (const stack of this.#open.values()) {
      for (const { place, function: name } of stack) yield gap(place.line, 'unmatched-entry', 1, `${name} was entered and not left`);
    }
    this.#open.clear();
  }

  *#lost(line: number, count: number | null): Generator<Gap> {
    yield gap(line, 'lost', count, 'events are missing: the buffer was full');
  }

  *#decoded(found: Edge | Noted): Generator<Seen> {
    if (found.kind === 'noted') return yield found;
    const { pid } = found.place;
    const stack = this.#open.get(pid) ?? [];
    if (found.kind === 'entered') {
      const entered = this.#groups.named(found);
      const around = stack.at(-1);
      yield* this.#contradiction(entered.place.line, contradictionAt(around, entered, around !== undefined && !this.#calling.has(around)));
      if (around) this.#calling.add(around);
      yield entered;
      if (!this.#entryOnly(found.function)) this.#open.set(pid, [...stack.slice(-DEEPEST), entered]);
      return;
    }
    this.#returning.add(found.function);
    const at = stack.findLastIndex((entered) => entered.function === found.function);
    for (const { place, function: name } of at === -1 ? [] : stack.slice(at + 1))
      yield gap(place.line, 'unmatched-entry', 1, `${name} was entered and not left`);
    if (at === -1) yield gap(found.place.line, 'unmatched-return', 1, `${found.function} was left and not entered`);
    if (at !== -1) yield* this.#handedOn(stack.slice(0, at), stack[at]!, found);
    yield { ...found, entered: at === -1 ? null : stack[at]! };
    this.#keep(pid, at === -1 ? stack : stack.slice(0, at));
  }

  *#contradiction(line: number, text: string | null): Generator<Gap> {
    if (text !== null) yield gap(line, 'contradiction', 1, text);
  }

  /** What a function gave is kept until the one around it is left. */
  *#handedOn(around: readonly Entered[], entered: Entered, { result, place }: Omit<Left, 'entered'>): Generator<Gap> {
    const inner = this.#given.get(place.pid);
    const isInside = inner !== undefined && inner.entered.place.line > entered.place.line;
    if (isInside) yield* this.#contradiction(place.line, contradictionIn(entered, inner.entered, { outer: result, inner: inner.result }));
    if (around.length > 0) this.#given.set(place.pid, { entered, result });
    else this.#given.delete(place.pid);
  }

  #keep(pid: number, stack: Entered[]): void {
    if (stack.length === 0) this.#open.delete(pid);
    else this.#open.set(pid, stack);
  }
}
