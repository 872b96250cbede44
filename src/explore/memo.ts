// Steps remembered: the real step is evaluated once for each distinct set of values that it reads, and kept as a decision trie whose
// leaves hold what each choice changes. It asks no more than tells its leaves apart: what is found has to be held against the world.
import type { Cells } from './cells.ts';
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

/** Looks at one cell, or at the answer to a question about it; behind each value is another node, or the number of a leaf. */
interface Node {
  readonly read: Read;
  readonly kids: Kids;
}

type Kids = Map<number, Node | number>;

/** What tells leaves apart, in the order in which they looked at it. */
const readAt = ({ reads, cells }: Fact, depth: number): Read =>
  depth < reads.length ? reads[depth]! : cells.at(reads.length - 1 - depth)!;

export class Memo {
  readonly #cells: Cells;
  readonly #steps: Steps;
  /** By actor: the cell of its stack, which its step reads in any case. */
  readonly #stacks: readonly number[];
  /** By actor. */
  #roots: Kids = new Map();
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
    this.#roots = new Map();
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
    if (stack === undefined) return this.#walk(actor);
    const value = this.#cells.current[stack]!;
    const last = this.#last[actor]![value];
    if (last !== undefined && this.#moves.holds(last) && this.#answers(last)) return last;
    const found = this.#walk(actor);
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

  #walk(actor: number): number {
    let found = this.#roots.get(actor);
    while (typeof found === 'object') found = found.kids.get(this.#key(found.read));
    return found !== undefined && this.#moves.holds(found) && this.#answers(found) ? found : this.#learn(actor);
  }

  /** Of what is read: the number of the cell's value now, or of the question's answer. */
  #key(read: Read): number {
    const { current, questions } = this.#cells;
    if (read >= 0) return current[read]!;
    const question = questions[-1 - read]!;
    const value = current[question.cell]!;
    return question.answers[value] ?? this.#cells.answer(question, value);
  }

  #learn(actor: number): number {
    const fact = this.#facts.find(actor) ?? this.#evaluate(actor);
    const taken = lookingAtWrites(takenFact(fact, this.#steps), this.#cells);
    const leaf = { ...taken, branches: this.#moves.add(taken), number: this.#leaves.length };
    this.#leaves.push(leaf);
    this.#put(leaf);
    this.listen(actor, leaf);
    return leaf.number;
  }

  #evaluate(actor: number): Fact {
    this.evaluations += 1;
    const evaluated = this.#steps.evaluate(actor);
    const fact = factOf(this.#cells, actor, evaluated);
    this.#facts.add(fact, evaluated);
    return fact;
  }

  /** The leaf holds in the current world. */
  #put({ actor, number }: Leaf): void {
    let kids = this.#roots;
    let key = actor;
    for (let depth = 0; ; depth++) {
      const found = kids.get(key);
      if (found === undefined) {
        kids.set(key, number);
        return;
      }
      const node: Node = typeof found === 'object' ? found : this.#pushedDown(found, depth);
      kids.set(key, node);
      kids = node.kids;
      key = this.#key(node.read);
    }
  }

  /** A node that looks at what the leaf looked at next. */
  #pushedDown(number: number, depth: number): Node {
    const leaf = this.#leaves[number]!;
    const read = readAt(leaf, depth);
    const value =
      read >= 0 ? leaf.values[leaf.cells.indexOf(read)]! : leaf.answers[leaf.questions.indexOf(this.#cells.questions[-1 - read]!)]!;
    return { read, kids: new Map([[value, number]]) };
  }
}
