// The one step: a task's top frame names an operation or a row; what happens becomes events, folded at once.
import type { Choose } from '../core/choose.ts';
import type { Event } from '../core/events.ts';
import { evolve } from '../core/evolve.ts';
import { assert } from '../core/failure.ts';
import type { FilesOfTasks } from '../core/files.ts';
import { type Operation, type OperationContext, type Outcome, scopeOf } from '../core/operation.ts';
import { advancePath, type PathMove, pathScope, refuse, rowsOf } from '../core/paths.ts';
import type { RowContext } from '../core/perform.ts';
import { reader } from '../core/scope.ts';
import { type Frame, isPathFrame, type PathFrame, type World } from '../core/world.ts';
import { type Engine, phaseOf } from './engine.ts';
import type { ClosedMachine } from './machines.ts';

/** What one run keeps beside the world: the model closed into tables, who answers, who listens. */
export interface Stepper {
  readonly engine: Engine;
  readonly world: World;
  readonly choose: Choose;
  readonly listen: (event: Event) => void;
  readonly files: FilesOfTasks;
  /** Whether allocations of this call are counted (a fault plan counts there). */
  readonly counts: (task: string, call: string, attaches: boolean) => boolean;
  /** By task: what its steps have in common, made with the first one. */
  contexts?: Map<string, StepContext>;
}

type StepContext = Omit<RowContext, 'scope'>;

const emit = (stepper: Stepper, event: Event): void => {
  evolve(stepper.world, event);
  stepper.listen(event);
};

const topOf = (world: World, task: string): Frame | PathFrame | undefined => world.tasks[task]!.stack.at(-1);

const rowContext = (stepper: Stepper, task: string): StepContext => {
  stepper.contexts ??= new Map();
  const known = stepper.contexts.get(task);
  if (known !== undefined) return known;
  const made = newContext(stepper, task);
  stepper.contexts.set(task, made);
  return made;
};

const newContext = (stepper: Stepper, task: string): StepContext => {
  const { engine, world, choose } = stepper;
  return {
    column: engine.model.column,
    world,
    task,
    contract: engine.model.contract,
    apiOf: engine.apiOf,
    choose,
    emit: (event) => emit(stepper, event),
    phase: (kind, id, trigger) => phaseOf(engine, world, kind, id, trigger),
  };
};

const machineOf = (engine: Engine, workflow: string): ClosedMachine => {
  const found = engine.machine(workflow);
  assert(found, `no workflow is named ${workflow}`);
  return found;
};

/** Performs one step of a task that has a frame and can step. */
export const advance = (stepper: Stepper, task: string): void => {
  const frame = topOf(stepper.world, task);
  assert(frame, `task ${task} has nothing to do`);
  if (isPathFrame(frame)) advanceRow(stepper, task, frame);
  else advanceState(stepper, task, frame);
};

const advanceRow = (stepper: Stepper, task: string, frame: PathFrame): void => {
  const rows = rowsOf(stepper.engine.operationModel.driver(frame.driver), frame.path, stepper.engine.model.column);
  const context: RowContext = { ...rowContext(stepper, task), scope: pathScope(frame) };
  act(stepper, task, frame, advancePath(frame, rows, context));
};

const act = (stepper: Stepper, task: string, frame: PathFrame, move: PathMove): void => {
  if (move.kind === 'enter') emit(stepper, { type: 'FrameEntered', task, frame: move.frame });
  else if (move.kind === 'leave') leave(stepper, task, frame.workflow, move.outcome);
};

const advanceState = (stepper: Stepper, task: string, frame: Frame): void => {
  const machine = machineOf(stepper.engine, frame.workflow);
  const facts = machine.states.get(frame.state)?.facts;
  assert(facts?.op, `${frame.workflow}.${frame.state} names no operation`);
  const [name, ...args] = facts.op;
  const operation = stepper.engine.operation(name);
  assert(operation, `${frame.workflow}.${frame.state} names an unknown operation ${name}`);
  const outcome = perform(stepper, task, frame, operation, args);
  if (typeof outcome === 'string') settle(stepper, task, frame, outcome);
  else if ('enter' in outcome) enter(stepper, task, outcome);
  else settle(stepper, task, frame, outcome.outcome, outcome.registers);
};

const perform = (
  stepper: Stepper,
  task: string,
  frame: Frame,
  operation: Operation,
  args: Parameters<Operation> extends [unknown, ...infer A] ? A : never,
): Outcome => {
  const context: OperationContext = {
    ...rowContext(stepper, task),
    scope: scopeOf({ frame, world: stepper.world }),
    frame,
    model: stepper.engine.operationModel,
    files: stepper.files,
  };
  return operation(context, ...args);
};

const enter = (stepper: Stepper, task: string, { enter: frame, registers }: Extract<Outcome, { enter: unknown }>): void => {
  if (registers) emit(stepper, { type: 'RegistersSet', task, registers });
  if (isPathFrame(frame)) emit(stepper, { type: 'FrameEntered', task, frame });
  else enterWorkflow(stepper, task, frame);
};

/** Pushes a workflow at its initial state; an ioctl starts its count of allocations. */
export const enterWorkflow = (stepper: Stepper, task: string, frame: Frame): void => {
  const machine = machineOf(stepper.engine, frame.workflow);
  const { call, counts } = machine.facts;
  if (call) {
    const attaches =
      typeof counts === 'string' ? Boolean(reader(stepper.world, scopeOf({ frame, world: stepper.world }))(counts)) : counts === true;
    emit(stepper, { type: 'CallStarted', task, call, counts: stepper.counts(task, call, attaches) });
  }
  emit(stepper, { type: 'FrameEntered', task, frame: { ...frame, state: machine.initial } });
};

/** Leaves the top frame and gives its outcome to the frame below, or ends the request. */
export const leave = (stepper: Stepper, task: string, workflow: string, outcome: string, returned?: Frame['registers']): void => {
  const call = stepper.engine.machine(workflow)?.facts.call;
  const result = outcome.startsWith('errno.') ? outcome.slice('errno.'.length) : 'OK';
  if (call) emit(stepper, { type: 'CallEnded', task, call, result, allocations: stepper.world.tasks[task]!.allocations });
  emit(stepper, { type: 'FrameLeft', task, workflow, outcome });
  const below = topOf(stepper.world, task);
  if (!below) return;
  if (isPathFrame(below)) pathReturned(stepper, task, below, outcome);
  else settle(stepper, task, below, outcome, returned);
};

const pathReturned = (stepper: Stepper, task: string, frame: PathFrame, outcome: string): void => {
  const context: RowContext = { ...rowContext(stepper, task), scope: pathScope(frame) };
  if (!outcome.startsWith('errno.')) emit(stepper, { type: 'RowPassed', task, row: frame.row, done: null });
  else act(stepper, task, frame, refuse(frame, outcome.slice('errno.'.length), context));
};

/** Moves a workflow frame on an outcome; the scan's rule turns an errno into NEXT; end states leave at once. */
const settle = (stepper: Stepper, task: string, frame: Frame, given: string, registers?: Frame['registers']): void => {
  const machine = machineOf(stepper.engine, frame.workflow);
  const facts = machine.states.get(frame.state)!.facts;
  const errno = given.startsWith('errno.') ? given.slice('errno.'.length) : null;
  const next = errno !== null && facts.scan && triesNext(stepper.engine.operationModel.scan, errno);
  const outcome = next ? 'NEXT' : given;
  const to = machine.next(frame.state, outcome);
  assert(to !== null, `${frame.workflow}.${frame.state} does not accept ${outcome}`);
  const kept = errno !== null && !next && (!facts.drops || facts.scan) ? { errno } : {};
  const event: Event = { type: 'StepTaken', task, workflow: frame.workflow, from: frame.state, outcome: given, to };
  if (registers || errno !== null) event.registers = { ...registers, ...kept };
  if (facts.scan && errno !== null) event.scanned = next ? 'next' : 'stop';
  emit(stepper, event);
  const ended = machine.states.get(to)!;
  if (!ended.final) return;
  const { result = 'OK', returns } = ended.facts;
  leave(stepper, task, frame.workflow, resultOf(result, stepper.world, task), returns && returnedOf(returns, stepper.world, task));
};

const triesNext = (scan: 'any' | readonly string[], errno: string): boolean => scan === 'any' || scan.includes(errno);

const resultOf = (result: 'OK' | 'NONE' | 'errno', world: World, task: string): string =>
  result === 'errno' ? `errno.${String(topOf(world, task)!.registers['errno'] ?? 'EINVAL')}` : result;

const returnedOf = (names: readonly string[], world: World, task: string): Frame['registers'] =>
  Object.fromEntries(names.map((name) => [name, topOf(world, task)!.registers[name] ?? null]));
