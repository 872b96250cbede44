// Steps remembered: the real step is evaluated once for each distinct set of values that it reads, and kept as a decision trie whose
// leaves hold what each choice changes.
import type { AskedCell, Cells } from './cells.ts';
import { type Evaluated, type Fact, Facts, factOf, lookingAtWrites, type Taken, takenFact } from './facts.ts';
import { type Move, Moves } from './moves.ts';
import type { Read } from './tracker.ts';

export interface Leaf extends Fact {
  readonly number: number;
  readonly branches: readonly Move[];
}

/** What a memo asks of the model. */
export interface Steps extends Taken {
  readonly evaluate: (actor: number) => Evaluated;
}

/** A node looks at one cell, or at the answer to a question about it; a leaf has a result. */
class Node {
  cell = -1;
  question: AskedCell | null = null;
  readonly kids: Node[] = [];
  leaf: Leaf | null = null;

  kid(key: number): Node {
    for (let index = this.kids.length; index < key; index++) this.kids[index] = undefined as unknown as Node;
    this.kids[key] ??= new Node();
    return this.kids[key]!;
  }
}

export class Memo {
  readonly #cells: Cells;
  readonly #steps: Steps;
  /** By actor: the cell of its stack, which its step reads in any case. */
  readonly #stacks: readonly number[];
  #roots: Node[] = [];
  /** By actor and value of its stack: the number of the leaf that was right the last time, and most often is again. */
  #last: number[][];
  #leaves: Leaf[] = [];
  #moves: Moves;
  readonly #facts: Facts;
  evaluations = 0;
  /** Told of each leaf when it is first come upon, in a world where it holds. */
  listen: (actor: number, leaf: Leaf) => void = () => {};

  constructor(cells: Cells, stacks: readonly number[], steps: Steps) {
    this.#cells = cells;
    this.#stacks = stacks;
    this.#last = stacks.map(() => []);
    this.#steps = steps;
    this.#moves = new Moves(cells);
    this.#facts = new Facts(cells, stacks, steps.kept);
  }

  /** Every leaf come upon since the last `clear`, by number. */
  get leaves(): readonly Leaf[] {
    return this.#leaves;
  }

  /** What they can do. */
  get moves(): Moves {
    return this.#moves;
  }

  /** Other registers are dropped from now on, or others may fail: what was evaluated is to be come upon anew. */
  clear(): void {
    this.#facts.clear();
    this.#roots = [];
    this.#last = this.#stacks.map(() => []);
    this.#leaves = [];
    this.#moves = new Moves(this.#cells);
  }

  /** What the actor's next step can do in the current world. */
  leaf(actor: number): Leaf {
    return this.#leaves[this.number(actor)]!;
  }

  /** The number of its leaf. */
  number(actor: number): number {
    const stack = this.#stacks[actor];
    if (stack === undefined) return this.#walk(actor).number;
    const value = this.#cells.current[stack]!;
    const last = this.#last[actor]![value];
    if (last !== undefined && this.#moves.holds(last) && this.#answers(last)) return last;
    const found = this.#walk(actor).number;
    const known = this.#last[actor]!;
    for (let index = known.length; index < value; index++) known.push(found);
    known[value] = found;
    return found;
  }

  #answers(leaf: number): boolean {
    if (!this.#moves.isAsking(leaf)) return true;
    const { current } = this.#cells;
    const { questions, answers } = this.#leaves[leaf]!;
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
    const fact = this.#facts.find(actor) ?? this.#evaluate(actor);
    const taken = lookingAtWrites(takenFact(fact, this.#steps), this.#cells);
    const node = this.#node(actor, [...fact.reads, ...taken.cells.subarray(fact.cells.length)]);
    const leaf = { ...taken, branches: this.#moves.add(taken), number: this.#leaves.length };
    this.#leaves.push(leaf);
    node.leaf = leaf;
    this.listen(actor, leaf);
    return leaf;
  }

  #evaluate(actor: number): Fact {
    this.evaluations += 1;
    const evaluated = this.#steps.evaluate(actor);
    const fact = factOf(this.#cells, actor, evaluated);
    this.#facts.add(fact, evaluated);
    return fact;
  }

  /** The node of the current world. */
  #node(actor: number, reads: readonly Read[]): Node {
    this.#roots[actor] ??= new Node();
    let node = this.#roots[actor]!;
    for (const read of reads) {
      if (node.cell < 0) this.#look(node, read);
      const value = this.#cells.current[node.cell]!;
      node = node.kid(node.question === null ? value : this.#cells.answer(node.question, value));
    }
    return node;
  }

  #look(node: Node, read: Read): void {
    node.question = read < 0 ? this.#cells.questions[-1 - read]! : null;
    node.cell = node.question === null ? read : node.question.cell;
  }
}
