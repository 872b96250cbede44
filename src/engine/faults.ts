// Faults by plan: turns a scenario's list of faults into answers to the questions of a run.
import type { Question } from '../core/choose.ts';
import { Failure } from '../core/failure.ts';
import type { Fault, Scenario } from '../core/scenario.ts';
import { apiErrnos } from '../kernels/apiErrnos.ts';
import type { Model } from '../kernels/model.ts';

/** `cache_tag_assign` matches `cache_tag_assign:52`. */
const sameSite = (wanted: string, site: string, row: string): boolean =>
  wanted === site || wanted === row || (site.split(':')[0] === wanted.replace(/\(\)$/, '').split(':')[0] && !/:\d/.test(wanted));

const isHit = (count: number, fault: { nth: number; sticky: boolean }): boolean =>
  count === fault.nth || (fault.sticky && count > fault.nth);

/** Kernel APIs fail only with what their records list. */
export const demandErrnos = ({ apis, drivers, rows }: Model, faults: readonly Fault[]): void => {
  if (!faults.some(({ kind }) => kind === 'api')) return;
  const known = apiErrnos(apis.values(), drivers.values(), rows.values());
  for (const fault of faults) {
    if (fault.kind !== 'api') continue;
    const errnos = known.get(fault.api);
    if (!errnos || errnos.includes(fault.errno)) continue;
    throw new Failure('bad-scenario', `expected an errno that ${fault.api} can give (${errnos.join(', ')}), found ${fault.errno}`);
  }
};

type Counter = { seen: number };

/** Once, as fail-nth does: a request of user space may make the call again. */
const nthHit = (fault: Extract<Fault, { kind: 'nth' }>, counter: Counter, question: Extract<Question, { kind: 'allocation' }>): boolean => {
  if (counter.seen > 0 || question.n !== fault.nth || question.task !== fault.task || question.request !== fault.request) return false;
  if (fault.call && fault.call !== question.call) return false;
  counter.seen += 1;
  return true;
};

const allocationHit = (fault: Fault, counter: Counter, question: Extract<Question, { kind: 'allocation' }>): boolean => {
  if (fault.kind === 'nth') return nthHit(fault, counter, question);
  if (fault.kind !== 'site' || !sameSite(fault.site, question.site, question.row)) return false;
  const wanted = ['task', 'request', 'device', 'domain'] as const;
  if (wanted.some((name) => fault[name] !== undefined && fault[name] !== question[name])) return false;
  counter.seen += 1;
  return isHit(counter.seen, fault);
};

const apiAnswer = (fault: Fault, counter: Counter, question: Extract<Question, { kind: 'api' }>): number => {
  if (fault.kind !== 'api' || (fault.api !== question.api && fault.api !== question.row)) return 0;
  if (fault.on !== undefined && fault.on !== question.on) return 0;
  if (fault.request !== undefined && fault.request !== question.request) return 0;
  if (fault.domain !== undefined && fault.domain !== question.domain) return 0;
  counter.seen += 1;
  return isHit(counter.seen, fault) ? question.errnos.indexOf(fault.errno) + 1 : 0;
};

/** Answers allocation and API questions by the scenario's plan; everything else, and what no fault names, is 0. */
export const plan = (faults: readonly Fault[]): ((question: Question) => number) => {
  const counters = faults.map((): Counter => ({ seen: 0 }));
  return (question) => {
    if (question.kind === 'task') return 0;
    let answer = 0;
    faults.forEach((fault, index) => {
      const found =
        question.kind === 'api' ? apiAnswer(fault, counters[index]!, question) : Number(allocationHit(fault, counters[index]!, question));
      answer ||= found;
    });
    return answer;
  };
};

/** Whether a call's allocations are counted: a plan that counts there names its request, and the call or the attaching one. */
export const countsIn = (scenario: Scenario) => {
  const counting = scenario.faults.filter((fault) => fault.kind === 'nth');
  return (task: string, request: number, call: string, attaches: boolean): boolean =>
    counting.some(
      (fault) => fault.task === task && fault.request === request && (fault.call === undefined ? attaches : fault.call === call),
    );
};
