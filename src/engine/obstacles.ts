// Why a task cannot step now: a lock, something that it waits to be given up, or files that other tasks still use or close.
import { ask } from '../core/ask.ts';
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

/** Locks that a task holds; between its ioctls only user space's own. */
export const heldBy = ({ locks }: World, task: string): string[] => Object.keys(locks).filter((lock) => locks[lock]!.holder === task);

const attributeHeld = (world: World, frame: Frame, path: string): Obstacle | null => {
  const found = reader(world, scopeOf({ frame, world }))(path);
  return found ? { lock: `until ${path} is given up`, holder: String(found) } : null;
};

/** Whether the task's request was made with the file, as the registers of its first frame say, and does not wait as this frame does. */
const isUser = (task: Task, files: Files, file: string, { workflow, state }: Frame): boolean =>
  ask(task, 'stack', `uses ${files} ${file}, not in ${workflow}.${state}`, ([request]) => {
    if (!request || request.registers[files] !== file) return false;
    return request.workflow !== workflow || request.state !== state;
  });

/** A request in progress holds its files (teardown 1.2): their release waits. Another release that waits as well does not count. */
const filesInUse = (world: World, task: string, frame: Frame, files: Files): Obstacle | null => {
  const file = frame.registers[files] ?? null;
  if (file === null) return null;
  const user = Object.values(world.tasks).find((other) => other.id !== task && isUser(other, files, String(file), frame));
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

/** `container c0` while the task's request closes it; null when it closes nothing. */
const releasedBy = (engine: Engine, task: Task): string | null =>
  ask(task, 'stack', 'releases', ([request]) => {
    const files = request ? filesReleased(engine, request) : null;
    return files === null ? null : `${files} ${request!.registers[files]}`;
  });

/** A request that would use files which another task is closing waits until they are closed. */
export const startObstacle = (
  engineOf: (task: string) => Engine,
  world: World,
  task: string,
  registersOf: () => Registers,
): Obstacle | null => {
  for (const other of Object.values(world.tasks)) {
    const released = other.id === task ? null : releasedBy(engineOf(other.id), other);
    if (released === null) continue;
    const [files, file] = released.split(' ') as [Files, string];
    if (registersOf()[files] === file) return { lock: `until ${file} is closed`, holder: other.id };
  }
  return null;
};
