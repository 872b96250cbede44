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
  /** Of the evaluation under way: what each copy of a stack was made of, frame by frame. */
  readonly #watched = new Map<unknown, readonly Watched[]>();
  /** By origin: frames below the top are most often left as they are, and serve again. */
  readonly #copies = new Map<AnyFrame, Watched>();

  /** `use`: told of every register that is read in the frame of a workflow. */
  constructor(use: (frame: Frame, name: string) => void) {
    this.#use = use;
  }

  /** Another evaluation begins. */
  forget(): void {
    if (this.#watched.size > 0) this.#watched.clear();
  }

  copyOf(stack: unknown): AnyFrame[] {
    const watched = (stack as readonly AnyFrame[]).map((origin) => this.#copyOf(origin));
    const own = watched.map((frame) => frame.own);
    this.#watched.set(own, watched);
    return own;
  }

  #copyOf(origin: AnyFrame): Watched {
    if (isPathFrame(origin)) return pathCopy(origin);
    const known = this.#copies.get(origin);
    if (known !== undefined && !known.isWritten && known.own.state === origin.state) return known;
    const watched = { origin, own: { ...origin }, registers: { ...origin.registers }, isWritten: false };
    watched.own.registers = this.#watch(watched);
    this.#copies.set(origin, watched);
    return watched;
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
    const copied = this.#watched.get(stack);
    return (stack as readonly AnyFrame[]).map((frame, depth) => {
      const watched = copied?.[depth];
      return watched?.own === frame ? wholeCopy(frame, watched) : wholeFrame(frame, frame.registers);
    });
  }
}

const pathCopy = (origin: PathFrame): Watched => {
  const registers = { ...origin.registers };
  return { origin, own: { ...origin, registers, done: [...origin.done] } as PathFrame, registers, isWritten: true };
};

const wholeFrame = (frame: AnyFrame, registers: Registers): AnyFrame =>
  isPathFrame(frame) ? frame : withRegisters(frame, registers, () => true);

const wholeCopy = (frame: AnyFrame, { origin, registers, isWritten }: Watched): AnyFrame => {
  if (isWritten && !areEqual(registers, origin.registers)) return wholeFrame(frame, registers);
  return isMoved(frame, origin) ? { ...frame, registers: origin.registers } : origin;
};
