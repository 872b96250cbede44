// A copy of a stack for one evaluation, whose registers note who reads them; and what the step made of it.
import { type Frame, isPathFrame, type Registers } from '../core/world.ts';
import type { AnyFrame } from './stacks.ts';

/** What a watched frame was made of. */
interface Watched {
  readonly origin: AnyFrame;
  /** Behind the frame's registers, to be looked at without noting it. */
  readonly registers: Registers;
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
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => one[name as never] === other[name as never]);
};

/** Whether a step left a watched frame as it was. */
const isUnchanged = (frame: AnyFrame, { origin, registers }: Watched): boolean => {
  if (frame.state !== origin.state || !areEqual(registers, origin.registers)) return false;
  if (!isPathFrame(frame) || !isPathFrame(origin)) return true;
  return frame.row === origin.row && frame.refusal === origin.refusal && areEqual(frame.done, origin.done);
};

export class Watching {
  readonly #use: (frame: Frame, name: string) => void;
  readonly #watched = new WeakMap<AnyFrame, Watched>();

  /** `use`: told of every register that is read in the frame of a workflow. */
  constructor(use: (frame: Frame, name: string) => void) {
    this.#use = use;
  }

  copyOf(stack: unknown): AnyFrame[] {
    return (stack as readonly AnyFrame[]).map((origin) => {
      const registers = { ...origin.registers };
      const own: AnyFrame = isPathFrame(origin) ? { ...origin, registers, done: [...origin.done] } : { ...origin, registers };
      if (!isPathFrame(own)) own.registers = this.#watch(own, registers);
      this.#watched.set(own, { origin, registers });
      return own;
    });
  }

  #watch(frame: Frame, registers: Registers): Registers {
    return new Proxy(registers, {
      get: (target, name) => {
        if (typeof name === 'string') this.#use(frame, name);
        return Reflect.get(target, name);
      },
    });
  }

  /** What became of a copy, with every register that is set. */
  whole(stack: unknown): AnyFrame[] {
    return (stack as readonly AnyFrame[]).map((frame) => {
      const watched = this.#watched.get(frame);
      if (watched !== undefined && isUnchanged(frame, watched)) return watched.origin;
      return isPathFrame(frame) ? frame : withRegisters(frame, watched?.registers ?? frame.registers, () => true);
    });
  }
}
