// The desk at which the workers of one search meet: who is idle, work that is given away, when to stop. A few words of shared memory;
// what several of them read and change together changes under one lock, or a worker that just took work would be counted as idle.

import type { Unit } from './strategy.ts';
import type { Turns } from './turns.ts';

const LOCK = 0;
/** Workers without work, those that are not ready yet among them. */
const IDLE = 1;
/** Length of the unit that waits to be taken; 0: none. */
const OFFERED = 2;
const OVER = 3;
const STOP = 4;
/** States found. */
const STATES = 5;
/** 1: the table is to be exchanged; those that work wait until its number grows. */
export const FULL = 6;
const PARKED = 7;
const TABLE = 8;
/** Grows with every sign of life. */
const BEAT = 9;
/** Entries of the table. */
const ENTRIES = 10;
const WORDS = 11;

/** The longest unit; a deeper one is not given away. */
const MOST = 1 << 16;
/** Milliseconds after which whoever waits looks around. */
const PATIENCE = 5;
/** Looks around without a sign of life of anybody, a minute in all, after which a worker counts as dead. */
const DEAD = 12_000;

/** Whoever waits for others counts how long none of them gave a sign of life. */
export class Patience {
  readonly #words: Int32Array;
  #beat = -1;
  #waits = 0;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** Waits a moment, or until the word is another one. Throws when a worker must be dead: it ran out of memory, or was ended. */
  wait(word: number, value: number): void {
    const beat = Atomics.load(this.#words, BEAT);
    if (beat !== this.#beat) this.#waits = 0;
    this.#beat = beat;
    if (this.#waits > DEAD) throw new Error('a worker of the search gives no sign of life');
    const ended = Atomics.wait(this.#words, word, value, PATIENCE);
    // What is another one already, and of no use yet, must not make it spin.
    if (ended === 'timed-out' || Atomics.wait(this.#words, BEAT, beat, PATIENCE) === 'timed-out') this.#waits += 1;
  }
}

export class Desk {
  readonly buffer: SharedArrayBuffer;
  readonly workers: number;
  readonly #words: Int32Array;

  constructor(workers: number, buffer = new SharedArrayBuffer((WORDS + MOST) * 4)) {
    this.buffer = buffer;
    this.workers = workers;
    this.#words = new Int32Array(buffer);
  }

  #locked<Result>(work: () => Result): Result {
    while (Atomics.compareExchange(this.#words, LOCK, 0, 1) !== 0) Atomics.wait(this.#words, LOCK, 1, PATIENCE);
    try {
      return work();
    } finally {
      Atomics.store(this.#words, LOCK, 0);
      Atomics.notify(this.#words, LOCK, 1);
    }
  }

  /** All but the first one are idle. */
  open(states: number, entries: number): void {
    this.#words.fill(0);
    this.#words[IDLE] = this.workers - 1;
    this.#words[STATES] = states;
    this.#words[ENTRIES] = entries;
  }

  get isStopped(): boolean {
    return Atomics.load(this.#words, STOP) !== 0;
  }

  stop(): void {
    Atomics.store(this.#words, STOP, 1);
    Atomics.notify(this.#words, OFFERED);
    Atomics.notify(this.#words, TABLE);
  }

  get states(): number {
    return Atomics.load(this.#words, STATES);
  }

  get entries(): number {
    return Atomics.load(this.#words, ENTRIES);
  }

  /** A sign of life, and how many states were found, and entries made, since the last one. */
  tell(states: number, entries: number): void {
    Atomics.add(this.#words, BEAT, 1);
    if (states > 0) Atomics.add(this.#words, STATES, states);
    if (entries > 0) Atomics.add(this.#words, ENTRIES, entries);
  }

  get patience(): Patience {
    return new Patience(this.#words);
  }

  get table(): number {
    return Atomics.load(this.#words, TABLE);
  }

  get isFull(): boolean {
    return Atomics.load(this.#words, FULL) === 1;
  }

  callForTable(): void {
    Atomics.store(this.#words, FULL, 1);
  }

  /** Somebody waits, and nothing is on offer. */
  get isAsking(): boolean {
    return Atomics.load(this.#words, IDLE) > 0 && Atomics.load(this.#words, OFFERED) === 0;
  }

  /** False: somebody else was quicker, or the unit is too long. */
  offer({ path, untried, last }: Unit): boolean {
    const words = [last, untried.length, ...untried, ...path];
    if (words.length > MOST) return false;
    return this.#locked(() => {
      if (this.#words[OFFERED] !== 0) return false;
      this.#words.set(words, WORDS);
      Atomics.store(this.#words, OFFERED, words.length);
      Atomics.notify(this.#words, OFFERED);
      return true;
    });
  }

  /** What waits to be taken; null: nothing. */
  offered(): Unit | null {
    const length = this.#words[OFFERED]!;
    if (length === 0) return null;
    const [last, untried, ...rest] = this.#words.subarray(WORDS, WORDS + length);
    return { path: rest.slice(untried), untried: rest.slice(0, untried), last: last! };
  }

  #take(): Unit {
    const unit = this.offered()!;
    Atomics.store(this.#words, OFFERED, 0);
    Atomics.sub(this.#words, IDLE, 1);
    return unit;
  }

  /** Has no work any more. */
  rest(): void {
    this.#locked(() => {
      if (Atomics.add(this.#words, IDLE, 1) + 1 < this.workers || this.#words[OFFERED] !== 0) return;
      Atomics.store(this.#words, OVER, 1);
      Atomics.notify(this.#words, OFFERED);
    });
  }

  /** Waits for work; null: the search is over or stopped. `meanwhile` is called while nothing comes. */
  *wait(meanwhile: () => void): Turns<Unit | null> {
    const { patience } = this;
    for (;;) {
      if (this.isStopped || Atomics.load(this.#words, OVER) === 1) return null;
      const unit = this.#locked(() => (this.#words[OFFERED] !== 0 && !this.isFull ? this.#take() : null));
      if (unit !== null) return unit;
      meanwhile();
      patience.wait(OFFERED, 0);
      yield;
    }
  }

  /** Waits until the table is exchanged. */
  park(): void {
    const { table } = this;
    this.#locked(() => Atomics.add(this.#words, PARKED, 1));
    const { patience } = this;
    while (this.table === table && !this.isStopped) patience.wait(TABLE, table);
  }

  /** Runs `exchange` once nobody works; `self`: 1 where whoever asks is idle himself, else 0. False: somebody still works. */
  exchange(self: number, exchange: () => void): boolean {
    return this.#locked(() => {
      if (!this.isFull || this.#words[PARKED]! + this.#words[IDLE]! < this.workers - 1 + self) return false;
      exchange();
      this.#words[PARKED] = 0;
      Atomics.store(this.#words, FULL, 0);
      Atomics.add(this.#words, TABLE, 1);
      Atomics.notify(this.#words, TABLE);
      return true;
    });
  }
}
