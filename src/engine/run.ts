// One run of a scenario: boots the machine, submits the script, answers questions by plan or schedule, and gives the events.
import type { Choose, Question } from '../core/choose.ts';
import type { Event } from '../core/events.ts';
import { Failure } from '../core/failure.ts';
import type { Scenario, TaskScript } from '../core/scenario.ts';
import { Follower } from '../core/schedule.ts';
import type { World } from '../core/world.ts';
import { boot } from './boot.ts';
import type { Engine } from './engine.ts';
import { countsIn, demandErrnos, plan } from './faults.ts';
import { prepared, wholeScripts } from './preState.ts';
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
  /** Asked before the plan, when given; sees the questions in order, and the world in which they are asked. */
  readonly ask?: (question: Question, world: World) => number | undefined;
  /** Stops the run before it ends. */
  readonly stop?: () => boolean;
  /** Asked before each step, with who can step and, on demand, who waits; false stops the run. */
  readonly pause?: (ready: readonly string[], waiting: () => readonly Waiting[]) => boolean;
}

interface Answering {
  readonly choose: Choose;
  readonly decisions: [number, number][];
  readonly asked: () => number;
}

/** Answers by schedule first, then by the asker, then by the scenario's plan; writes down what is not 0. */
const answering = (scenario: Scenario, options: RunOptions, world: World): Answering => {
  const planned = plan(scenario.faults);
  const scheduled = scenario.schedule && new Follower(scenario.schedule);
  const given = new Map(options.decisions);
  const decisions: [number, number][] = [];
  let asked = 0;
  const choose: Choose = (bound, question) => {
    const index = asked++;
    // Both count what they are asked, whoever answers in the end.
    const byPlan = planned(question);
    const bySchedule = scheduled?.answer(question, world) ?? 0;
    const answer = given.get(index) ?? options.ask?.(question, world) ?? (bySchedule || byPlan);
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

const submitAll = (session: Session, tasks: readonly TaskScript[]): void => {
  for (const { id, requests } of tasks) for (const request of requests) session.submit(id, request);
};

/** Boots the scenario's machine, lets what is to be over be over, and opens a session on it, with nothing submitted yet. */
export const openRun = (engine: Engine, scenario: Scenario, options: RunOptions = {}): OpenRun => {
  demandErrnos(engine.model, scenario.faults);
  const start = prepared(scenario);
  const world = boot(engine, wholeScripts(start));
  const answers = answering(scenario, options, world);
  const listen = options.listen ?? (() => {});
  const { kernel, caller, above, hash } = engine.model;
  const names = { kernel, caller: caller.name, ...(above ? { above: above.name } : {}) };
  listen({ type: 'RunStarted', scenario: scenario.name, ...names, model: hash, world: structuredClone(world) });
  const session = new Session({ engine, world, choose: answers.choose, listen, counts: countsIn(scenario) });
  submitAll(session, start.before);
  session.drive(() => options.stop?.() ?? false);
  return { session, answers };
};

const isPaused = (session: Session, { pause }: RunOptions): boolean => {
  const ready = pause ? session.ready() : [];
  return ready.length > 0 && !pause?.(ready, () => session.waiting());
};

/** Runs a scenario to its end. Pure: equal scenario, model and decisions give equal events. */
export const runScenario = (engine: Engine, scenario: Scenario, options: RunOptions = {}): Run => {
  const { session, answers } = openRun(engine, scenario, options);
  submitAll(session, scenario.tasks);
  let stopped = false;
  const stop = (): boolean => {
    stopped = (options.stop?.() ?? false) || isPaused(session, options);
    return stopped;
  };
  session.drive(stop);
  const stuck = stopped ? [] : session.finish();
  return { world: session.world, decisions: answers.decisions, questions: answers.asked(), stuck, stopped };
};
