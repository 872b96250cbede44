// How tasks, their frames and locks change.
import type { Changes } from '../evolve.ts';
import { type Frame, isPathFrame, newTask, type PathFrame, type Task, type World } from '../world.ts';

const top = (world: World, task: string): Frame | PathFrame => world.tasks[task]!.stack.at(-1)!;
const none = (): void => {};

const taskOf = (world: World, id: string): Task => world.tasks[id]!;

/** A frame of its own: the event's must not grow with what the path does. */
const copyOf = (frame: Frame | PathFrame): Frame | PathFrame => {
  const registers = { ...frame.registers };
  return isPathFrame(frame) ? { ...frame, registers, done: [...frame.done] } : { ...frame, registers };
};

export const taskChanges: Changes<
  | 'RequestStarted'
  | 'RequestEnded'
  | 'CallStarted'
  | 'CallEnded'
  | 'TaskStarted'
  | 'TaskKilled'
  | 'TaskEnded'
  | 'TaskBlocked'
  | 'FrameEntered'
  | 'FrameLeft'
  | 'StepTaken'
  | 'RegistersSet'
  | 'RowPassed'
  | 'RowUnwound'
  | 'PathRefused'
  | 'LockTaken'
  | 'LockReleased'
> = {
  RequestStarted: none,
  RequestEnded: (world, event) => {
    taskOf(world, event.task).request = event.request + 1;
  },
  CallStarted: (world, event) => {
    const task = taskOf(world, event.task);
    task.call = event.call;
    task.allocations = event.counts ? 0 : null;
  },
  CallEnded: (world, event) => {
    const task = taskOf(world, event.task);
    task.call = null;
    task.allocations = null;
  },
  TaskStarted: (world, { task, caller, container }) => {
    world.tasks[task] = newTask(task, caller, container);
  },
  TaskKilled: (world, event) => {
    taskOf(world, event.task).phase = 'killed';
  },
  TaskEnded: (world, event) => {
    taskOf(world, event.task).phase = 'ended';
  },
  TaskBlocked: none,
  FrameEntered: (world, event) => {
    taskOf(world, event.task).stack.push(copyOf(event.frame));
  },
  FrameLeft: (world, event) => {
    taskOf(world, event.task).stack.pop();
  },
  StepTaken: (world, event) => {
    const frame = top(world, event.task);
    frame.state = event.to;
    if (event.registers) Object.assign(frame.registers, event.registers);
  },
  RegistersSet: (world, event) => {
    Object.assign(top(world, event.task).registers, event.registers);
  },
  RowPassed: (world, event) => {
    const frame = top(world, event.task) as PathFrame;
    frame.row = event.row + 1;
    if (event.done) frame.done.push(event.done);
  },
  RowUnwound: (world, event) => {
    const frame = top(world, event.task) as PathFrame;
    frame.done.pop();
  },
  PathRefused: (world, event) => {
    (top(world, event.task) as PathFrame).refusal = event.errno;
  },
  LockTaken: (world, event) => {
    world.locks[event.lock] = { holder: event.task };
  },
  LockReleased: (world, event) => {
    delete world.locks[event.lock];
  },
};
