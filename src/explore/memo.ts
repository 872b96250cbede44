// Steps remembered: the real step is evaluated once for each distinct set of values that it reads, and kept as a decision trie whose
// leaves hold what each choice changes.
import type { AskedCell, Cells } from './cells.ts';
import type { Read } from './tracker.ts';

/** One way that a step can go: which values change, by which answers to the step's questions, and what detectors and claims saw. */
export interface Branch {
  readonly cells: readonly number[];
  readonly values: readonly number[];
  /** Answers to the questions of the step, in order; trailing zeros are left out. */
  readonly answers: readonly number[];
  /** Findings and claims decided here, by number; null: none. */
  readonly labels: readonly number[] | null;
  /** The lock taken, as its holder's cell, or -1: no other task takes it while it is held. */
  readonly lock: number;
}

/** Everything that one step can do where these values hold; no branches: the task cannot step. */
export interface Leaf {
  readonly number: number;
  readonly branches: readonly Branch[];
  readonly reads: readonly Read[];
  /** Cells that were read with their values, and questions with their answers: where they hold, this is the leaf. */
  readonly cells: Int32Array;
  readonly values: Int32Array;
  readonly questions: readonly AskedCell[];
  readonly answers: readonly number[];
}

export interface Evaluated {
  readonly reads: readonly Read[];
  readonly branches: readonly Branch[];
}

/** A node looks at one cell, or at the answer to a question about it; a leaf has a result. */
class Node {
  cell = -1;
  question: AskedCell | null = null;
  readonly kids: Node[] = [];
  leaf: Leaf | null = null;
}

export class Memo {
  readonly #cells: Cells;
  readonly #evaluate: (actor: number) => Evaluated;
  /** By actor: the cell of its stack, which its step reads in any case. */
  readonly #stacks: readonly number[];
  #roots: Node[] = [];
  /** By actor and value of its stack: the leaf that was right the last time, and most often is again. */
  #last: Leaf[][];
  #leaves: Leaf[] = [];
  evaluations = 0;
  /** Told of each leaf that is learned, in the world where it was. */
  listen: (actor: number, leaf: Leaf) => void = () => {};

  constructor(cells: Cells, stacks: readonly number[], evaluate: (actor: number) => Evaluated) {
    this.#cells = cells;
    this.#stacks = stacks;
    this.#last = stacks.map(() => []);
    this.#evaluate = evaluate;
  }

  /** Every leaf learned since the last `clear`, by number. */
  get leaves(): readonly Leaf[] {
    return this.#leaves;
  }

  clear(): void {
    this.#roots = [];
    this.#last = this.#stacks.map(() => []);
    this.#leaves = [];
  }

  /** What the actor's next step can do in the current world. */
  leaf(actor: number): Leaf {
    const stack = this.#stacks[actor];
    if (stack === undefined) return this.#walk(actor);
    const value = this.#cells.current[stack]!;
    const last = this.#last[actor]![value];
    if (last !== undefined && this.#holds(last)) return last;
    const found = this.#walk(actor);
    const known = this.#last[actor]!;
    for (let index = known.length; index < value; index++) known.push(found);
    known[value] = found;
    return found;
  }

  #holds({ cells, values, questions, answers }: Leaf): boolean {
    const { current } = this.#cells;
    for (let index = 0; index < cells.length; index++) if (current[cells[index]!] !== values[index]) return false;
    for (let index = 0; index < questions.length; index++) {
      const question = questions[index]!;
      const value = current[question.cell]!;
      if ((question.answers[value] ?? this.#cells.answer(question, value)) !== answers[index]) return false;
    }
    return true;
  }

  #walk(actor: number): Leaf {
    const { current } = this.#cells;
    let node = this.#roots[actor];
    while (node !== undefined) {
      if (node.leaf !== null) return node.leaf;
      const value = current[node.cell]!;
      const { question } = node;
      node = node.kids[question === null ? value : (question.answers[value] ?? this.#cells.answer(question, value))];
    }
    return this.#learn(actor);
  }

  #learn(actor: number): Leaf {
    this.evaluations += 1;
    const { reads, branches } = this.#evaluate(actor);
    const leaf = this.#leafOf(reads, branches);
    this.#leaves.push(leaf);
    this.#roots[actor] ??= new Node();
    let node = this.#roots[actor]!;
    for (const read of reads) {
      if (node.cell < 0) this.#look(node, read);
      const value = this.#cells.current[node.cell]!;
      const key = node.question === null ? value : this.#cells.answer(node.question, value);
      for (let index = node.kids.length; index < key; index++) node.kids[index] = undefined as unknown as Node;
      node.kids[key] ??= new Node();
      node = node.kids[key]!;
    }
    node.leaf = leaf;
    this.listen(actor, leaf);
    return leaf;
  }

  #leafOf(reads: readonly Read[], branches: readonly Branch[]): Leaf {
    const { current } = this.#cells;
    const cells = Int32Array.from(reads.filter((read) => read >= 0));
    const questions = reads.flatMap((read) => (read < 0 ? [this.#cells.questions[-1 - read]!] : []));
    return {
      number: this.#leaves.length,
      branches,
      reads,
      cells,
      values: cells.map((cell) => current[cell]!),
      questions,
      answers: questions.map((question) => this.#cells.answer(question, current[question.cell]!)),
    };
  }

  #look(node: Node, read: Read): void {
    node.question = read < 0 ? this.#cells.questions[-1 - read]! : null;
    node.cell = node.question === null ? read : node.question.cell;
  }
}
