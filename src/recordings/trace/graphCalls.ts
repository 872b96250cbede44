// Follows the calls of function_graph: which function a brace closes, and the tokens that each line of the tree gives.
import { eventOf } from './formats/tracefs.ts';
import { callTokens } from './functionCalls.ts';
import type { GraphWords } from './graphLine.ts';
import type { NamedEvent } from './text.ts';

/** A CPU or pid of which the trace does not print the column; a time that is not printed is 0, and the order is that of the lines. */
export const unknown = -1;

/** The functions that each task is in; where tasks are not printed, each CPU. */
export class GraphCalls {
  readonly #stacks = new Map<string, string[]>();

  /** A text instead of tokens says why there are none. */
  tokens(words: GraphWords, depth: number, { cpu, pid }: { readonly cpu: number; readonly pid: number }): NamedEvent[] | string {
    if (words.kind === 'comment') return [commented(words.words)];
    const stack = this.#stack(pid === unknown ? `CPU ${cpu}` : `${pid} ${pid === 0 ? cpu : ''}`);
    if (words.kind === 'leaf') return [entered(words), callTokens.exit(words.called, words.value)];
    if (words.kind === 'entry') {
      stack.length = Math.min(stack.length, depth);
      stack[depth] = words.called;
      return [entered(words)];
    }
    const called = words.called ?? stack[depth];
    stack.length = Math.min(stack.length, depth);
    return called === undefined ? 'the end of a function whose beginning is not in the trace' : [callTokens.exit(called, words.value)];
  }

  #stack(owner: string): string[] {
    const known = this.#stacks.get(owner);
    if (known) return known;
    if (this.#stacks.size >= mostStacks) this.#stacks.clear();
    const stack: string[] = [];
    this.#stacks.set(owner, stack);
    return stack;
  }
}

/** Pids come and go; memory stays bounded. */
const mostStacks = 10_000;

const entered = ({ called, args }: { readonly called: string; readonly args: string }): NamedEvent => {
  const { name, text } = callTokens.entry(called);
  return { name, text: args === '' ? text : `${text} ${args.replaceAll(', ', ' ')}` };
};

/** `attach_device_to_domain: IOMMU: ...`; a mark is printed without the name that tracefs gives it elsewhere. */
const commented = (words: string): NamedEvent => {
  const named = /^\w+: |^sys_\w+(?:\(| -> )/.test(words) ? eventOf(words) : undefined;
  return named ?? { name: 'tracing_mark_write', text: words };
};
