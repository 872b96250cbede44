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
  readonly #give: (seen: Seen) => void;
  /** Functions that a return probe is known for; without definitions, those that give something back. */
  readonly #returning: Set<string>;
  /** Their entry is over at once: no return will come. */
  readonly #entryOnly: (name: string) => boolean;
  readonly #groups = new GroupAddresses();
  readonly #open = new Map<number, Entered[]>();
  /** Void functions that were not waited for: a graph shows their end all the same. */
  readonly #unawaited = new Set<string>();
  /** Functions inside which another one was seen. */
  readonly #calling = new WeakSet<Entered>();
  /** The function of each thread that was left last, inside another one. */
  readonly #given = new Map<number, { readonly entered: Entered; readonly result: Result | null }>();

  constructor(decoding: Decoding, give: (seen: Seen) => void) {
    this.#give = give;
    this.#decoding = decoding;
    const returning = [...decoding.definitions.values()].filter(({ isReturn }) => isReturn);
    this.#returning = new Set(returning.map((definition) => definition.function));
    const isDefined = decoding.definitions.size > 0;
    this.#entryOnly = (name) => !this.#returning.has(name) && (isDefined || voids.has(name));
  }

  /** What one token shows; in order. */
  take(token: Token): void {
    if (token.kind === 'lost') this.#give(gap(token.line, 'lost', token.count, 'events are missing: the buffer was full'));
    else if (token.kind === 'unread') this.#give(gap(token.line, 'unread', 1, token.text));
    else this.#take(decode(token, this.#decoding));
  }

  isOpen(pid: number): boolean {
    return this.#open.has(pid);
  }

  /** Functions of a thread that are not waited for any more. */
  forget(pid: number): void {
    this.#notLeft(this.#open.get(pid) ?? []);
    this.#open.delete(pid);
    this.#given.delete(pid);
  }

  /** Functions that were not left when the trace ended. */
  finish(): void {
    for (const pid of this.#open.keys()) this.forget(pid);
  }

  #notLeft(stack: readonly Entered[]): void {
    for (const { place, function: name } of stack) this.#give(gap(place.line, 'unmatched-entry', 1, `${name} was entered and not left`));
  }

  #take(found: Edge | Noted): void {
    if (found.kind === 'noted') this.#give(found);
    else if (found.kind === 'entered') this.#enter(found);
    else this.#leave(found);
  }

  #enter(found: Entered): void {
    const { pid } = found.place;
    const stack = this.#open.get(pid);
    const around = stack?.at(-1);
    const entered = this.#groups.named(found);
    this.#contradict(entered.place.line, contradictionAt(around, entered, around !== undefined && !this.#calling.has(around)));
    if (around) this.#calling.add(around);
    this.#give(entered);
    if (this.#entryOnly(found.function)) return void this.#unawaited.add(found.function);
    if (stack === undefined) this.#open.set(pid, [entered]);
    else {
      stack.push(entered);
      if (stack.length > DEEPEST) stack.shift();
    }
  }

  #leave(found: Omit<Left, 'entered'>): void {
    this.#returning.add(found.function);
    const { pid, line } = found.place;
    const stack = this.#open.get(pid) ?? [];
    const at = stack.findLastIndex((entered) => entered.function === found.function);
    const entered = stack[at] ?? null;
    if (entered === null) {
      if (!this.#unawaited.delete(found.function))
        this.#give(gap(line, 'unmatched-return', 1, `${found.function} was left and not entered`));
    } else {
      this.#notLeft(stack.slice(at + 1));
      stack.length = at;
      this.#handOn(stack, entered, found);
    }
    this.#give({ ...found, entered });
    if (stack.length === 0) this.#open.delete(pid);
  }

  #contradict(line: number, text: string | null): void {
    if (text !== null) this.#give(gap(line, 'contradiction', 1, text));
  }

  /** What a function gave is kept until the one around it is left. */
  #handOn(around: readonly Entered[], entered: Entered, { result, place }: Omit<Left, 'entered'>): void {
    const inner = this.#given.get(place.pid);
    const isInside = inner !== undefined && inner.entered.place.line > entered.place.line;
    if (isInside) this.#contradict(place.line, contradictionIn(entered, inner.entered, { outer: result, inner: inner.result }));
    if (around.length > 0) this.#given.set(place.pid, { entered, result });
    else this.#given.delete(place.pid);
  }
}
