// Why a task cannot step now: a lock, something that it waits to be given up, or files that other tasks still use or close.
import { lockId, scopeOf } from '../core/operation.ts';
import { reader } from '../core/scope.ts';
import { type Frame, isPathFrame, type Registers, type Task, type World } from '../core/world.ts';
import type { Engine } from './engine.ts';

export interface Obstacle {
  readonly lock: string;
  readonly holder: string;
}

type Files = 'container' | 'context';

const heldLock = (world: World, frame: Frame, name: string, owner: string): Obstacle | null => {
  const lock = lockId(frame, name, owner);
  const holder = world.locks[lock]?.holder;
  return holder ? { lock, holder } : null;
};

const attributeHeld = (world: World, frame: Frame, path: string): Obstacle | null => {
  const found = reader(world, scopeOf({ frame, world }))(path);
  return found ? { lock: `until ${path} is given up`, holder: String(found) } : null;
};

/** The frame of the request itself: its registers name the files that it was made with. */
const requestOf = (task: Task): Frame | undefined => task.stack[0];

/** A request in progress holds its files (teardown 1.2): their release waits. Another release that waits as well does not count. */
const filesInUse = (world: World, task: string, frame: Frame, files: Files): Obstacle | null => {
  const file = frame.registers[files] ?? null;
  const user = Object.values(world.tasks).find((other) => {
    const request = other.id === task ? undefined : requestOf(other);
    return request && request.registers[files] === file && !(request.workflow === frame.workflow && request.state === frame.state);
  });
  return user ? { lock: `until the request on ${file} is over`, holder: user.id } : null;
};

const operationOf = (engine: Engine, frame: Frame) => engine.machine(frame.workflow)?.states.get(frame.state)?.facts.op;

/** What keeps a task from its next step; null when it can step. */
export const obstacle = (engine: Engine, world: World, task: string): Obstacle | null => {
  const frame = world.tasks[task]!.stack.at(-1);
  if (!frame || isPathFrame(frame)) return null;
  const [name, first, second] = operationOf(engine, frame) ?? [''];
  if (name === 'lock') return heldLock(world, frame, String(first), String(second));
  if (name === 'waitWhile') return attributeHeld(world, frame, String(first));
  if (name === 'waitForOthers') return filesInUse(world, task, frame, first as Files);
  return name === 'closeContainer' && first ? filesInUse(world, task, frame, first as Files) : null;
};

/** Whether a request is a release past its wait, and of which files. */
const filesReleased = (engine: Engine, frame: Frame): Files | null => {
  const machine = engine.machine(frame.workflow);
  const op = machine?.states.get(machine.initial)?.facts.op;
  return op?.[0] === 'waitForOthers' && frame.state !== machine?.initial ? (op[1] as Files) : null;
};

/** A request that would use files which another task is closing waits until they are closed. */
export const startObstacle = (
  engineOf: (task: string) => Engine,
  world: World,
  task: string,
  registersOf: () => Registers,
): Obstacle | null => {
  for (const other of Object.values(world.tasks)) {
    const request = other.id === task ? undefined : requestOf(other);
    const files = request ? filesReleased(engineOf(other.id), request) : null;
    if (!request || files === null) continue;
    const file = registersOf()[files];
    if (file !== null && file === request.registers[files]) return { lock: `until ${file} is closed`, holder: other.id };
  }
  return null;
};
