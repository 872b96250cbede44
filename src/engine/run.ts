// One run of a scenario: boots the machine, submits the script, answers questions by plan or schedule, and gives the events.
import type { Choose, Question } from '../core/choose.ts';
import type { Event } from '../core/events.ts';
import { Failure } from '../core/failure.ts';
import type { Scenario } from '../core/scenario.ts';
import type { World } from '../core/world.ts';
import { boot } from './boot.ts';
import type { Engine } from './engine.ts';
import { countsIn, demandErrnos, plan } from './faults.ts';
import { Session, type Waiting } from './session.ts';

/** The decisions of a run that differ from the default answer 0: question number and answer, in order. */
export type Decisions = readonly (readonly [question: number, answer: number])[];

export interface Run {
  readonly world: World;
  readonly decisions: Decisions;
  /** How many questions were asked in all. */
  readonly questions: number;
  /** Tasks that wait for ever; empty in a healthy run. */
  readonly stuck: readonly { task: string; lock: string; holder: string }[];
  /** The run was stopped before its end. */
  readonly stopped: boolean;
}

export interface RunOptions {
  /** Receives each event as it happens. */
  readonly listen?: (event: Event) => void;
  /** Answers that override the plan's, by question number. */
  readonly decisions?: Decisions;
  /** Asked for which task steps next, when given; sees the questions in order. */
  readonly ask?: (question: Question) => number | undefined;
  /** Stops the run before it ends. */
  readonly stop?: () => boolean;
  /** Asked before each step, with who can step and who waits; false stops the run. */
  readonly pause?: (ready: readonly string[], waiting: readonly Waiting[]) => boolean;
}

interface Answering {
  readonly choose: Choose;
  readonly decisions: [number, number][];
  readonly asked: () => number;
}

/** Answers by schedule first, then by the asker, then by the scenario's plan; writes down what is not 0. */
const answering = (scenario: Scenario, options: RunOptions): Answering => {
  const planned = plan(scenario.faults);
  const given = new Map(options.decisions);
  const decisions: [number, number][] = [];
  let asked = 0;
  const choose: Choose = (bound, question) => {
    const index = asked++;
    const byPlan = planned(question);
    const answer = given.get(index) ?? options.ask?.(question) ?? byPlan;
    if (answer < 0 || answer >= bound)
      throw new Failure('replay-diverged', `question ${index} has ${bound} answers, the schedule says ${answer}`);
    if (answer !== 0) decisions.push([index, answer]);
    return answer;
  };
  return { choose, decisions, asked: () => asked };
};

export interface OpenRun {
  readonly session: Session;
  readonly answers: Answering;
}

/** Boots the scenario's machine and opens a session on it, with nothing submitted yet. */
export const openRun = (engine: Engine, scenario: Scenario, options: RunOptions = {}): OpenRun => {
  demandErrnos(engine.model, scenario.faults);
  const world = boot(engine, scenario);
  const answers = answering(scenario, options);
  const listen = options.listen ?? (() => {});
  const { kernel, caller, hash } = engine.model;
  listen({ type: 'RunStarted', scenario: scenario.name, kernel, caller: caller.name, model: hash, world: structuredClone(world) });
  const session = new Session({ engine, world, choose: answers.choose, listen, counts: countsIn(scenario) });
  return { session, answers };
};

const isPaused = (session: Session, { pause }: RunOptions): boolean => {
  const ready = pause ? session.ready() : [];
  return ready.length > 0 && !pause?.(ready, session.waiting());
};

/** Runs a scenario to its end. Pure: equal scenario, model and decisions give equal events. */
export const runScenario = (engine: Engine, scenario: Scenario, options: RunOptions = {}): Run => {
  const { session, answers } = openRun(engine, scenario, options);
  for (const task of scenario.tasks) for (const request of task.requests) session.submit(task.id, request);
  let stopped = false;
  const stop = (): boolean => {
    stopped = (options.stop?.() ?? false) || isPaused(session, options);
    return stopped;
  };
  session.drive(stop);
  const stuck = stopped ? [] : session.finish();
  return { world: session.world, decisions: answers.decisions, questions: answers.asked(), stuck, stopped };
};
