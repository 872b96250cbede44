// A copy of a stack for one evaluation, whose registers note who reads them; and what the step made of it.
import { type Frame, isPathFrame, type PathFrame, type Registers } from '../core/world.ts';
import type { AnyFrame } from './stacks.ts';

/** A watched frame, and what it was made of. */
interface Watched {
  readonly origin: AnyFrame;
  readonly own: AnyFrame;
  /** Behind the frame's registers, to be looked at without noting it. */
  readonly registers: Registers;
  /** Whether a register was written. */
  isWritten: boolean;
}

/** Registers that are not set are left out. */
export const withRegisters = (frame: Frame, registers: Registers, stays: (name: string, value: unknown) => boolean): Frame => {
  const kept: Registers = {};
  for (const name of Object.keys(registers).sort()) {
    const value = registers[name];
    if (value !== null && value !== undefined && stays(name, value)) kept[name] = value;
  }
  return { ...frame, registers: kept };
};

const areEqual = (one: object, other: object): boolean => {
  let left = 0;
  for (const name in one) {
    if (one[name as never] !== other[name as never]) return false;
    left += 1;
  }
  for (const _ in other) left -= 1;
  return left === 0;
};

/** Whether a step left a watched frame where it was, whatever became of its registers. */
const isMoved = (frame: AnyFrame, origin: AnyFrame): boolean => {
  if (frame.state !== origin.state) return true;
  if (!isPathFrame(frame) || !isPathFrame(origin)) return false;
  return frame.row !== origin.row || frame.refusal !== origin.refusal || !areEqual(frame.done, origin.done);
};

export class Watching {
  readonly #use: (frame: Frame, name: string) => void;
  readonly #watched = new WeakMap<AnyFrame, Watched>();
  /** By origin: frames below the top are most often left as they are, and serve again. */
  readonly #copies = new WeakMap<AnyFrame, Watched>();

  /** `use`: told of every register that is read in the frame of a workflow. */
  constructor(use: (frame: Frame, name: string) => void) {
    this.#use = use;
  }

  copyOf(stack: unknown): AnyFrame[] {
    return (stack as readonly AnyFrame[]).map((origin) => {
      if (isPathFrame(origin)) return this.#pathCopy(origin);
      const known = this.#copies.get(origin);
      const isAsItWas = known !== undefined && !known.isWritten && known.own.state === origin.state;
      return isAsItWas ? known.own : this.#copy(origin);
    });
  }

  #pathCopy(origin: PathFrame): AnyFrame {
    const registers = { ...origin.registers };
    const own = { ...origin, registers, done: [...origin.done] };
    this.#watched.set(own, { origin, own, registers, isWritten: true });
    return own;
  }

  #copy(origin: Frame): AnyFrame {
    const registers = { ...origin.registers };
    const own = { ...origin };
    const watched = { origin, own, registers, isWritten: false };
    own.registers = this.#watch(watched);
    this.#watched.set(own, watched);
    this.#copies.set(origin, watched);
    return own;
  }

  #watch(watched: Watched): Registers {
    return new Proxy(watched.registers, {
      get: (target, name) => {
        if (typeof name === 'string') this.#use(watched.own, name);
        return Reflect.get(target, name);
      },
      set: (target, name, value) => {
        watched.isWritten = true;
        return Reflect.set(target, name, value);
      },
    });
  }

  /** What became of a copy, with every register that is set. */
  whole(stack: unknown): AnyFrame[] {
    return (stack as readonly AnyFrame[]).map((frame) => {
      const watched = this.#watched.get(frame);
      if (watched === undefined) return isPathFrame(frame) ? frame : withRegisters(frame, frame.registers, () => true);
      const { origin, registers, isWritten } = watched;
      if (isWritten && !areEqual(registers, origin.registers))
        return isPathFrame(frame) ? frame : withRegisters(frame, registers, () => true);
      return isMoved(frame, origin) ? { ...frame, registers: origin.registers } : origin;
    });
  }
}
