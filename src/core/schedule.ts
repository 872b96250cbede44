// A schedule as its deviations from the default one, in which nothing fails and the task that stepped last goes on while it can. Each
// names its place by task, request and site, so that it can still be found in another version of the model.
import type { Question } from './choose.ts';
import { isPathFrame, type World } from './world.ts';

/** The `nth` time (from 1) within the request. Requests count from 0. */
interface Spot {
  readonly task: string;
  readonly request: number;
  readonly nth: number;
}

export type Deviation =
  /** The allocation fails; `site` is the function that allocates. */
  | (Spot & { readonly kind: 'fails'; readonly site: string })
  /** The kernel API, or the row that asks hardware, gives the errno. */
  | (Spot & { readonly kind: 'gives'; readonly api: string; readonly errno: string })
  /** Where `task` would go on `at` this place, `to` steps instead. */
  | (Spot & { readonly kind: 'switch'; readonly at: string; readonly to: string });

/** `attachGroup.lock`, or the path and row: `intel.attach.3`; `start` between requests. */
export const placeOf = (world: World, task: string): string => {
  const frame = world.tasks[task]!.stack.at(-1);
  if (!frame) return 'start';
  if (!isPathFrame(frame)) return `${frame.workflow}.${frame.state}`;
  return `${frame.workflow}.${frame.row}${frame.refusal === null ? '' : '.undo'}`;
};

/** `domain_attach_iommu:1506` is `domain_attach_iommu`. */
export const functionOf = (site: string): string => site.replace(/[:(].*$/, '');

/** The spot of a question without its count; null where none can deviate. */
const spotOf = (question: Question, world: World): string | null => {
  if (question.kind === 'task') {
    const task = question.options[0]!;
    return ['switch', task, world.tasks[task]!.request, placeOf(world, task)].join(' ');
  }
  const site = question.kind === 'allocation' ? functionOf(question.site) : question.api;
  return [question.kind === 'allocation' ? 'fails' : 'gives', question.task, question.request, site].join(' ');
};

const spotText = (deviation: Deviation): string => {
  const site = deviation.kind === 'fails' ? deviation.site : deviation.kind === 'gives' ? deviation.api : deviation.at;
  return [deviation.kind, deviation.task, deviation.request, site].join(' ');
};

/** Counts how often each spot was asked about. */
export class Spots {
  readonly #counts = new Map<string, number>();

  next(question: Question, world: World): { readonly spot: string; readonly nth: number } {
    const spot = spotOf(question, world)!;
    const nth = (this.#counts.get(spot) ?? 0) + 1;
    this.#counts.set(spot, nth);
    return { spot, nth };
  }
}

/** Answers a run's questions by a schedule; what it does not name is 0. */
export class Follower {
  readonly #spots = new Spots();
  readonly #left = new Map<string, Deviation>();

  constructor(schedule: readonly Deviation[]) {
    for (const deviation of schedule) this.#left.set(`${spotText(deviation)} ${deviation.nth}`, deviation);
  }

  /** Deviations whose place did not come, or whose answer was not to be had there. */
  get unmet(): readonly Deviation[] {
    return [...this.#left.values()];
  }

  answer(question: Question, world: World): number {
    const { spot, nth } = this.#spots.next(question, world);
    const key = `${spot} ${nth}`;
    const deviation = this.#left.get(key);
    if (!deviation) return 0;
    const answer = answerOf(deviation, question);
    if (answer <= 0) return 0;
    this.#left.delete(key);
    return answer;
  }
}

const answerOf = (deviation: Deviation, question: Question): number => {
  if (deviation.kind === 'fails') return 1;
  if (deviation.kind === 'gives') return question.kind === 'api' ? question.errnos.indexOf(deviation.errno) + 1 : 0;
  return question.kind === 'task' ? question.options.indexOf(deviation.to) : 0;
};

/** The deviation that an answer is; null for the default one. */
export const deviationOf = (question: Question, answer: number, nth: number, world: World): Deviation | null => {
  if (answer === 0) return null;
  if (question.kind === 'task') {
    const task = question.options[0]!;
    const { request } = world.tasks[task]!;
    return { kind: 'switch', task, request, nth, at: placeOf(world, task), to: question.options[answer]! };
  }
  const { task, request } = question;
  if (question.kind === 'allocation') return { kind: 'fails', task, request, nth, site: functionOf(question.site) };
  return { kind: 'gives', task, request, nth, api: question.api, errno: question.errnos[answer - 1]! };
};
